"""The list of what waits for a person, and the page of one document: its drafts beside its pages."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from archive.access.rights import Right
from archive.archive import Archive
from archive.web.guard import requires
from archive.web.record import copy_response, download, picture_response
from archive.web.sheet import FIELD_GROUPS, Sheet, compose, line_view
from archive.web.shell import Shell
from ingest.jobs.ledger import Ledger
from ingest.model.document import Document, DocumentState
from ingest.model.draft import Draft
from ingest.renditions.metadata import Heading
from ingest.renditions.studio import Studio
from ingest.sources.inbox import Inbox

ROWS = 50


class DocumentPages:
    def __init__(self, shell: Shell, ledger: Ledger, inbox: Inbox, archive: Archive, studio: Studio) -> None:
        self._shell = shell
        self._ledger = ledger
        self._inbox = inbox
        self._archive = archive
        self._studio = studio

    def routes(self) -> APIRouter:
        routes = APIRouter(dependencies=[requires(Right.REVIEW)])
        routes.add_api_route("/review", self.review, methods=["GET"])
        routes.add_api_route("/documents/{document_id}", self.show, methods=["GET"])
        routes.add_api_route("/documents/{document_id}/original", self.original, methods=["GET"])
        routes.add_api_route("/documents/{document_id}/copy", self.copy, methods=["GET"])
        routes.add_api_route("/thumbnails/{digest}", self.thumbnail, methods=["GET"])
        return routes

    def review(self, request: Request, after: Annotated[str | None, Query(max_length=40)] = None) -> Response:
        found = self._ledger.attention(ROWS + 1, after)
        more = found[ROWS - 1].id if len(found) > ROWS else None
        counts = self._ledger.summary()
        waiting = counts["review"] + counts["unreadable"]
        return self._shell.page(request, "review.html", documents=found[:ROWS], more=more, waiting=waiting)

    def show(self, request: Request, document_id: str, draft: Annotated[int, Query(ge=1)] = 1) -> Response:
        document = self._ledger.document(document_id)
        chosen = min(draft, len(document.drafts))
        return self._shell.page(
            request,
            "document.html",
            document=document,
            chosen=chosen,
            sheet=_sheet(document, document.drafts[chosen - 1]) if chosen else _bare_sheet(document),
            history=self._archive.history(document_id),
        )

    def original(self, document_id: str) -> Response:
        """The document as it arrived; a filed one's bytes lie in the vault by now."""
        document = self._ledger.document(document_id)
        filed = document.state is DocumentState.FILED
        content = self._archive.original(document.digest) if filed else self._inbox.open(document.digest)
        return download(content, document.arrival.file_name, document.size)

    def copy(self, request: Request, document_id: str) -> Response:
        """The readable copy. Raises BeingMadeError until it is there."""
        document = self._ledger.document(document_id)
        name = document.arrival.file_name
        path = self._studio.copy(Heading(name, document.digest, document.received_at))
        return copy_response(path, name, self._shell.words(request))

    def thumbnail(self, digest: str) -> Response:
        return picture_response(lambda known, _page: self._studio.thumbnail(known), digest, 1)


def _sheet(document: Document, draft: Draft) -> Sheet:
    return compose(
        kind=draft.kind,
        pages=[(document.digest, page) for page in draft.pages],
        values={name: draft.value(name) for group in FIELD_GROUPS.values() for name in group},
        chosen=draft.fields,
        readings=draft.readings,
        lines=tuple(map(line_view, draft.items)),
        findings=draft.findings,
    )


def _bare_sheet(document: Document) -> Sheet:
    """The pages alone, where no invoice was recognised."""
    pages = document.examination.page_count if document.examination else 0
    return compose(
        kind="unknown",
        pages=[(document.digest, page + 1) for page in range(pages)],
        values={},
        chosen={},
        readings=(),
        lines=(),
        findings=(),
    )
