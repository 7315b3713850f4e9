"""Proofs for outsiders: the entries about a record, with what leads from each to a signed head. ``archive/FORMAT.md``
explains the format; ``verify_proof.py`` checks it with nothing but Python."""

from typing import Any

from sqlalchemy import Connection

from archive.audit import anchor, anchored, checkpoint, log, merkle
from archive.audit.note import Verifier
from archive.errors import NotFoundError
from archive.objects.store import ObjectStore

FORMAT = "piaoku-proof/1"
Json = dict[str, Any]


def prove(connection: Connection, vault: ObjectStore, subject: str, verifiers: tuple[Verifier, ...]) -> Json:
    """All anchored entries about a subject (for a record: its id). Raises NotFoundError where there is none,
    IntegrityError where the stored tree is damaged."""
    with vault.open(anchored.checkpoint_key(anchor.anchored_size(connection))) as file:
        signed = file.read().decode()
    head = checkpoint.opened(signed, verifiers)
    entries = [entry for entry in log.entries_of(connection, subject) if entry.sequence <= head.size]
    if not entries:
        raise NotFoundError(
            f"审计日志中没有关于 {subject} 的条目；请检查编号。",
            f"The audit log has no entry about {subject}; look at its number again.",
        )
    return {
        "format": FORMAT,
        "subject": subject,
        "key": str(next(key for key in verifiers if key.name == head.origin)),
        "checkpoint": signed,
        "entries": [
            {"entry": entry.leaf.decode(), "proof": _inclusion(connection, entry.sequence, head.size)}
            for entry in entries
        ],
    }


def _inclusion(connection: Connection, number: int, size: int) -> list[str]:
    proof = merkle.inclusion_proof(number - 1, size, lambda nodes: log.hashes(connection, nodes))
    return [hashed.hex() for hashed in proof]
