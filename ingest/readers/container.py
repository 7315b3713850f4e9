"""A zip from strangers: entries by path, read into memory one at a time, never unpacked to disk."""

import io
import posixpath
import zipfile
import zlib

from ingest.readers.limits import MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FLOOR
from ingest.readers.unreadable import archive_too_large, broken, encrypted

_ENCRYPTED = 0x1  # general purpose flag of an entry (APPNOTE 4.4.4)


class Container:
    """The files of a zip by normalised path. Paths that leave the archive are left out: nothing can refer to them.

    Raises ``UnreadableError`` with ``BROKEN``, ``ENCRYPTED`` or ``ARCHIVE-TOO-LARGE``.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise broken() from error
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if len(entries) > MAX_ENTRIES:
            raise archive_too_large(f"{len(entries)} > {MAX_ENTRIES} files")
        self._entries = {path: entry for entry in entries if (path := resolved("", entry.filename))}
        self._unpacked = 0

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def read(self, path: str | None) -> bytes | None:
        """The bytes of a file; None where there is none of that path."""
        entry = self._entries.get(path or "")
        if entry is None:
            return None
        if entry.flag_bits & _ENCRYPTED:
            raise encrypted()
        self._allow(entry)
        try:
            return self._zip.read(entry)  # never more than the size it declares
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise broken() from error

    def _allow(self, entry: zipfile.ZipInfo) -> None:
        size, packed = entry.file_size, max(1, entry.compress_size)
        self._unpacked += size
        if size > MAX_ENTRY_BYTES or self._unpacked > MAX_UNPACKED_BYTES:
            raise archive_too_large(f"{max(size, self._unpacked) >> 20} MB")
        if size > RATIO_FLOOR and size / packed > MAX_RATIO:
            raise archive_too_large(f"{size // packed} : 1")


def resolved(folder: str, location: str) -> str | None:
    """The path that a location names as seen from a folder; None where it leads out of the archive."""
    location = location.strip().replace("\\", "/")
    path = posixpath.normpath(location.lstrip("/") if location.startswith("/") else posixpath.join(folder, location))
    return None if path in ("", ".") or path.startswith("..") else path
