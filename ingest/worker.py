"""The worker: takes documents from the ledger, has them read, decided on and filed, until there is nothing to do.

Reading is done once and kept (``received → read``); deciding and filing are repeatable. Whatever dies in between, the
job row stays, and the next worker goes on where the last one stopped.
"""

import os
import socket
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog

from archive.archive import Archive
from archive.errors import ArchiveError, ConflictError
from archive.model.beijing import beijing_date
from archive.model.digest import Digest
from archive.model.evidence import Finding, Severity
from ingest import filing
from ingest.errors import IngestError, ReaderFailedError, UnreadableError
from ingest.jobs.ledger import Job, Ledger
from ingest.model.decision import Outcome
from ingest.model.document import Document, DocumentState
from ingest.pipeline import NOT_AN_INVOICE, decide
from ingest.renditions.store import Renditions
from ingest.sandbox import Sandbox
from ingest.sources.inbox import Inbox

ATTEMPTS = 2
"""A document whose reader dies is tried this often, then it goes to a person."""
RETRY_AFTER = timedelta(seconds=20)
BEAT_EVERY = 10.0
_log = structlog.get_logger()


def _today() -> date:
    return beijing_date(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class _Settled:
    """What became of one invoice of a document: a record, or the reasons to ask a person."""

    record: str | None = None
    reasons: tuple[Finding, ...] = ()
    duplicate_of: str | None = None


class Worker:
    """Works documents off, one at a time, with a reading process of its own."""

    def __init__(
        self, ledger: Ledger, inbox: Inbox, archive: Archive, renditions: Renditions, sandbox: Callable[[], Sandbox]
    ) -> None:
        self._ledger = ledger
        self._inbox = inbox
        self._archive = archive
        self._renditions = renditions
        self._sandbox = sandbox
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    def run(self, stop: threading.Event, idle: float = 0.5) -> None:
        """Work until ``stop`` is set; look for new work every ``idle`` seconds while there is none."""
        with self._sandbox() as sandbox, _Heart(self._ledger, self.name):
            while not stop.is_set():
                try:
                    worked = self._work_next(sandbox)
                except Exception:  # the ledger itself failed: the job row stays, and the worker must outlive it
                    _log.exception("the ledger does not answer")
                    worked = False
                if not worked:
                    stop.wait(idle)

    def _work_next(self, sandbox: Sandbox) -> bool:
        job = self._ledger.claim(self.name, datetime.now(UTC))
        if job is not None:
            self._work(job, sandbox)
        return job is not None

    def _work(self, job: Job, sandbox: Sandbox) -> None:
        document = job.document
        try:
            if document.state is DocumentState.RECEIVED:
                self._read(document, sandbox)
            self._settle_again_on_conflict(self._ledger.document(document.id))
        except UnreadableError as error:
            self._put_before_person(document, DocumentState.UNREADABLE, error)
        except ReaderFailedError as error:
            self._try_again(job, error)
        except ArchiveError as error:
            if not error.retry_can_help:
                self._put_before_person(document, DocumentState.REVIEW, error)
                return
            _log.warning("filing postponed", document=document.id, code=error.code)
            self._ledger.postpone(document.id, datetime.now(UTC) + RETRY_AFTER)
        except Exception:
            _log.exception("work on a document failed", document=document.id)
            self._try_again(job, _unexpected())

    def _read(self, document: Document, sandbox: Sandbox) -> None:
        with self._inbox.open(document.digest) as stream:
            content = stream.read()

        def keep(what: Callable[[Digest, int, bytes], None]) -> Callable[[int, bytes], None]:
            return lambda page, kept: self._keep(document, lambda: what(document.digest, page, kept))

        pictures, texts = keep(self._renditions.keep_picture), keep(self._renditions.keep_text)
        examination = sandbox.examine(content, _today(), pictures, texts)
        self._keep(document, lambda: self._renditions.keep_count(document.digest, examination.page_count))
        self._ledger.record_examination(document.id, examination)

    def _keep(self, document: Document, keep: Callable[[], None]) -> None:
        try:
            keep()
        except OSError as error:  # it can be made again; the reading goes on
            _log.warning("rendition not kept", document=document.id, error=str(error))

    def _settle_again_on_conflict(self, document: Document) -> None:
        """Another worker may have filed the same invoice since we looked; a second look then knows it."""
        try:
            self._settle(document)
        except ConflictError:
            self._settle(document)

    def _settle(self, document: Document) -> None:
        settled = [self._settle_draft(document, index) for index in range(len(document.drafts))]
        reasons = [reason for draft in settled for reason in draft.reasons] if settled else [NOT_AN_INVOICE]
        state = DocumentState.REVIEW if reasons else DocumentState.FILED
        self._ledger.settle(
            document.id,
            state,
            reasons=reasons,
            records=[draft.record for draft in settled if draft.record],
            duplicate_of=next((draft.duplicate_of for draft in settled if draft.duplicate_of), None),
        )
        if state is DocumentState.FILED:
            self._inbox.release(document.digest)

    def _settle_draft(self, document: Document, index: int) -> _Settled:
        """Decide on one invoice of a document, and file it if it is accepted. Again, it finds what it did before."""
        if before := filing.filed_before(self._archive, document, index):
            return _Settled(record=before.id)
        draft = document.drafts[index]
        decision = decide(draft, filing.known(self._archive, draft), _today())
        if decision.outcome is Outcome.REVIEW:
            return _Settled(reasons=decision.reasons, duplicate_of=decision.duplicate_of)
        record = filing.file(
            self._archive, document, index, decision, lambda: self._inbox.open(document.digest), datetime.now(UTC)
        )
        return _Settled(record=record.id)

    def _try_again(self, job: Job, error: IngestError) -> None:
        if job.attempts < ATTEMPTS:
            self._ledger.postpone(job.document.id, datetime.now(UTC) + timedelta(seconds=2))
        else:
            self._put_before_person(job.document, DocumentState.UNREADABLE, error)

    def _put_before_person(self, document: Document, state: DocumentState, error: IngestError | ArchiveError) -> None:
        _log.info("document put before a person", document=document.id, state=state, code=error.code)
        reason = Finding(error.code.upper(), Severity.ERROR, None, error.zh, error.en)
        self._ledger.settle(document.id, state, reasons=[reason])


def _unexpected() -> IngestError:
    return IngestError(
        "UNEXPECTED",
        "处理时发生意外错误，原件完好；请把日志交给管理员。",
        "Something unexpected happened; the original is safe. Give the log to an administrator.",
    )


class _Heart:
    """Gives a worker's sign of life while it is busy."""

    def __init__(self, ledger: Ledger, owner: str) -> None:
        self._ledger = ledger
        self._owner = owner
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_EVERY):
            try:
                self._ledger.beat(self._owner, datetime.now(UTC))
            except Exception:
                _log.exception("heartbeat failed")
