"""What programs, our own pages among them, may ask of intake: ``/api/v1/documents``."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from archive.access.rights import Right
from archive.archive import Archive
from archive.model.record import Record
from archive.web.api import told
from archive.web.guard import Visitor, requires
from ingest.errors import IngestError
from ingest.jobs.ledger import Ledger
from ingest.model.document import Arrival, Document, Receipt
from ingest.sources.inbox import Inbox
from ingest.web import arriving
from ingest.web.upload import BATCH

AT_ONCE = 16
"""Uploads in progress, all senders together. Each holds a thread; more are asked to wait (429)."""

CHANGES = 200
"""Documents an answer: each filed one brings its invoice along."""

Name = Annotated[str, Query(min_length=1, max_length=1024)]
Folder = Annotated[str, Query(max_length=4096)]
Batch = Annotated[str, Query(pattern=f"^({BATCH.pattern})?$")]


class BusyError(IngestError):
    """So many uploads are in progress that another one must wait."""

    retry_can_help = True

    def __init__(self) -> None:
        super().__init__("BUSY", "服务器正忙，稍后会自动继续。", "The server is busy; it will go on shortly.")


class IntakeApi:
    def __init__(self, inbox: Inbox, ledger: Ledger, archive: Archive) -> None:
        self._inbox = inbox
        self._ledger = ledger
        self._archive = archive
        self._places = CapacityLimiter(AT_ONCE)

    def routes(self) -> APIRouter:
        routes = APIRouter(prefix="/api/v1/documents")
        routes.add_api_route("", self.accept, methods=["POST"], dependencies=[requires(Right.UPLOAD)])
        routes.add_api_route("", self.changes, methods=["GET"], dependencies=[requires(Right.READ)])
        routes.add_api_route("/{document_id}", self.document, methods=["GET"], dependencies=[requires(Right.READ)])
        return routes

    async def accept(self, request: Request, name: Name, folder: Folder = "", batch: Batch = "") -> Response:
        """The body is the file itself. The answer is given when the file is durable, never before."""
        if self._places.available_tokens < 1:
            raise BusyError
        visitor: Visitor = request.state.visitor
        arrival = Arrival(name, folder, "web", visitor.user.name, batch)
        work = partial(self._inbox.accept, arrival, arriving.chunks(request.stream()))
        try:
            receipt = await to_thread.run_sync(work, limiter=self._places)
        except (ClientDisconnect, TimeoutError):
            return Response(status_code=408)
        return JSONResponse(await run_in_threadpool(self._receipt, receipt), 201)

    def changes(
        self, since: Annotated[int, Query(ge=0)] = 0, batch: Annotated[str | None, Query(max_length=64)] = None
    ) -> dict[str, Any]:
        """Documents that changed after ``since``, in the order of change; ask again from ``next`` while ``more``."""
        found = self._ledger.changes(since, batch, CHANGES)
        return {
            "documents": [self._told(document) for document in found],
            "next": found[-1].changed if found else since,
            "more": len(found) == CHANGES,
            "summary": dict(self._ledger.summary(batch)),
        }

    def document(self, document_id: str) -> dict[str, Any]:
        return self._told(self._ledger.document(document_id))

    def _receipt(self, receipt: Receipt) -> Mapping[str, Any]:
        answer: dict[str, Any] = {
            "document": receipt.document,
            "sha256": receipt.digest.hex,
            "size": receipt.size,
            "media_type": receipt.media_type,
            "received_at": receipt.received_at.isoformat(),
            "first": receipt.first,
        }
        if not receipt.first:
            earlier = self._ledger.document(receipt.document)
            answer["duplicate"] = {"document": earlier.id, "state": earlier.state, "records": earlier.records}
        return answer

    def _told(self, document: Document) -> dict[str, Any]:
        invoices = [_invoice(self._archive.record(record)) for record in document.records]
        return {
            "id": document.id,
            "name": document.arrival.file_name,
            "folder": document.arrival.folder,
            "size": document.size,
            "media_type": document.media_type,
            "received_at": document.received_at.isoformat(),
            "first": document.first,
            "state": document.state,
            "working": document.working,
            "reasons": [told(reason) for reason in document.reasons],
            "records": list(document.records),
            "invoices": invoices,
            "duplicate_of": document.duplicate_of,
            "changed": document.changed,
        }


def _invoice(record: Record) -> dict[str, Any]:
    invoice = record.invoice
    total = invoice.total_amount
    return {
        "record": record.id,
        "kind": invoice.kind,
        "number": invoice.invoice_number,
        "seller": invoice.seller.name,
        "total": None if total is None else str(total),
    }
