"""Pictures of pages for people to look at, made while a document is read. They are a convenience, not a record."""

import tempfile
from pathlib import Path

from archive.model.digest import Digest


class PagePictures:
    """A folder of WebP pictures, one a page. Losing it loses no record: the originals lie in inbox and vault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, digest: Digest, page: int, picture: bytes) -> None:
        path = self._path(digest, page)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
            unfinished.write(picture)
        Path(unfinished.name).replace(path)

    def picture(self, digest: Digest, page: int) -> bytes | None:
        """The picture of a page (WebP), or None where there is none."""
        try:
            return self._path(digest, page).read_bytes()
        except FileNotFoundError:
            return None

    def _path(self, digest: Digest, page: int) -> Path:
        return self._folder / digest.hex[:2] / digest.hex / f"{page:04}.webp"
