"""Reads a document in a child process with limits, so that hostile bytes can harm nothing but their own attempt.

The parent's side. The child is ``ingest/reading_process.py``; it is kept for many documents, because loading the OCR
models takes longer than reading a page, and replaced when it dies or hangs. Between them goes a socket pair with
frames: one byte for what it is, then the content. Nothing is unpickled.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TypeVar

from pydantic import TypeAdapter

from ingest.errors import ReaderFailedError, UnreadableError
from ingest.model.draft import Examination

DOCUMENT, DRAWING = b"D", b"R"
UNSEEN = b"N"
"""A document whose pages nobody will look at."""
PICTURE, TEXT, CHUNK, EXAMINATION, DRAWN, UNREADABLE = b"P", b"T", b"C", b"E", b".", b"U"
LARGEST_REPLY = 64 << 20
Keep = Callable[[int, bytes], None]
"""Takes a page's number and what is to be kept of it."""
PROGRAM = (sys.executable, "-m", "ingest.reading_process")
_examination = TypeAdapter(Examination)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. Memory is address space of the child, in bytes; times are in seconds."""

    memory: int = 6 << 30
    open_files: int = 128
    processor_seconds: int = 300
    wall_seconds: float = 600
    written_bytes: int = 256 << 20


class Sandbox:
    """One reading process. Not for use by several threads at a time."""

    def __init__(self, limits: Limits, threads: int = 1, program: Sequence[str] = PROGRAM) -> None:
        self._limits = limits
        self._threads = threads
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> "Sandbox":
        self._start()  # so that the child is ready when the first document comes
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def examine(
        self, content: bytes, today: date, keep_page: Keep | None, keep_text: Keep | None = None
    ) -> Examination:
        """Read a document, and keep the pictures (WebP) and texts (JSON) of its pages; without ``keep_page`` neither
        are made.

        Raises UnreadableError as readers do, ReaderFailedError where the reader died or hung.
        """
        request = (DOCUMENT if keep_page else UNSEEN) + today.isoformat().encode() + content
        keep = {PICTURE: _numbered(keep_page), TEXT: _numbered(keep_text)}
        return self._ask(request, keep, EXAMINATION, _examination.validate_json)

    def draw(self, order: bytes, content: bytes, keep_page: Keep, write: Callable[[bytes], object]) -> None:
        """Draw what ``order`` names from a document that was read before. Raises as ``examine`` does.

        ``order`` is JSON of ``ingest/renditions/order.py``. Pictures go to ``keep_page``, a copy to ``write``, part by
        part.
        """
        request = DRAWING + struct.pack(">I", len(order)) + order + content
        self._ask(request, {PICTURE: _numbered(keep_page), CHUNK: write}, DRAWN, bool)

    def _ask(
        self,
        request: bytes,
        keep: Mapping[bytes, Callable[[bytes], object]],
        last: bytes,
        understood: Callable[[bytes], _T],
    ) -> _T:
        """Send a request; pass on what comes, by its kind, until the reply of kind ``last``."""
        connection = self._connection or self._start()
        assert self._process is not None
        watchdog = _Watchdog(self._process, self._limits.wall_seconds)
        try:
            with watchdog:
                connection.send_bytes(request)
                while True:
                    frame = connection.recv_bytes(LARGEST_REPLY)
                    kind, reply = frame[:1], frame[1:]
                    if kind == last:
                        return understood(reply)
                    if kind == UNREADABLE:
                        raise UnreadableError(**json.loads(reply))
                    keep[kind](reply)
        except (OSError, EOFError, ValueError, TypeError, LookupError, struct.error) as error:
            if watchdog.bit:
                raise self._failed("READER-HUNG", "超时", "took too long") from error
            raise self._failed("READER-DIED", "异常退出", "died") from error

    def _failed(self, code: str, zh: str, en: str) -> ReaderFailedError:
        self.close()
        return ReaderFailedError(
            code,
            f"识别进程{zh}，本文件的这次读取作废；系统会再试一次，仍失败则转人工。",
            f"The reading process {en}; this attempt is void. It is tried once more, then goes to a person.",
        )

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        limits = self._limits
        numbers = (theirs.fileno(), limits.memory, limits.open_files, limits.processor_seconds, limits.written_bytes)
        self._folder = tempfile.TemporaryDirectory(prefix="piaoku-")
        self._process = subprocess.Popen(
            [*self._program, *map(str, numbers), str(self._threads)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=_bare_environment() | {"TMPDIR": self._folder.name},
            process_group=0,
        )
        theirs.close()
        self._connection = Connection(ours.detach())
        return self._connection

    def close(self) -> None:
        """End the child, what it started (Tesseract), and the files they left: all of it is kept elsewhere."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
        if self._process is not None:
            _kill(self._process)
            self._process.wait()
        if self._folder is not None:
            self._folder.cleanup()
        self._connection = self._process = self._folder = None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a child that has not been waited for, and its group."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)


def _numbered(keep: Keep | None) -> Callable[[bytes], object]:
    """Takes a reply that begins with the number of a page."""
    return lambda reply: keep and keep(struct.unpack(">I", reply[:4])[0], reply[4:])


class _Watchdog:
    """Kills the child when its time is over, whatever the parent is waiting for; ``bit`` says that it did."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self.bit = False

    def _bite(self) -> None:
        self.bit = True
        _kill(self._process)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _bare_environment() -> dict[str, str]:
    """No secrets reach a process that parses strangers' bytes."""
    kept = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ}
