"""Objects in memory, for tests and trials: the same behaviour, gone with the process."""

import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import BinaryIO

from archive.model.digest import Digest
from archive.objects import refusals
from archive.objects.store import Stat, Stored, require_key


class MemoryStore:
    """See ``ObjectStore``."""

    retention_enforced_by = "application"

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}
        self._locks: dict[str, date] = {}
        self._guard = threading.Lock()

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        require_key(key)
        content = b"".join(chunks)
        with self._guard:
            created = key not in self._objects
            if self._objects.setdefault(key, content) != content:
                raise refusals.holds_other_bytes(key)
        return Stored(key, Digest.of(content), len(content), created)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self._content(key))

    def stat(self, key: str) -> Stat:
        return Stat(key, len(self._content(key)), self._locks.get(key))

    def list(self, prefix: str = "") -> Iterator[Stat]:
        for key in sorted(self._objects):
            if key.startswith(prefix):
                yield self.stat(key)

    def lock_until(self, key: str, day: date) -> None:
        with self._guard:
            self._content(key)
            self._locks[key] = max(day, self._locks.get(key, day))

    def delete(self, key: str, today: date) -> None:
        with self._guard:
            self._content(key)
            until = self._locks.get(key)
            if until is not None and today < until:
                raise refusals.locked(key, until)
            del self._objects[key]
            self._locks.pop(key, None)

    def _content(self, key: str) -> bytes:
        require_key(key)
        try:
            return self._objects[key]
        except KeyError as error:
            raise refusals.not_found(key) from error
