"""Objects as files of a folder. Retention is enforced by this program only: who owns the disk can delete.

Layout below the root: ``<key>`` the object, mode 0444; ``.locks/<key>`` the dates until which it is locked, one a line,
the latest counts, and ``held`` or ``free``, the last of which says whether it is on hold; ``.unfinished/`` writes under
way, which are not objects.
"""

import builtins
import errno
import fcntl
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from io import FileIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from archive.errors import StoreUnavailableError
from archive.model.digest import Digest
from archive.objects import refusals
from archive.objects.store import Listed, Stat, Stored, require_key

_LOCKED_UNTIL = re.compile(r"\d{4}-\d\d-\d\d")
_HELD, _FREE = "held", "free"
_CHUNK = 1 << 20
_MOST_REMEMBERED = 10_000
_FLUSHING_THREADS = 16
_FULL = {errno.ENOSPC, errno.EDQUOT}


class FilesystemStore:
    """See ``ObjectStore``. No object may be named like a folder of another one."""

    retention_enforced_by = "application"

    def __init__(self, root: Path) -> None:
        """Makes the folder, for the owner's eyes only, where there is none."""
        self._root = root
        self._locks = root / ".locks"
        self._unfinished = root / ".unfinished"
        self._durable: set[Path] = set()
        for folder in (root, self._locks, self._unfinished):
            make_folder(folder)

    def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
        require_key(key)
        with self._temporary() as file:
            digest, size = Digest.of_chunks(_written(key, file, chunks))
            with _trouble(key):
                self._finish(key, file, (digest, size))
                written = Path(str(file.name))
                created = not (self._root / key).exists() and self._place(written, key, until)
                if not created:
                    if self._digest(key) != (digest, size):
                        raise refusals.holds_other_bytes(key)
                    # Whoever linked it may have died before it was locked or made to last.
                    self._place(written, key, until)
        return Stored(key, digest, size, created)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        require_key(key)
        with _trouble(key):
            file = (self._root / key).open("rb")
        with file:
            yield file

    def stat(self, key: str) -> Stat:
        require_key(key)
        with _trouble(key):
            found = (self._root / key).lstat()
            if not stat.S_ISREG(found.st_mode):
                raise refusals.not_found(key)
            return Stat(key, found.st_size, *self._protection(key))

    def list(self, prefix: str = "") -> Iterator[Listed]:
        with _trouble(prefix or str(self._root)):
            yield from _files(self._root, "", prefix)

    def lock_until(self, key: str, day: date) -> None:
        """A date is added to the lock's file, never replaced, so that no race between processes can shorten a lock."""
        locked_until = self.stat(key).locked_until
        if locked_until is None or locked_until < day:
            self._note(key, day.isoformat())

    def hold(self, key: str) -> None:
        if not self.stat(key).on_hold:
            self._note(key, _HELD)

    def release(self, key: str) -> None:
        if self.stat(key).on_hold:
            self._note(key, _FREE)

    def restore(self, key: str, chunks: Iterable[bytes], digest: Digest) -> None:
        """The lock's file is not touched: lock and hold stay."""
        require_key(key)
        target = self._root / key
        with self._temporary() as file:
            written = Digest.of_chunks(_written(key, file, chunks))
            if written[0] != digest:
                raise refusals.not_the_bytes_of(key, digest)
            with _trouble(key):
                self._finish(key, file, written)
                with self._lasting() as unsynced:
                    self._make_folder(target.parent, unsynced)
                    Path(str(file.name)).replace(target)
                    unsynced.append(target.parent)

    def delete(self, key: str, today: date) -> None:
        found = self.stat(key)
        if found.locked_until is not None and today < found.locked_until:
            raise refusals.locked(key, found.locked_until)
        if found.on_hold:
            raise refusals.on_hold(key)
        with _trouble(key):
            (self._root / key).unlink()
            _sync([(self._root / key).parent])
            (self._locks / key).unlink(missing_ok=True)

    def clear_unfinished(self) -> int:
        """Remove what crashed writers left behind; writers that still live keep theirs. For start-up."""
        cleared = 0
        with _trouble(str(self._unfinished)):
            for path in self._unfinished.iterdir():
                with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
                    cleared += 1
        return cleared

    @contextmanager
    def _temporary(self) -> Iterator[FileIO]:
        """A file of this store's file system that vanishes with the block; locked, so that it is seen to be in use."""
        path = self._unfinished / uuid4().hex
        with _trouble(path.name):
            # Unbuffered: closing must not try to write again what the full disk has just refused.
            file = path.open("xb", buffering=0)
        try:
            with file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file
        finally:
            path.unlink(missing_ok=True)

    def _finish(self, key: str, file: FileIO, written: tuple[Digest, int]) -> None:
        _make_durable(file)
        if _digest_of(Path(str(file.name))) != written:
            raise refusals.came_back_altered(key)

    def _digest(self, key: str) -> tuple[Digest, int]:
        with _trouble(key):
            return _digest_of(self._root / key)

    def _protection(self, key: str) -> tuple[date | None, bool]:
        """Until when an object is locked, and whether it is on hold."""
        try:
            lines = (self._locks / key).read_text("ascii", errors="replace").split()
        except (FileNotFoundError, NotADirectoryError):
            return None, False
        until = max((day for line in lines if (day := _day(line))), default=None)
        holds = [line for line in lines if line in (_HELD, _FREE)]
        return until, holds[-1:] == [_HELD]

    def _place(self, written: Path, key: str, until: date | None) -> bool:
        """Links what was written under its key, with its lock; False where an object is there already."""
        target = self._root / key
        with self._lasting() as unsynced:
            self._make_folder(target.parent, unsynced)
            if until is not None:
                # Before the link: no object is ever there without its lock.
                self._add_line(key, until.isoformat(), unsynced)
            unsynced.append(target.parent)
            return _link(written, target)

    def _note(self, key: str, word: str) -> None:
        with _trouble(key), self._lasting() as unsynced:
            self._add_line(key, word, unsynced)

    def _add_line(self, key: str, word: str, unsynced: builtins.list[Path]) -> None:
        path = self._locks / key
        self._make_folder(path.parent, unsynced)
        # The line starts with its own line break: a line that a crash cut short cannot swallow the next one.
        _append(path, f"\n{word}\n".encode("ascii"))
        unsynced += (path, path.parent)

    def _make_folder(self, folder: Path, unsynced: builtins.list[Path]) -> None:
        _make_folder(folder)
        # Also where it was there: whoever made it may not have come to making its entry last.
        while folder != self._root and folder not in self._durable:
            folder = folder.parent
            unsynced.append(folder)

    @contextmanager
    def _lasting(self) -> Iterator[builtins.list[Path]]:
        """Collects the files and folders that a change consists of, and makes them last together at its end."""
        unsynced: builtins.list[Path] = []
        yield unsynced
        _sync(unsynced)
        if len(self._durable) < _MOST_REMEMBERED:
            self._durable.update(path for path in unsynced if path.is_dir())


