"""All pages in one application: the archive's and intake's, in the shared frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import RedirectResponse, Response

from archive.access.access import Access
from archive.access.rights import Right
from archive.archive import Archive
from archive.web import shell as frame
from archive.web.api import CustodyApi
from archive.web.app import framed
from archive.web.guard import requires
from archive.web.record import Copy, RecordPages
from archive.web.search import SearchPages
from archive.web.shell import NavItem, Shell
from ingest import errors
from ingest.jobs.ledger import Ledger
from ingest.renditions.metadata import Heading
from ingest.renditions.studio import Studio
from ingest.sources.inbox import Inbox
from ingest.web.api import BusyError, IntakeApi
from ingest.web.documents import DocumentPages
from ingest.web.upload import UploadPages

STATUS: Mapping[type[Exception], int] = {
    errors.NotAcceptedError: 422,
    errors.UnknownDocumentError: 404,
    errors.UnreadableError: 422,
    errors.ReaderFailedError: 503,
    errors.BeingMadeError: 202,
    BusyError: 429,
    errors.IngestError: 500,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pages need. ``studio`` gives pictures and copies, ``demo`` shows the demonstration's banner,
    ``insecure_cookie`` lets the login work over plain http, which only loopback may use."""

    archive: Archive
    access: Access
    inbox: Inbox
    ledger: Ledger
    studio: Studio
    demo: bool
    insecure_cookie: bool


def create_app(parts: Parts) -> FastAPI:
    shell = Shell(
        {"archive": frame.HERE, "ingest": Path(__file__).parent},
        (
            NavItem("upload", "/upload", Right.UPLOAD),
            NavItem("review", "/review", Right.REVIEW, lambda: _in_review(parts.ledger)),
            NavItem("search", "/search", Right.READ),
        ),
        demo=parts.demo,
    )
    rooms = (
        _start(),
        UploadPages(shell, parts.inbox.max_bytes).routes(),
        DocumentPages(shell, parts.ledger, parts.inbox, parts.archive, parts.studio).routes(),
        IntakeApi(parts.inbox, parts.ledger, parts.archive).routes(),
        SearchPages(shell, parts.archive).routes(),
        RecordPages(shell, parts.archive, parts.studio.picture, _copy(parts.studio)).routes(),
        CustodyApi(parts.archive).routes(),
    )
    return framed(shell, parts.access, rooms, statuses=STATUS, insecure_cookie=parts.insecure_cookie)


def _copy(studio: Studio) -> Copy:
    return lambda original: studio.copy(Heading(original.file_name, original.digest, original.received_at))


def _in_review(ledger: Ledger) -> int:
    counts = ledger.summary()
    return counts["review"] + counts["unreadable"]


def _start() -> APIRouter:
    routes = APIRouter(dependencies=[requires(Right.READ)])
    routes.add_api_route("/", _first_room, methods=["GET"])
    return routes


def _first_room() -> Response:
    return RedirectResponse("/upload", 303)
