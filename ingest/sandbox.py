"""Reads a document in a child process with limits, so that hostile bytes can harm nothing but their own attempt.

The parent's side. The child is ``ingest/reading_process.py``; it is kept for many documents, because loading the OCR
models takes longer than reading a page, and replaced when it dies or hangs. Between them goes a socket pair with
frames: one byte for what it is, then the content. Nothing is unpickled.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from types import TracebackType

from pydantic import TypeAdapter

from ingest.errors import ReaderFailedError, UnreadableError
from ingest.model.draft import Examination

DOCUMENT, PICTURE, EXAMINATION, UNREADABLE = b"D", b"P", b"E", b"U"
LARGEST_REPLY = 64 << 20
PROGRAM = (sys.executable, "-m", "ingest.reading_process")
_examination = TypeAdapter(Examination)


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
        self._connection: Connection | None = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def examine(self, content: bytes, today: date, keep_page: Callable[[int, bytes], None]) -> Examination:
        """Read a document. Raises UnreadableError as readers do, ReaderFailedError where the reader died or hung."""
        connection = self._connection or self._start()
        assert self._process is not None
        watchdog = _Watchdog(self._process, self._limits.wall_seconds)
        try:
            with watchdog:
                connection.send_bytes(DOCUMENT + today.isoformat().encode() + content)
                return self._answer(connection, keep_page)
        except (OSError, EOFError, ValueError, TypeError) as error:
            if watchdog.bit:
                raise self._failed("READER-HUNG", "超时", "took too long") from error
            raise self._failed("READER-DIED", "异常退出", "died") from error

    def _answer(self, connection: Connection, keep_page: Callable[[int, bytes], None]) -> Examination:
        while True:
            frame = connection.recv_bytes(LARGEST_REPLY)
            kind, reply = frame[:1], frame[1:]
            if kind == PICTURE:
                keep_page(struct.unpack(">I", reply[:4])[0], reply[4:])
            elif kind == EXAMINATION:
                return _examination.validate_json(reply)
            elif kind == UNREADABLE:
                raise UnreadableError(**json.loads(reply))

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
        self._process = subprocess.Popen(
            [*self._program, *map(str, numbers), str(self._threads)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=_bare_environment(),
        )
        theirs.close()
        self._connection = Connection(ours.detach())
        return self._connection

    def close(self) -> None:
        """End the child. It is killed: it holds nothing that is not kept elsewhere."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None


class _Watchdog:
    """Kills the child when its time is over, whatever the parent is waiting for; ``bit`` says that it did."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self.bit = False

    def _bite(self) -> None:
        self.bit = True
        self._process.kill()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _bare_environment() -> dict[str, str]:
    """No secrets reach a process that parses strangers' bytes."""
    kept = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ}
