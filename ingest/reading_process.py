"""The child's side of ``sandbox.py``: gives up rights, then reads documents one by one until the parent goes."""

import ctypes
import json
import logging
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from multiprocessing.connection import Connection

from pydantic import TypeAdapter

from ingest import logs
from ingest.errors import UnreadableError
from ingest.model.draft import Examination
from ingest.model.page import Page
from ingest.readers.reader import KeepPage, Reader
from ingest.sandbox import CHUNK, DOCUMENT, DRAWING, DRAWN, EXAMINATION, PICTURE, TEXT, UNREADABLE, UNSEEN

_examination = TypeAdapter(Examination)
_IDLE = 0.2  # seconds without a document, after which the models of OCR are loaded before one asks for them
_CHUNK = 1 << 20  # bytes of a copy that are sent at a time
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 1, 38


def main() -> None:
    """Arguments: descriptor, memory, open files, processor seconds a document, written bytes, threads."""
    descriptor, memory, open_files, seconds, written, threads = map(int, sys.argv[1:7])
    connection = Connection(descriptor)
    give_up_rights(memory, open_files, written)
    os.environ["OMP_NUM_THREADS"] = str(threads)
    logs.to_stderr(logging.WARNING)

    from ingest.readers.ocr.rapid import RapidEngine  # after the limits: what it loads counts too
    from ingest.readers.registry import readers

    engine = RapidEngine(threads)
    known = readers(engine)
    if not connection.poll(_IDLE):
        with suppress(MemoryError, RuntimeError, OSError):  # the picture that needs them will tell
            engine.warm()
    with suppress(EOFError):
        while True:
            frame = connection.recv_bytes()
            _allow_processor_time(seconds)
            try:
                _TASKS[frame[:1]](connection, known, frame)
            except UnreadableError as error:
                told = {"code": error.code, "zh": error.zh, "en": error.en}
                connection.send_bytes(UNREADABLE + json.dumps(told).encode())


def _examine(connection: Connection, known: tuple[Reader, ...], frame: bytes) -> None:
    from ingest.renditions.page_text import of_page, to_json

    def keep_words(page: Page) -> None:
        connection.send_bytes(TEXT + struct.pack(">I", page.number) + to_json(of_page(page)))

    _examine_for(connection, known, frame, _picture_sender(connection), keep_words)


def _examine_unseen(connection: Connection, known: tuple[Reader, ...], frame: bytes) -> None:
    _examine_for(connection, known, frame, None, None)


def _examine_for(
    connection: Connection,
    known: tuple[Reader, ...],
    frame: bytes,
    keep_page: KeepPage | None,
    keep_words: Callable[[Page], None] | None,
) -> None:
    from ingest.pipeline import examine

    today, content = date.fromisoformat(frame[1:11].decode()), frame[11:]
    examination = examine(content, known, keep_page, today, keep_words)
    connection.send_bytes(EXAMINATION + _examination.dump_json(examination))


def _draw(connection: Connection, known: tuple[Reader, ...], frame: bytes) -> None:
    from ingest.renditions.drawing import draw
    from ingest.renditions.order import Order

    start = 5 + struct.unpack(">I", frame[1:5])[0]
    order, content = Order.from_json(frame[5:start]), frame[start:]
    chunks = _Chunks(connection)
    draw(order, content, known, _picture_sender(connection), chunks.write)
    chunks.flush()
    connection.send_bytes(DRAWN)


_TASKS = {DOCUMENT: _examine, UNSEEN: _examine_unseen, DRAWING: _draw}


def _picture_sender(connection: Connection) -> KeepPage:
    return lambda number, picture: connection.send_bytes(PICTURE + struct.pack(">I", number) + picture)


class _Chunks:
    """What is written goes to the parent, in parts of bearable size."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting = bytearray()

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) >= _CHUNK:
            self._send(_CHUNK)

    def flush(self) -> None:
        if self._waiting:
            self._send(len(self._waiting))

    def _send(self, size: int) -> None:
        self._connection.send_bytes(CHUNK + self._waiting[:size])
        del self._waiting[:size]


def give_up_rights(memory: int, open_files: int, written: int) -> bool:
    """Bound what this process may take; returns whether it has no network any more."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A name space of its own has no network at all. Where the host forbids name spaces, the container's network rules
    # stand alone; the README says so.
    isolated: bool = libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWNET) == 0
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return isolated


def _allow_processor_time(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
