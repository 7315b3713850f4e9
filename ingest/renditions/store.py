"""Where pictures, words and copies of documents are kept: a folder that may be emptied at any time."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.model.digest import Digest
from ingest.renditions.page_text import PageText, from_json

_COUNT = "pages.json"
_COPY = "copy.pdf"
_THUMBNAIL = "thumbnail.webp"


class Renditions:
    """A folder for each document, named by its digest: ``0001.webp`` and ``0001.json`` for its first page,
    ``pages.json`` once all pages are there, ``copy.pdf``, ``thumbnail.webp``. Losing it loses no record.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep_picture(self, digest: Digest, page: int, picture: bytes) -> None:
        self._keep(self._of(digest) / f"{page:04}.webp", picture)

    def picture(self, digest: Digest, page: int) -> bytes | None:
        """The picture of a page (WebP), or None where there is none."""
        return _read(self._of(digest) / f"{page:04}.webp")

    def keep_text(self, digest: Digest, page: int, text: bytes) -> None:
        """``text`` is a page text as JSON."""
        self._keep(self._of(digest) / f"{page:04}.json", text)

    def keep_count(self, digest: Digest, pages: int) -> None:
        """Say that the texts of all pages are there. To be called after them."""
        self._keep(self._of(digest) / _COUNT, json.dumps({"pages": pages}).encode())

    def texts(self, digest: Digest) -> dict[int, PageText] | None:
        """What was read on each page; None where any of it is missing or not understood."""
        try:
            count = json.loads(_read(self._of(digest) / _COUNT) or b"")["pages"]
            found = [_read(self._of(digest) / f"{page:04}.json") or b"" for page in range(1, count + 1)]
            return {text.number: text for text in map(from_json, found)}
        except (ValueError, KeyError, TypeError):
            return None

    def keep_thumbnail(self, digest: Digest, picture: bytes) -> None:
        self._keep(self._of(digest) / _THUMBNAIL, picture)

    def thumbnail(self, digest: Digest) -> bytes | None:
        return _read(self._of(digest) / _THUMBNAIL)

    def copy(self, digest: Digest) -> Path | None:
        """The readable copy, or None where there is none yet."""
        path = self._of(digest) / _COPY
        return path if path.is_file() else None

    @contextmanager
    def new_copy(self, digest: Digest) -> Iterator[IO[bytes]]:
        """A file to write the copy to; it is there at the end of the block, and not at all if that fails."""
        with _replacing(self._of(digest) / _COPY) as file:
            yield file

    def _keep(self, path: Path, content: bytes) -> None:
        with _replacing(path) as file:
            file.write(content)

    def _of(self, digest: Digest) -> Path:
        return self._folder / digest.hex[:2] / digest.hex


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
