"""The reading process: what a child may do, and what becomes of a document whose child dies, hangs or babbles."""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import ReaderFailedError, UnreadableError
from ingest.model.draft import Examination
from ingest.sandbox import Limits, Sandbox

TODAY = date(2026, 11, 20)
LIMITS = Limits(memory=1 << 30, wall_seconds=20)
FRAME = """
import json, os, resource, socket, sys, time
from multiprocessing.connection import Connection
connection = Connection(int(sys.argv[1]))
memory, open_files, seconds, written = map(int, sys.argv[2:6])
def answer(**changes):
    told = {"media_type": "application/pdf", "page_count": 1, "seconds": 0.5, "drafts": [], **changes}
    connection.send_bytes(b"E" + json.dumps(told).encode())
"""


def keep_nothing(number: int, picture: bytes) -> None:
    raise AssertionError("no picture was expected")


@pytest.fixture
def child(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Makes a sandbox whose child runs the given lines after the framing."""

    def make(lines: str, limits: Limits = LIMITS) -> Sandbox:
        script = tmp_path / "child.py"
        script.write_text(FRAME + lines)
        return Sandbox(limits, program=(sys.executable, str(script)))

    return make


def test_a_child_that_answers_is_kept_for_the_next_document(child) -> None:  # type: ignore[no-untyped-def]
    with child("while True:\n    connection.recv_bytes(); answer(page_count=os.getpid())") as sandbox:
        first = sandbox.examine(b"one", TODAY, keep_nothing)
        assert first == Examination("application/pdf", first.page_count, 0.5, ())
        assert sandbox.examine(b"two", TODAY, keep_nothing).page_count == first.page_count != os.getpid()


def test_the_child_gets_the_day_and_the_bytes_and_hands_over_pictures(child) -> None:  # type: ignore[no-untyped-def]
    pictures = []
    lines = "frame = connection.recv_bytes()\nconnection.send_bytes(b'P\\0\\0\\0\\7' + frame)\nanswer()"
    with child(lines) as sandbox:
        sandbox.examine(b"content", TODAY, lambda number, picture: pictures.append((number, picture)))
    assert pictures == [(7, b"D2026-11-20content")]


@pytest.mark.parametrize(
    "lines",
    [
        "connection.recv_bytes(); os._exit(1)",
        "connection.recv_bytes(); os.kill(os.getpid(), 11)",
        "connection.recv_bytes(); connection.send_bytes(b'E{\"media_type\": 3}')",
        "connection.recv_bytes(); connection.send_bytes(b'Enonsense')",
        "connection.recv_bytes(); connection.send_bytes(b'U[]')",
        "sys.exit('dies before it listens')",
    ],
)
def test_a_child_that_dies_or_babbles_costs_one_attempt_and_is_replaced(child, lines: str) -> None:  # type: ignore[no-untyped-def]
    with child(lines) as sandbox:
        for _ in range(2):
            with pytest.raises(ReaderFailedError) as failed:
                sandbox.examine(b"x", TODAY, keep_nothing)
            assert failed.value.code == "READER-DIED"
            assert failed.value.retry_can_help


def test_a_child_that_hangs_is_ended_when_its_time_is_over(child) -> None:  # type: ignore[no-untyped-def]
    with child("time.sleep(600)", Limits(wall_seconds=0.5)) as sandbox:
        started = time.monotonic()
        with pytest.raises(ReaderFailedError) as failed:
            sandbox.examine(b"x", TODAY, keep_nothing)
    assert failed.value.code == "READER-HUNG"
    assert time.monotonic() - started < 10


def test_a_child_that_answers_drop_by_drop_does_not_outlive_its_time(child) -> None:  # type: ignore[no-untyped-def]
    lines = "while True:\n    connection.send_bytes(b'P\\0\\0\\0\\1'); time.sleep(0.05)"
    with child(lines, Limits(wall_seconds=1)) as sandbox, pytest.raises(ReaderFailedError) as failed:
        sandbox.examine(b"x", TODAY, lambda *_: None)
    assert failed.value.code == "READER-HUNG"


def test_what_cannot_be_read_is_said_as_the_reader_said_it(child) -> None:  # type: ignore[no-untyped-def]
    lines = """connection.recv_bytes()
connection.send_bytes(b'U' + json.dumps({"code": "ENCRYPTED", "zh": "已加密。", "en": "Encrypted."}).encode())"""
    with child(lines) as sandbox, pytest.raises(UnreadableError) as unreadable:
        sandbox.examine(b"x", TODAY, keep_nothing)
    assert (unreadable.value.code, unreadable.value.zh, unreadable.value.en) == ("ENCRYPTED", "已加密。", "Encrypted.")


def test_no_secret_of_the_environment_reaches_the_child(child, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("PIAOKU_S3_SECRET", "hidden")
    lines = "connection.recv_bytes(); answer(media_type=' '.join(sorted(os.environ)))"
    with child(lines) as sandbox:
        assert "PIAOKU_S3_SECRET" not in sandbox.examine(b"x", TODAY, keep_nothing).media_type


def test_what_a_child_left_on_the_disk_goes_with_it(child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    lines = "connection.recv_bytes(); open(os.environ['TMPDIR'] + '/page.png', 'wb').close(); time.sleep(600)"
    with child(lines, Limits(wall_seconds=3)) as sandbox, pytest.raises(ReaderFailedError):
        sandbox.examine(b"x", TODAY, keep_nothing)
    assert list((tmp_path / "temporary").iterdir()) == []


PROBES = {
    "memory": ("bytearray(3 << 30)", "MemoryError"),
    "open files": ("[open('/dev/null') for _ in range(500)]", "OSError"),
    "written bytes": ("open(os.path.join(os.environ.get('TMPDIR', '/tmp'), 'w'), 'wb').truncate(2 << 30)", "OSError"),
}


@pytest.mark.parametrize("limit", PROBES)
def test_the_real_child_gives_up_its_rights(child, limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    attempt, error = PROBES[limit]
    lines = f"""
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from ingest.reading_process import give_up_rights
give_up_rights(memory, open_files, written)
connection.recv_bytes()
try:
    {attempt}
except Exception as error:
    answer(media_type=type(error).__name__)
else:
    answer(media_type="allowed")
"""
    with child(lines, Limits(memory=2 << 30, wall_seconds=30)) as sandbox:
        assert sandbox.examine(b"x", TODAY, keep_nothing).media_type == error


def test_the_real_child_has_no_network(child) -> None:  # type: ignore[no-untyped-def]
    """Also not to this machine: the parent listens on loopback, and the child cannot reach it."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as door:
        lines = f"""
from ingest.reading_process import give_up_rights
isolated = give_up_rights(memory, open_files, written)
connection.recv_bytes()
try:
    socket.create_connection(("127.0.0.1", {door.getsockname()[1]}), timeout=2)
except OSError as error:
    answer(media_type="refused" if isolated else "not isolated")
else:
    answer(media_type="reached")
"""
        with child(lines) as sandbox:
            found = sandbox.examine(b"x", TODAY, keep_nothing).media_type
    if found == "not isolated":
        pytest.skip("this host forbids network name spaces")
    assert found == "refused"
