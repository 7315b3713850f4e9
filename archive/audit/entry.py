"""An entry of the audit log: who did what to which subject, with the hash that makes it a leaf of a Merkle tree."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from archive.audit.merkle import leaf_hash

Details = Mapping[str, str | int | None]

_ACT = re.compile(r"[a-z]+(-[a-z]+)*")


class Act(StrEnum):
    """The archive's own acts. Other packages note theirs in the same form: lower-case words joined by hyphens."""

    RECORD_DEPOSITED = "record-deposited"
    RENDITION_JOINED = "rendition-joined"
    RETENTION_EXTENDED = "retention-extended"
    HOLD_PLACED = "hold-placed"
    HOLD_RELEASED = "hold-released"


@dataclass(frozen=True, slots=True)
class Entry:
    """``sequence`` counts from 1 without gaps. ``at`` is aware. ``leaf_hash`` is as stored: 64 hex digits."""

    sequence: int
    at: datetime
    actor: str
    act: str
    subject: str
    details: Details
    leaf_hash: str

    @property
    def leaf(self) -> bytes:
        """What is hashed: the entry as one line of canonical JSON."""
        return canonical_json(
            {
                "sequence": self.sequence,
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": self.actor,
                "act": str(self.act),
                "subject": self.subject,
                "details": dict(self.details),
            }
        )

    @property
    def is_whole(self) -> bool:
        """Whether the entry still is what was hashed."""
        try:
            return self.leaf_hash == leaf_hash(self.leaf).hex()
        except (ValueError, RecursionError):  # details that no entry was ever made of
            return False


def entry(sequence: int, at: datetime, actor: str, act: str, subject: str, details: Details) -> Entry:
    """A new entry with its hash. Raises ValueError for a naive time or an act out of form."""
    if at.tzinfo is None:
        raise ValueError("an audit entry needs an aware time")
    if not _ACT.fullmatch(act):
        raise ValueError(f"not an act: {act[:80]!r}")
    made = Entry(sequence, at.astimezone(UTC), actor, str(act), subject, dict(details), "")
    return replace(made, leaf_hash=leaf_hash(made.leaf).hex())


def canonical_json(value: object) -> bytes:
    """One spelling for one value: sorted keys, no spaces, UTF-8. Only text, whole numbers, null and objects of these
    occur, for which this is the canonical form of RFC 8785."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