def make_folder(folder: Path) -> None:
    """With its parents, for the owner's eyes only, durable. Raises StoreUnavailableError."""
    with _trouble(str(folder)):
        _make_folder(folder)
        _sync([folder.parent])


@contextmanager
def _trouble(key: str) -> Iterator[None]:
    """Errors of the operating system, in the words of the port."""
    try:
        yield
    except FileNotFoundError as error:
        raise refusals.not_found(key) from error
    except OSError as error:
        full = error.errno in _FULL
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise StoreUnavailableError(
            f"存储已满，{key} 未能写入；请腾出磁盘空间后重试。"
            if full
            else f"存储无法访问（{key}：{reason}）；请稍后重试。",
            f"The store is full and {key} was not written; free disk space and try again."
            if full
            else f"The store does not answer ({key}: {reason}); try again later.",
        ) from error


def _written(key: str, file: FileIO, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Passes the chunks on as they are written. What the sender of the chunks raises is not the store's trouble."""
    for chunk in chunks:
        with _trouble(key):
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]
        yield chunk


def _make_durable(file: FileIO) -> None:
    os.fchmod(file.fileno(), 0o444)
    os.fsync(file.fileno())
    if sys.platform == "linux":
        # Drop the cached pages, so that reading back asks the disk and not the memory that was just written from.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _digest_of(path: Path) -> tuple[Digest, int]:
    running, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            running.update(chunk)
            size += len(chunk)
    return Digest(f"sha256:{running.hexdigest()}"), size


def _link(source: Path, target: Path) -> bool:
    """False where the target is there already; it is never overwritten."""
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    return True


def _day(line: str) -> date | None:
    """The date in a line of a lock's file; None for a line that a crash or a bad disk has left."""
    try:
        return date.fromisoformat(line) if _LOCKED_UNTIL.fullmatch(line) else None
    except ValueError:
        return None


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.write(descriptor, line) != len(line):  # a disk that is almost full takes a part
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)


def _make_folder(folder: Path) -> None:
    """With its parents, for the owner's eyes only."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _sync(paths: Iterable[Path]) -> None:
    """At the same time: a disk that is asked to flush by several threads flushes once for all of them."""
    unsynced = tuple(dict.fromkeys(paths))
    try:
        flushed = [_flushing.submit(_sync_one, path) for path in unsynced]
    except RuntimeError:  # the interpreter is ending and takes no more work for threads; what is under way still counts
        for path in unsynced:
            _sync_one(path)
        return
    for one in flushed:
        one.result()


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_flushing = ThreadPoolExecutor(_FLUSHING_THREADS, "flush")


def _new_threads() -> None:
    """For a child process: threads do not come along into it."""
    global _flushing
    _flushing = ThreadPoolExecutor(_FLUSHING_THREADS, "flush")


os.register_at_fork(after_in_child=_new_threads)


def _files(folder: Path, above: str, prefix: str) -> Iterator[Listed]:
    """What lies below a prefix in the order of the keys, for which a folder's name ends with its slash.

    Whatever lies there is listed, also under names that are no keys: a check must see what does not belong.
    """
    with os.scandir(folder) as entries:
        named = sorted(
            (above + _name(entry) + ("/" if entry.is_dir(follow_symlinks=False) else ""), entry.path)
            for entry in entries
            if above or not entry.name.startswith(".")
        )
    for key, path in named:
        if key.endswith("/") and (key.startswith(prefix) or prefix.startswith(key)):
            yield from _files(Path(path), key, prefix)
        elif key.startswith(prefix) and not key.endswith("/"):
            # lstat: a symbolic link is not an object of ours, and its target is none of our business
            with suppress(FileNotFoundError):
                found = os.lstat(path)
                yield Listed(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _name(entry: os.DirEntry[str]) -> str:
    """The name as text that can be stored and shown, also where it is no UTF-8."""
    return os.fsencode(entry.name).decode("utf-8", "backslashreplace")
