"""Checkpoints (https://c2sp.org/tlog-checkpoint): the log's name, its size and its head, signed as a note."""

import base64
import binascii
import re
from dataclasses import dataclass

from archive.audit import note
from archive.audit.note import Signer, Verifier

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``root`` is the head of the tree over the first ``size`` entries; ``origin`` names the log, as its key does."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


def signed(size: int, root: bytes, signer: Signer) -> str:
    return signer.sign(str(Checkpoint(signer.name, size, root)))


def opened(text: str, verifiers: tuple[Verifier, ...]) -> Checkpoint:
    """Raises ValueError for what is no checkpoint, or one that none of the keys signed, or in another log's name."""
    checkpoint = parsed(note.opened(text, verifiers))
    if checkpoint.origin not in {verifier.name for verifier in verifiers}:
        raise ValueError(f"the head of another log: {checkpoint.origin[:80]!r}")
    return checkpoint


def parsed(text: str) -> Checkpoint:
    """A checkpoint's text without its signatures; further lines after the third may follow. Raises ValueError."""
    origin, size, root, *_ = [*text.split("\n"), "", ""]
    try:
        hashed = base64.b64decode(root, validate=True)
    except binascii.Error as error:
        raise ValueError("the head is not base64") from error
    if not origin or not _SIZE.fullmatch(size) or len(hashed) != 32:
        raise ValueError("not a checkpoint")
    return Checkpoint(origin, int(size), hashed)
