"""Makes what is asked for and missing: pictures, thumbnails, readable copies. One thing at a time, in a reading process
of its own that ends when nothing is asked for."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillBeingMade
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import structlog

from archive.errors import ArchiveError, NotFoundError
from archive.model.beijing import beijing_date
from archive.model.digest import Digest
from ingest.errors import BeingMadeError, IngestError, UnreadableError
from ingest.renditions.metadata import Heading
from ingest.renditions.order import Order, Wanted
from ingest.renditions.page_text import PageText
from ingest.renditions.store import Renditions
from ingest.sandbox import Sandbox

PLACES = 64
"""Things that may wait to be made; whoever asks for another is told to come back."""
PATIENCE = 20.0
"""Seconds that a request waits before it is told to come back."""
_IDLE = 60.0  # seconds after which the reading process is ended
_REMEMBERED = 300.0  # seconds for which a failure is told again instead of being repeated
_log = structlog.get_logger()

Original = Callable[[Digest], AbstractContextManager[IO[bytes]]]
"""The bytes of a document, wherever they are kept. Raises NotFoundError."""


@dataclass(frozen=True, slots=True)
class _Task:
    wanted: Wanted
    digest: Digest
    heading: Heading | None = None


class Studio:
    """Renditions of documents, made where they are missing.

    Every question may raise BeingMadeError (come back) or ReaderFailedError (the reader died or hung over it).
    """

    def __init__(self, kept: Renditions, original: Original, sandbox: Callable[[], Sandbox]) -> None:
        self._kept = kept
        self._original = original
        self._new_sandbox = sandbox
        self._sandbox: Sandbox | None = None
        self._tasks: queue.Queue[tuple[_Task, Future[None]]] = queue.Queue(PLACES)
        self._pending: dict[_Task, Future[None]] = {}
        self._failed: dict[_Task, tuple[float, IngestError]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def picture(self, digest: Digest, page: int) -> bytes | None:
        """The picture of a page (WebP); None for data, or where there is no such document or page."""
        picture = self._kept.picture(digest, page)
        if picture is None and self._may_have(digest, page):
            with suppress(NotFoundError, UnreadableError):
                self._make(_Task(Wanted.PICTURES, digest))
            picture = self._kept.picture(digest, page)
        return picture

    def thumbnail(self, digest: Digest) -> bytes | None:
        """A small picture of the first page that shows anything; None as for ``picture``."""
        if self._kept.thumbnail(digest) is None and self._may_have(digest):
            with suppress(NotFoundError, UnreadableError):
                self._make(_Task(Wanted.THUMBNAIL, digest))
        return self._kept.thumbnail(digest)

    def copy(self, heading: Heading) -> Path:
        """The readable copy. Raises NotFoundError where there is no such document, UnreadableError where it cannot be
        read or has no pages."""
        copy = self._kept.copy(heading.digest)
        if copy is None:
            self._make(_Task(Wanted.COPY, heading.digest, heading))
            copy = self._kept.copy(heading.digest)
        if copy is None:
            raise BeingMadeError
        return copy

    def close(self) -> None:
        """End the reading process; what was being made is made when it is asked for again."""
        with self._lock:
            sandbox = self._sandbox
        if sandbox is not None:
            sandbox.close()

    def _may_have(self, digest: Digest, page: int | None = None) -> bool:
        texts = self._kept.texts(digest)
        if texts is None:
            return True
        return texts[page].is_shown if page in texts else page is None and any(t.is_shown for t in texts.values())

    def _make(self, task: _Task) -> None:
        """Returns when it is made. Raises what stood in the way."""
        try:
            self._asked(task).result(PATIENCE)
        except StillBeingMade as error:
            raise BeingMadeError from error

    def _asked(self, task: _Task) -> Future[None]:
        with self._lock:
            failed_at, error = self._failed.get(task, (0.0, None))
            if error is not None and time.monotonic() - failed_at < _REMEMBERED:
                raise error
            if task not in self._pending:
                future = Future[None]()
                try:
                    self._tasks.put_nowait((task, future))
                except queue.Full as full:
                    raise BeingMadeError from full
                self._pending[task] = future
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="studio", daemon=True)
                self._thread.start()
            return self._pending[task]

    def _work(self) -> None:
        with self._new_sandbox() as sandbox:
            self._sandbox = sandbox
            while (next_one := self._next()) is not None:
                task, future = next_one
                try:
                    self._draw(task, sandbox)
                except (IngestError, ArchiveError) as error:
                    self._done(task, error if isinstance(error, IngestError) else None)
                    future.set_exception(error)
                except Exception as error:
                    self._done(task)
                    future.set_exception(error)
                    _log.exception("a rendition could not be made", wanted=task.wanted, digest=str(task.digest))
                else:
                    self._done(task)
                    future.set_result(None)

    def _next(self) -> tuple[_Task, Future[None]] | None:
        """What is to be made next; None when nothing was asked for in a while, and then this thread must end."""
        while True:
            with suppress(queue.Empty):
                return self._tasks.get(timeout=_IDLE)
            with self._lock:
                if self._tasks.empty():
                    self._thread = self._sandbox = None
                    return None

    def _done(self, task: _Task, error: IngestError | None = None) -> None:
        with self._lock:
            del self._pending[task]
            self._failed = {t: f for t, f in self._failed.items() if time.monotonic() - f[0] < _REMEMBERED}
            if error is not None:
                self._failed[task] = (time.monotonic(), error)

    def _draw(self, task: _Task, sandbox: Sandbox) -> None:
        if task.wanted is Wanted.THUMBNAIL:
            self._draw_thumbnail(task.digest, sandbox)
            return
        with self._original(task.digest) as stream:
            content = stream.read()
        texts = self._kept.texts(task.digest) or self._read(task.digest, content, sandbox)
        if task.wanted is Wanted.COPY:
            order = Order.of(task.wanted, texts.values(), task.heading)
            with self._kept.new_copy(task.digest) as file:
                sandbox.draw(order.to_json(), content, _refuse, file.write)
        elif any(t.is_shown and self._kept.picture(task.digest, t.number) is None for t in texts.values()):
            self._draw_pictures(task.digest, content, texts, sandbox)

    def _draw_pictures(self, digest: Digest, content: bytes, texts: dict[int, PageText], sandbox: Sandbox) -> None:
        def keep(page: int, picture: bytes) -> None:
            self._kept.keep_picture(digest, page, picture)

        sandbox.draw(Order.of(Wanted.PICTURES, texts.values()).to_json(), content, keep, _refuse_chunk)

    def _draw_thumbnail(self, digest: Digest, sandbox: Sandbox) -> None:
        texts = self._kept.texts(digest) or {}
        first = min((text.number for text in texts.values() if text.is_shown), default=1)
        if self._kept.picture(digest, first) is None:
            self._draw(_Task(Wanted.PICTURES, digest), sandbox)
        page = self._kept.picture(digest, first)
        if page is not None:
            order = Order.of(Wanted.THUMBNAIL).to_json()
            sandbox.draw(order, page, lambda _, picture: self._kept.keep_thumbnail(digest, picture), _refuse_chunk)

    def _read(self, digest: Digest, content: bytes, sandbox: Sandbox) -> dict[int, PageText]:
        """Read the document once more, since what was read is lost. The invoices found are not looked at."""
        today = beijing_date(datetime.now(UTC))
        found = sandbox.examine(
            content,
            today,
            lambda page, picture: self._kept.keep_picture(digest, page, picture),
            lambda page, text: self._kept.keep_text(digest, page, text),
        )
        self._kept.keep_count(digest, found.page_count)
        return self._kept.texts(digest) or {}


def _refuse(_page: int, _picture: bytes) -> None:
    raise ValueError("no picture was asked for")


def _refuse_chunk(_chunk: bytes) -> None:
    raise ValueError("no copy was asked for")
