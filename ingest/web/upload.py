"""The upload page. A batch has an address of its own; its state comes from the ledger, so it survives a reload."""

import re
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from archive.access.rights import Right
from archive.web.guard import requires
from archive.web.shell import Shell

BATCH = re.compile(r"[a-z0-9][a-z0-9-]{7,63}")
_DATA, _PICTURES = ".pdf .ofd .xml .zip", ".jpg .jpeg .png .tif .tiff .webp .bmp .heic .heif .avif"
ACCEPTED = (*_DATA.split(), *_PICTURES.split())
"""Endings that are worth sending. What a file really is, the server sees from its bytes."""


class UploadPages:
    """``max_bytes`` is the size above which a file is refused; the page says so before the drop."""

    def __init__(self, shell: Shell, max_bytes: int) -> None:
        self._shell = shell
        self._max_bytes = max_bytes

    def routes(self) -> APIRouter:
        routes = APIRouter(dependencies=[requires(Right.UPLOAD)])
        routes.add_api_route("/upload", self.new, methods=["GET"])
        routes.add_api_route("/upload/{batch}", self.batch, methods=["GET"])
        return routes

    def new(self, request: Request) -> Response:
        return self._page(request, "")

    def batch(self, request: Request, batch: Annotated[str, Path(pattern=f"^{BATCH.pattern}$")]) -> Response:
        return self._page(request, batch)

    def _page(self, request: Request, batch: str) -> Response:
        limits = {"bytes": self._max_bytes, "types": ACCEPTED}
        return self._shell.page(request, "upload.html", batch=batch, limits=limits)
