"""The port of object stores. All implementations pass ``tests/conformance``."""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Protocol

from archive.model.digest import Digest

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_LONGEST_KEY = 250


def is_key(key: str) -> bool:
    """Whether ``put`` would take it; what others laid into a store may have any name."""
    return len(key) <= _LONGEST_KEY and _KEY.fullmatch(key) is not None


def require_key(key: str) -> None:
    """Raises ValueError for what is not a key: keys are made by us, so another one is a fault of the program.

    A segment starts with a letter or digit, so no key climbs out of the store (``..``) or names what a store keeps for
    itself (``.locks``). 250 characters fit into every file system and bucket.
    """
    if not is_key(key):
        raise ValueError(f"not an object key: {key[:80]!r}")


@dataclass(frozen=True, slots=True)
class Stat:
    """What a store knows of an object. ``locked_until`` is the first date on which deletion is possible again.

    ``version`` names the object's bytes in stores that keep several generations under a key, None elsewhere.
    ``hidden``: somebody put a delete marker over the object. Its bytes are there and found, but other programs
    see none.
    """

    key: str
    size: int
    locked_until: date | None
    on_hold: bool = False
    version: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """An object in a listing. ``stored_at`` is when this store got it."""

    key: str
    size: int
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """The receipt of ``put``: the digest is of the bytes read back after they were made durable."""

    key: str
    digest: Digest
    size: int
    created: bool


class ObjectStore(Protocol):
    """Objects are written once. Keys are made by us: ``[a-z0-9][a-z0-9._-]*`` segments joined by ``/``.

    Raises ``NotFoundError`` for an unknown key, ``ConflictError`` where the key holds other bytes, ``RetentionError``
    where a lock forbids or cannot be had, ``IntegrityError`` where the bytes read back are not those that came in,
    ``StoreUnavailableError`` where the store cannot be reached or is full, and ValueError for what is no key.
    """

    @property
    def retention_enforced_by(self) -> str:
        """Who refuses early deletion: ``application`` (this program only) or ``object-lock`` (the store itself)."""
        ...

    def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
        """Store durably, read back and hash. Putting the same bytes again is no error (``created`` is False).

        With ``until`` the object is locked when this returns, as by ``lock_until``, but in one step with the bytes.
        """
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """The object's bytes, as a stream."""
        ...

    def stat(self, key: str) -> Stat: ...

    def list(self, prefix: str = "") -> Iterator[Listed]:
        """All objects below a prefix, in the order of their keys. Unfinished writes are not objects."""
        ...

    def lock_until(self, key: str, day: date) -> None:
        """Forbid deletion before ``day``. A lock is extended, never shortened; an earlier day changes nothing."""
        ...

    def hold(self, key: str) -> None:
        """Forbid deletion whatever the day, until ``release``. What is held already stays held."""
        ...

    def release(self, key: str) -> None:
        """End a hold; the lock stays."""
        ...

    def restore(self, key: str, chunks: Iterable[bytes], digest: Digest) -> None:
        """For repair only: put the true bytes where altered ones or none lie. Locks and holds stay or are lost with
        the bytes; set them again. Raises IntegrityError where the chunks are not those of the digest."""
        ...

    def delete(self, key: str, today: date) -> None:
        """Remove an object whose lock has ended by ``today`` and that nobody holds."""
        ...

    def clear_unfinished(self) -> int:
        """Remove what crashed writers left behind, for start-up; returns how much. Living writers keep theirs."""
        ...
