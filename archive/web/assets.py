"""Scripts, styles and pictures of our own, served from memory under an address that changes with their content."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    media_type: str
    content: bytes
    packed: bytes


class Assets:
    """``folders`` maps the first part of an asset's path to the folder it lies in."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._files = {
            f"{name}/{path.name}": _load(path)
            for name, folder in folders.items()
            for path in sorted(folder.iterdir())
            if path.suffix in _TYPES
        }
        everything = hashlib.sha256()
        for name, asset in self._files.items():
            everything.update(name.encode() + asset.content)
        self.version = everything.hexdigest()[:12]

    def url(self, name: str) -> str:
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    def sizes(self) -> Mapping[str, int]:
        """The size in bytes of each asset as it travels."""
        return {name: len(asset.packed) for name, asset in self._files.items()}

    def response(self, request: Request, version: str, name: str) -> Response:
        """Raises NotFoundError for a name that is not ours; paths are looked up, never opened."""
        asset = self._files.get(name)
        if asset is None:
            raise NotFoundError("没有这个页面资源。", "There is no such page resource.")
        kept = "public, max-age=31536000, immutable" if version == self.version else "no-cache"
        headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(asset.content, media_type=asset.media_type, headers=headers)


def _load(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(_TYPES[path.suffix], content, gzip.compress(content, mtime=0))
