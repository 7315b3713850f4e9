"""Objects in memory, for tests and trials: the same behaviour, gone with the process."""

import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import BinaryIO

from archive.model.digest import Digest
from archive.objects import refusals
from archive.objects.store import Listed, Stat, Stored, require_key


class MemoryStore:
    """See ``ObjectStore``."""

    retention_enforced_by = "application"

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}
        self._locks: dict[str, date] = {}
        self._held: set[str] = set()
        self._stored_at: dict[str, datetime] = {}
        self._guard = threading.Lock()

    def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
        require_key(key)
        content = b"".join(chunks)
        with self._guard:
            created = key not in self._objects
            if self._objects.setdefault(key, content) != content:
                raise refusals.holds_other_bytes(key)
            self._stored_at.setdefault(key, datetime.now(UTC))
        if until is not None:
            self.lock_until(key, until)
        return Stored(key, Digest.of(content), len(content), created)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self._content(key))

    def stat(self, key: str) -> Stat:
        return Stat(key, len(self._content(key)), self._locks.get(key), key in self._held)

    def list(self, prefix: str = "") -> Iterator[Listed]:
        with self._guard:
            listed = sorted((key, content, self._stored_at[key]) for key, content in self._objects.items())
        for key, content, stored_at in listed:
            if key.startswith(prefix):
                yield Listed(key, len(content), stored_at)

    def lock_until(self, key: str, day: date) -> None:
        with self._guard:
            self._content(key)
            self._locks[key] = max(day, self._locks.get(key, day))

    def hold(self, key: str) -> None:
        with self._guard:
            self._content(key)
            self._held.add(key)

    def release(self, key: str) -> None:
        with self._guard:
            self._content(key)
            self._held.discard(key)

    def restore(self, key: str, chunks: Iterable[bytes], digest: Digest) -> None:
        require_key(key)
        content = b"".join(chunks)
        if Digest.of(content) != digest:
            raise refusals.not_the_bytes_of(key, digest)
        with self._guard:
            self._objects[key] = content
            self._stored_at[key] = datetime.now(UTC)

    def delete(self, key: str, today: date) -> None:
        with self._guard:
            self._content(key)
            until = self._locks.get(key)
            if until is not None and today < until:
                raise refusals.locked(key, until)
            if key in self._held:
                raise refusals.on_hold(key)
            del self._objects[key]
            self._locks.pop(key, None)
            del self._stored_at[key]

    def clear_unfinished(self) -> int:
        return 0

    def _content(self, key: str) -> bytes:
        require_key(key)
        try:
            return self._objects[key]
        except KeyError as error:
            raise refusals.not_found(key) from error
