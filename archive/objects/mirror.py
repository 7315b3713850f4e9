"""Every object in a second store as well: copied behind the writer, looked up where the first one fails.

What still has to be copied is written down nowhere: it is whatever the first store lists and the second does not.
No crash, restart or outage can lose such a list.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from queue import SimpleQueue
from typing import BinaryIO

import structlog

from archive.errors import ArchiveError, ConflictError, IntegrityError, NotFoundError, StoreUnavailableError
from archive.model.digest import Digest
from archive.objects.store import Listed, ObjectStore, Stat, Stored, is_key

RETRY_SECONDS = 60.0
_CHUNK = 1 << 20
_log = structlog.get_logger()


class Copy(StrEnum):
    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Lag:
    """What the second store lacks: how many objects, and since when the oldest of them waits."""

    waiting: int
    oldest: datetime | None


class MirrorStore:
    """See ``ObjectStore``. The first store answers; an object is acknowledged when it is durable there.

    ``stat`` and ``list`` speak of the first store only, so that a check sees what it has lost; ``open`` falls back to
    the second one with a warning in the log.
    """

    def __init__(self, first: ObjectStore, second: ObjectStore, retry_seconds: float = RETRY_SECONDS) -> None:
        self.first = first
        self.second = second
        self._retry_seconds = retry_seconds
        self._news = SimpleQueue[str]()
        self._copying = threading.Lock()
        self._stopped = threading.Event()

    @property
    def retention_enforced_by(self) -> str:
        return self.first.retention_enforced_by

    def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
        stored = self.first.put(key, chunks, until)
        self._news.put(key)
        return stored

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        with ExitStack() as opened:
            try:
                file = opened.enter_context(self.first.open(key))
            except (NotFoundError, StoreUnavailableError) as error:
                try:
                    file = opened.enter_context(self.second.open(key))
                except (NotFoundError, StoreUnavailableError) as again:
                    raise error from again
                _log.warning("read from the mirror", key=key, reason=error.code)
            yield file

    def stat(self, key: str) -> Stat:
        return self.first.stat(key)

    def list(self, prefix: str = "") -> Iterator[Listed]:
        return self.first.list(prefix)

    def lock_until(self, key: str, day: date) -> None:
        self.first.lock_until(key, day)
        self._news.put(key)

    def hold(self, key: str) -> None:
        self.first.hold(key)
        self._news.put(key)

    def release(self, key: str) -> None:
        self.first.release(key)
        self._news.put(key)

    def restore(self, key: str, chunks: Iterable[bytes], digest: Digest) -> None:
        self.first.restore(key, chunks, digest)

    def delete(self, key: str, today: date) -> None:
        """From the second store first: where that does not answer, nothing is deleted, and nothing is left behind."""
        with self._copying:
            self.first.stat(key)
            with suppress(NotFoundError):
                self.second.delete(key, today)
            self.first.delete(key, today)

    def clear_unfinished(self) -> int:
        return self.first.clear_unfinished() + self.second.clear_unfinished()

    def lag(self) -> Lag:
        """Compares the two listings; some seconds for a hundred thousand objects."""
        waiting = [listed.stored_at for listed in self._lacking()]
        return Lag(len(waiting), min(waiting, default=None))

    def catch_up(self, *, thorough: bool = False) -> int:
        """Copies whatever the second store lacks; returns how many objects that were.

        ``thorough`` also compares locks and holds of every object, which asks both stores about each. Raises
        StoreUnavailableError where a store does not answer; what was copied by then stays.
        """
        copied = 0
        for listed in self.first.list() if thorough else self._lacking():
            if is_key(listed.key):
                copied += self._copy(listed.key)
        return copied

    def follow(self) -> None:
        """Starts to copy in the background what is put from now on, after all that is waiting. May end with the
        process at any moment: what is not copied by then is copied after the next start."""
        threading.Thread(target=self._follow, name="mirror", daemon=True).start()

    def stop(self) -> None:
        """Ends what ``follow`` began, after the object that is being copied."""
        self._stopped.set()
        self._news.put("")

    def repair(self, key: str, digest: Digest) -> Copy | None:
        """Replaces the copy that is altered or missing by the other one; None where both are as they should be.

        Raises IntegrityError where neither holds the bytes of the digest, StoreUnavailableError where one does not
        answer.
        """
        with self._copying:
            return self._repair(key, digest)

    def _repair(self, key: str, digest: Digest) -> Copy | None:
        first, second = (_holds(store, key, digest) for store in (self.first, self.second))
        if first and second:
            return None
        if not first and not second:
            raise IntegrityError(
                f"对象 {key}（{digest}）的两份副本均已丢失或被改动，无法修复；请从备份恢复。",
                f"Both copies of the object {key} ({digest}) are lost or altered; restore it from a backup.",
            )
        if first:
            _restore(key, digest, self.first, self.second)
            return Copy.SECOND
        _restore(key, digest, self.second, self.first)
        return Copy.FIRST

    def _follow(self) -> None:
        behind, key = True, None
        while not self._stopped.is_set():
            try:
                if behind:
                    self.catch_up()
                    behind = False
                key = key or self._news.get()
                if key:
                    self._copy(key)
                key = None
            except ArchiveError as error:
                behind = True
                _log.warning("mirror does not keep up", reason=error.code, detail=str(error))
                self._stopped.wait(self._retry_seconds)

    def _copy(self, key: str) -> bool:
        """Makes the second store hold what the first one does. False where it did, or where nothing can be done."""
        with self._copying:
            try:
                kept = self.first.stat(key)
                there = _stat(self.second, key)
                if there is None or there.size != kept.size:
                    with self.first.open(key) as file:
                        self.second.put(key, _chunks(file), kept.locked_until)
                return _protect(self.second, key, kept) or there is None
            except NotFoundError:
                return False  # disposed of in the meantime
            except ConflictError:
                _log.error("the mirror holds other bytes", key=key)
                return False

    def _lacking(self) -> Iterator[Listed]:
        second = iter(self.second.list())
        there = next(second, None)
        for listed in self.first.list():
            if not is_key(listed.key):
                continue
            while there and there.key < listed.key:
                there = next(second, None)
            if there is None or (there.key, there.size) != (listed.key, listed.size):
                yield listed


def _stat(store: ObjectStore, key: str) -> Stat | None:
    try:
        return store.stat(key)
    except NotFoundError:
        return None


def _protect(store: ObjectStore, key: str, wanted: Stat) -> bool:
    """Locks and holds an object as another copy is; False where it was so already."""
    there = store.stat(key)
    longer = wanted.locked_until is not None and (
        there.locked_until is None or there.locked_until < wanted.locked_until
    )
    if longer and wanted.locked_until:
        store.lock_until(key, wanted.locked_until)
    if wanted.on_hold != there.on_hold:
        (store.hold if wanted.on_hold else store.release)(key)
    return longer or wanted.on_hold != there.on_hold


def _holds(store: ObjectStore, key: str, digest: Digest) -> bool:
    try:
        with store.open(key) as file:
            return Digest.of_chunks(_chunks(file))[0] == digest
    except NotFoundError:
        return False


def _restore(key: str, digest: Digest, source: ObjectStore, target: ObjectStore) -> None:
    """The copy is protected as the better protected of the two was: the source may not have heard yet of a longer
    lock or a hold."""
    before = _stat(target, key)
    with source.open(key) as file:
        target.restore(key, _chunks(file), digest)
    kept = source.stat(key)
    _protect(target, key, _stronger(kept, before) if before else kept)


def _stronger(one: Stat, other: Stat) -> Stat:
    days = [day for day in (one.locked_until, other.locked_until) if day]
    return replace(one, locked_until=max(days, default=None), on_hold=one.on_hold or other.on_hold)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")
