"""The record page: pages with boxes, fields with evidence, custody, originals, history."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from archive.access.rights import Right
from archive.archive import Archive
from archive.errors import NotFoundError
from archive.model.digest import Digest
from archive.model.record import Original
from archive.web.guard import requires
from archive.web.language import Words
from archive.web.sheet import of_record
from archive.web.shell import Shell

Picture = Callable[[Digest, int], bytes | None]
"""The picture of a document's page (WebP), or None where there is none."""

Copy = Callable[[Original], Path]
"""The readable copy (PDF) of an original."""

_CHUNK = 1 << 18


class RecordPages:
    """The pages of records. Without ``copy`` there are no readable copies."""

    def __init__(self, shell: Shell, archive: Archive, picture: Picture, copy: Copy | None = None) -> None:
        self._shell = shell
        self._archive = archive
        self._picture = picture
        self._copy = copy

    def routes(self) -> APIRouter:
        routes = APIRouter(dependencies=[requires(Right.READ)])
        routes.add_api_route("/records/{record_id}", self.show, methods=["GET"])
        routes.add_api_route("/records/{record_id}/originals/{number}", self.original, methods=["GET"])
        if self._copy is not None:
            routes.add_api_route("/records/{record_id}/originals/{number}/copy", self.copy, methods=["GET"])
        routes.add_api_route("/pictures/{digest}/{page}", self.page_picture, methods=["GET"])
        return routes

    def show(self, request: Request, record_id: str) -> Response:
        record = self._archive.record(record_id)
        return self._shell.page(
            request,
            "record.html",
            record=record,
            sheet=of_record(record),
            holds=self._archive.holds(record_id),
            history=self._archive.history(record_id),
            enforced_by=self._archive.retention_enforced_by,
            has_copies=self._copy is not None,
        )

    def original(self, record_id: str, number: int) -> Response:
        """An original as it arrived, the first is 1. Always a download: foreign bytes are never shown as our page."""
        original = self._original(record_id, number)
        return download(self._archive.original(original.digest), original.file_name, original.size)

    def copy(self, request: Request, record_id: str, number: int) -> Response:
        """The readable copy of an original."""
        original = self._original(record_id, number)
        assert self._copy is not None
        return copy_response(self._copy(original), original.file_name, self._shell.words(request))

    def _original(self, record_id: str, number: int) -> Original:
        originals = self._archive.record(record_id).originals
        if not 1 <= number <= len(originals):
            raise NotFoundError("此档案没有这个原件。", "The record has no such original.")
        return originals[number - 1]

    def page_picture(self, digest: str, page: int) -> Response:
        return picture_response(self._picture, digest, page)


def download(content: AbstractContextManager[IO[bytes]], file_name: str, size: int) -> Response:
    """Bytes as they arrived. They are opened before the answer begins, so that what is missing is a proper error."""
    stack = ExitStack()
    stream = stack.enter_context(content)
    headers = {"Content-Length": str(size), "Content-Disposition": attachment(file_name)}
    return StreamingResponse(_chunks(stream, stack), media_type="application/octet-stream", headers=headers)


def copy_response(path: Path, file_name: str, words: Words) -> Response:
    """A readable copy as a download, named after its original."""
    name = f"{PurePosixPath(file_name).stem} - {words('record.copy')}.pdf"
    return download(path.open("rb"), name, path.stat().st_size)


def _chunks(stream: IO[bytes], stack: ExitStack) -> Iterator[bytes]:
    with stack:
        yield from iter(lambda: stream.read(_CHUNK), b"")


def picture_response(picture: Picture, digest: str, page: int) -> Response:
    """Raises NotFoundError. A picture may stay in this browser for an hour: it is named by its document's digest."""
    missing = NotFoundError("没有这一页的图像；请下载原件。", "No picture of this page; download the original.")
    try:
        content = picture(Digest(f"sha256:{digest}"), page)
    except ValueError as error:
        raise missing from error
    if content is None:
        raise missing
    return Response(content, media_type="image/webp", headers={"Cache-Control": "private, max-age=3600"})


def attachment(file_name: str) -> str:
    """``Content-Disposition`` for a download under the sender's name (RFC 6266, RFC 8187)."""
    name = "".join(sign if sign.isprintable() and sign not in '/\\"' else "_" for sign in file_name)
    plain = "".join(sign if sign.isascii() and sign != "%" else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
