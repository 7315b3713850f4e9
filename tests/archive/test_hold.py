"""Legal hold: by case and reason, beats every term, ends only by release, and the log tells."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.audit.entry import Act
from archive.errors import NotFoundError, QueryError, RetentionError
from archive.objects.filesystem import FilesystemStore

LONG_AGO = date(2010, 1, 1)
"""The term of what was issued then has ended: only the hold keeps it."""


def hold(archive: Archive, record: Any, case: str = "2026 年税务稽查", reason: str = "税务机关要求") -> bool:
    return archive.hold(record.id, case=case, reason=reason, actor="法务")


def release(archive: Archive, record: Any, case: str = "2026 年税务稽查") -> None:
    archive.release(record.id, case=case, reason="稽查结束", actor="法务主管")


def held(folder: Path) -> set[str]:
    vault = FilesystemStore(folder / "vault")
    return {item.key for item in vault.list() if vault.stat(item.key).on_hold}


@pytest.fixture
def by_hand(archive: Archive, data_folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(data_folder / "catalog.sqlite3", isolation_level=None)
    yield connection
    connection.close()


def test_a_hold_names_case_reason_and_person_and_so_does_the_log(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    assert hold(archive, record)
    (placed,) = archive.holds(record.id)
    assert (placed.case, placed.reason, placed.placed_by, placed.is_open) == (
        "2026 年税务稽查",
        "税务机关要求",
        "法务",
        True,
    )
    release(archive, record)
    (ended,) = archive.holds(record.id)
    assert (ended.is_open, ended.released_by, ended.release_reason) == (False, "法务主管", "稽查结束")
    told = archive.history(record.id)[1:]
    assert [(entry.act, entry.actor, entry.details["case"]) for entry in told] == [
        (Act.HOLD_PLACED, "法务", "2026 年税务稽查"),
        (Act.HOLD_RELEASED, "法务主管", "2026 年税务稽查"),
    ]
    assert archive.check(list, pause=0).clean


def test_the_same_case_holds_once_and_may_hold_again_after_its_release(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    assert [hold(archive, record), hold(archive, record)] == [True, False]
    release(archive, record)
    assert hold(archive, record)
    assert [there.is_open for there in archive.holds(record.id)] == [False, True]
    assert len(archive.history(record.id)) == 4


def test_a_record_on_hold_is_not_removed_after_its_term_and_the_refusal_names_the_case(
    archive: Archive, deposit: Any
) -> None:
    record = deposit(1, issue_date=LONG_AGO)
    hold(archive, record)
    with pytest.raises(RetentionError, match=r"legal hold.*税务稽查"):
        archive.remove(record.id, date(2026, 1, 1))


DELETES = [
    "DELETE FROM record_originals",
    "DELETE FROM records",
    "DELETE FROM objects WHERE key LIKE 'records/%'",
    "DELETE FROM objects WHERE key LIKE 'originals/%'",
    "DELETE FROM holds",
    "UPDATE holds SET reason = 'none'",
    "UPDATE holds SET released_at = '2026-01-01'",
    "UPDATE holds SET released_at = '2026-01-01', released_by = 'x', placed_by = 'x'",
    "INSERT OR REPLACE INTO holds SELECT * FROM holds",
    "INSERT INTO holds SELECT record_id, case_name, number + 1, reason, placed_at, placed_by, NULL, NULL, NULL "
    "FROM holds",
]


@pytest.mark.parametrize("statement", DELETES)
def test_sql_by_hand_cannot_remove_what_is_on_hold_although_its_term_has_ended(
    archive: Archive, deposit: Any, by_hand: sqlite3.Connection, statement: str
) -> None:
    hold(archive, deposit(1, issue_date=LONG_AGO))
    by_hand.execute("PRAGMA foreign_keys=OFF")
    with pytest.raises(sqlite3.IntegrityError, match="hold"):
        by_hand.execute(statement)


def test_an_ended_hold_stays_as_it_was(archive: Archive, deposit: Any, by_hand: sqlite3.Connection) -> None:
    record = deposit(1)
    hold(archive, record)
    release(archive, record)
    for statement in ("UPDATE holds SET released_at = '2030-01-01'", "UPDATE holds SET released_at = NULL"):
        with pytest.raises(sqlite3.IntegrityError, match="released, once"):
            by_hand.execute(statement)


def test_the_vault_holds_originals_and_all_versions_until_the_last_case_is_closed(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    record = deposit.join(deposit(1), b"as OFD")
    hold(archive, record)
    hold(archive, record, "诉讼")
    assert len(held(data_folder)) == 4
    release(archive, record)
    assert len(held(data_folder)) == 4
    release(archive, record, "诉讼")
    assert held(data_folder) == set()


def test_an_original_that_another_record_on_hold_needs_stays_held(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    first = deposit(1)
    second = archive.deposit(**{**deposit.arguments(1), "index": 1, "invoice": deposit.invoice(2)})
    hold(archive, first)
    hold(archive, second)
    release(archive, first)
    assert held(data_folder) == {
        f"originals/{first.originals[0].digest.hex[:2]}/{first.originals[0].digest.hex}",
        f"records/{second.id}/0001.json",
    }


def test_what_joins_a_record_on_hold_is_held_by_the_schedule(archive: Archive, deposit: Any, data_folder: Path) -> None:
    record = deposit(1)
    hold(archive, record)
    deposit.join(record, b"as OFD")
    assert archive.renew_holds() == 1
    assert len(held(data_folder)) == 4


def test_killed_between_vault_and_catalog_the_hold_can_be_placed_again(
    archive: Archive, deposit: Any, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deposit(1)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("archive.audit.log.append", killed)
        with pytest.raises(KeyboardInterrupt):
            hold(archive, record)
    assert archive.holds(record.id) == ()
    assert hold(archive, record)
    assert len(held(data_folder)) == 2


@pytest.mark.parametrize(
    ("case", "reason"), [("", "r"), (" ", "r"), ("c", ""), ("c" * 121, "r"), ("\udcff", "r"), ("c", "r\n")]
)
def test_a_hold_without_case_or_reason_is_refused(
    archive: Archive, deposit: Any, data_folder: Path, case: str, reason: str
) -> None:
    with pytest.raises(QueryError):
        hold(archive, deposit(1), case, reason)
    assert held(data_folder) == set()


def test_a_release_without_reason_is_refused(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    hold(archive, record)
    with pytest.raises(QueryError):
        archive.release(record.id, case="2026 年税务稽查", reason=" ", actor="法务")
    assert archive.holds(record.id)[0].is_open


def test_what_is_not_there_is_told(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    with pytest.raises(NotFoundError, match="not on hold"):
        release(archive, record)
    with pytest.raises(NotFoundError):
        archive.hold("0000000000000000", case="c", reason="r", actor="a", now=datetime.now(UTC))
