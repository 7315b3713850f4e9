"""What the vault holds of the audit log, and under which names. The numbers have twelve digits: the order of the keys
is the order of the log."""

import re
from typing import NamedTuple

ENTRIES = "audit/entries/"
CHECKPOINTS = "audit/checkpoints/"
TIMESTAMPS = "audit/timestamps/"

_BATCH = re.compile(ENTRIES + r"(\d{12})-(\d{12})\.jsonl")
_CHECKPOINT = re.compile(CHECKPOINTS + r"(\d{12})")
_TIMESTAMP = re.compile(TIMESTAMPS + r"(\d{12})\.tsr")


class Batch(NamedTuple):
    """The entries of one object, by their numbers, both included."""

    first: int
    last: int

    @property
    def key(self) -> str:
        return f"{beginning(self.first)}{self.last:012d}.jsonl"


def beginning(first: int) -> str:
    """How the key of any batch begins that starts with an entry."""
    return f"{ENTRIES}{first:012d}-"


def checkpoint_key(size: int) -> str:
    return f"{CHECKPOINTS}{size:012d}"


def timestamp_key(size: int) -> str:
    return f"{TIMESTAMPS}{size:012d}.tsr"


def batch_of(key: str) -> Batch | None:
    """None for the key of anything else."""
    found = _BATCH.fullmatch(key)
    return Batch(int(found[1]), int(found[2])) if found else None


def checkpoint_size_of(key: str) -> int | None:
    found = _CHECKPOINT.fullmatch(key)
    return int(found[1]) if found else None


def timestamp_size_of(key: str) -> int | None:
    found = _TIMESTAMP.fullmatch(key)
    return int(found[1]) if found else None


def is_foreign(key: str) -> bool:
    """Whether a key in the audit area is none of the log's."""
    return batch_of(key) is None and checkpoint_size_of(key) is None and timestamp_size_of(key) is None
