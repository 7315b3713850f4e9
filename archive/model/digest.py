"""Digests: the names of bytes. The algorithm always travels with the value, so that a later change cannot cry wolf."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """``sha256:<64 hex>``. Equal digests mean equal bytes."""

    text: str

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.text):
            raise ValueError(f"not a digest: {self.text[:80]!r}")

    def __str__(self) -> str:
        return self.text

    @property
    def hex(self) -> str:
        return self.text.removeprefix("sha256:")

    @classmethod
    def of(cls, data: bytes) -> "Digest":
        return cls("sha256:" + hashlib.sha256(data).hexdigest())

    @classmethod
    def of_chunks(cls, chunks: Iterable[bytes]) -> tuple["Digest", int]:
        """The digest and the size in bytes of a stream."""
        running, size = hashlib.sha256(), 0
        for chunk in chunks:
            running.update(chunk)
            size += len(chunk)
        return cls("sha256:" + running.hexdigest()), size
