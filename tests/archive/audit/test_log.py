"""The log: in the transaction of the act, without gaps."""

from datetime import UTC, datetime
from threading import Thread

import pytest

from archive.archive import Archive
from archive.audit import log

AT = datetime(2026, 3, 9, tzinfo=UTC)


def test_entries_are_numbered_without_gaps_and_found_by_subject(archive: Archive) -> None:
    with archive.database.write() as connection:
        for n in range(5):
            archive.note(connection, "reviewer", "looked-at", f"document:{n % 2}", {"n": n}, AT)
    assert [entry.sequence for entry in archive.newest()] == [5, 4, 3, 2, 1]
    assert [entry.details["n"] for entry in archive.history("document:1")] == [1, 3]
    assert all(entry.is_whole for entry in archive.newest())


def test_an_entry_goes_with_its_act_when_the_transaction_fails(archive: Archive) -> None:
    def act_and_fail() -> None:
        with archive.database.write() as connection:
            archive.note(connection, "reviewer", "looked-at", "x", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()
    assert archive.newest() == ()
    with archive.database.write() as connection:
        assert archive.note(connection, "reviewer", "looked-at", "x", {}).sequence == 1


def test_writers_at_the_same_moment_leave_no_gap(archive: Archive) -> None:
    def write() -> None:
        for _ in range(10):
            with archive.database.write() as connection:
                archive.note(connection, "a", "b", "c", {})

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with archive.database.read() as connection:
        assert [entry.sequence for entry in log.after(connection, 0, 100)] == list(range(1, 41))


def test_what_is_stored_comes_back_whole_with_any_letters(archive: Archive) -> None:
    details = {"zh": "餐费“发票”\n", "none": None, "number": -3, "emoji": "🧾"}
    with archive.database.write() as connection:
        written = archive.note(connection, "审核员", "looked-at", "x", details, AT)
    assert archive.history("x") == (written,)
    assert archive.history("x")[0].is_whole
