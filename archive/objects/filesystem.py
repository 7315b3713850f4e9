"""Objects as files of a folder. Retention is enforced by this program only: who owns the disk can delete.

Layout below the root: ``<key>`` the object, mode 0444; ``.locks/<key>`` the dates until which it is locked, one a line,
the latest counts; ``.unfinished/`` writes under way, which are not objects.
"""

import errno
import fcntl
import hashlib
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from io import FileIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from archive.errors import StoreUnavailableError
from archive.model.digest import Digest
from archive.objects import refusals
from archive.objects.store import Stat, Stored, require_key

_LOCKED_UNTIL = re.compile(r"\d{4}-\d\d-\d\d")
_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT}


class FilesystemStore:
    """See ``ObjectStore``. No object may be named like a folder of another one."""

    retention_enforced_by = "application"

    def __init__(self, root: Path) -> None:
        """Makes the folder, for the owner's eyes only, where there is none."""
        self._root = root
        self._locks = root / ".locks"
        self._unfinished = root / ".unfinished"
        with _trouble(str(root)):
            for folder in (root, self._locks, self._unfinished):
                _make_durable_folder(folder)

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        require_key(key)
        target = self._root / key
        with self._temporary() as file:
            digest, size = Digest.of_chunks(_written(key, file, chunks))
            with _trouble(key):
                _finish(file)
                if _digest_of(Path(str(file.name))) != (digest, size):
                    raise refusals.came_back_altered(key)
                _make_durable_folder(target.parent)
                created = _link(Path(str(file.name)), target)
                # Also where the object was there already: whoever linked it may have died before this line.
                _sync_folder(target.parent)
        if not created and self._digest(key) != (digest, size):
            raise refusals.holds_other_bytes(key)
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
            return Stat(key, found.st_size, self._locked_until(key))

    def list(self, prefix: str = "") -> Iterator[Stat]:
        with _trouble(prefix or str(self._root)):
            for key, size in _files(self._root, "", prefix):
                yield Stat(key, size, self._locked_until(key))

    def lock_until(self, key: str, day: date) -> None:
        """A date is added to the lock's file, never replaced, so that no race between processes can shorten a lock."""
        locked_until = self.stat(key).locked_until
        if locked_until is not None and locked_until >= day:
            return
        path = self._locks / key
        with _trouble(key):
            _make_durable_folder(path.parent)
            # The line starts with its own line break: a line that a crash cut short cannot swallow the next one.
            _append(path, f"\n{day.isoformat()}\n".encode("ascii"))
            _sync_folder(path.parent)

    def delete(self, key: str, today: date) -> None:
        locked_until = self.stat(key).locked_until
        if locked_until is not None and today < locked_until:
            raise refusals.locked(key, locked_until)
        with _trouble(key):
            (self._root / key).unlink()
            _sync_folder((self._root / key).parent)
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

    def _digest(self, key: str) -> tuple[Digest, int]:
        with _trouble(key):
            return _digest_of(self._root / key)

    def _locked_until(self, key: str) -> date | None:
        try:
            lines = (self._locks / key).read_text("ascii", errors="replace").split()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return max((date.fromisoformat(line) for line in lines if _LOCKED_UNTIL.fullmatch(line)), default=None)


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


def _finish(file: FileIO) -> None:
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


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_durable_folder(folder: Path) -> None:
    """Make a folder and its parents, each one durable in its own parent."""
    if folder.is_dir():
        return
    _make_durable_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path, above: str, prefix: str) -> Iterator[tuple[str, int]]:
    """Keys and sizes below a prefix in the order of the keys, for which a folder's name ends with its slash.

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
                yield key, os.lstat(path).st_size


def _name(entry: os.DirEntry[str]) -> str:
    """The name as text that can be stored and shown, also where it is no UTF-8."""
    return os.fsencode(entry.name).decode("utf-8", "backslashreplace")
