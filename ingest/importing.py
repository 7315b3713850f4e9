"""Imports files from the command line: accepts each, then has them worked off, or follows the service that does so."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ArchiveError
from ingest.bootstrap import Service
from ingest.errors import IngestError
from ingest.jobs.local import working
from ingest.jobs.lock import sole_worker
from ingest.model.document import Document, DocumentState, Receipt
from ingest.sources.folder import FoundFile, find_files, read_chunks

POLL_EVERY = 0.3
DONE = frozenset({DocumentState.FILED, DocumentState.REVIEW, DocumentState.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of one file at the door: a receipt, or the error that says why not."""

    file: FoundFile
    receipt: Receipt | None
    error: IngestError | ArchiveError | None


def new_batch(now: datetime) -> str:
    return now.astimezone(UTC).strftime("import-%Y%m%d-%H%M%S-%f")


def accept_all(service: Service, paths: Iterable[Path], who: str, batch: str) -> Iterator[Acceptance]:
    """Accept file by file. One that is refused, or cannot be stored, does not stop the others."""
    for found in find_files(paths):
        try:
            receipt = service.inbox.accept(found.arrival("import", who, batch), read_chunks(found))
        except (IngestError, ArchiveError) as error:
            yield Acceptance(found, None, error)
        else:
            yield Acceptance(found, receipt, None)


def work_off(service: Service, batch: str, documents: set[str]) -> Iterator[Document]:
    """Yield each document as it is done. Works them off here, unless a service on the same data folder does."""
    with sole_worker(service.settings.data) as ours:
        if not ours:
            yield from _follow(service, batch, documents)
            return
        service.recover()
        with working(service.worker, service.settings.workers):
            yield from _follow(service, batch, documents)


def _follow(service: Service, batch: str, documents: set[str]) -> Iterator[Document]:
    waiting, since = set(documents), 0
    while waiting:
        changes = service.ledger.changes(since, batch)
        for document in changes:
            since = document.changed
            if document.id in waiting and document.state in DONE:
                waiting.remove(document.id)
                yield document
        if not changes:
            time.sleep(POLL_EVERY)
