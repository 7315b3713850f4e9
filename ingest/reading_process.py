"""The child's side of ``sandbox.py``: gives up rights, then reads documents one by one until the parent goes."""

import ctypes
import json
import os
import resource
import signal
import struct
import sys
from contextlib import suppress
from datetime import date
from multiprocessing.connection import Connection

from pydantic import TypeAdapter

from ingest.errors import UnreadableError
from ingest.model.draft import Examination
from ingest.readers.reader import Reader
from ingest.sandbox import DOCUMENT, EXAMINATION, PICTURE, UNREADABLE

_examination = TypeAdapter(Examination)
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 1, 38


def main() -> None:
    """Arguments: descriptor, memory, open files, processor seconds a document, written bytes, threads."""
    descriptor, memory, open_files, seconds, written, threads = map(int, sys.argv[1:7])
    connection = Connection(descriptor)
    give_up_rights(memory, open_files, written)
    os.environ["OMP_NUM_THREADS"] = str(threads)

    from ingest.readers.registry import readers  # after the limits: what it loads counts too

    known = readers(ocr_threads=threads)
    with suppress(EOFError):
        while True:
            frame = connection.recv_bytes()
            assert frame[:1] == DOCUMENT
            _allow_processor_time(seconds)
            _answer(connection, known, date.fromisoformat(frame[1:11].decode()), frame[11:])


def _answer(connection: Connection, known: tuple[Reader, ...], today: date, content: bytes) -> None:
    from ingest.pipeline import examine

    def keep_page(number: int, picture: bytes) -> None:
        connection.send_bytes(PICTURE + struct.pack(">I", number) + picture)

    try:
        examination = examine(content, known, keep_page, today)
    except UnreadableError as error:
        connection.send_bytes(UNREADABLE + json.dumps({"code": error.code, "zh": error.zh, "en": error.en}).encode())
    else:
        connection.send_bytes(EXAMINATION + _examination.dump_json(examination))


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
