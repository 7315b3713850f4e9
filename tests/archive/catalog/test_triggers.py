"""The catalog defends itself: against this program, and against SQL typed by hand with the standard library."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from archive.archive import Archive
from archive.catalog.tables import audit_entries, objects, record_originals, records

TODAY = datetime.now(UTC).date()


@pytest.fixture
def by_hand(archive: Archive, deposit: Any, data_folder: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with the file and a shell. The newest of two invoices makes replacing worth a try."""
    deposit(1, issue_date=TODAY)
    deposit(2, issue_date=TODAY)
    connection = sqlite3.connect(data_folder / "catalog.sqlite3", isolation_level=None)
    yield connection
    connection.close()


def state(connection: sqlite3.Connection) -> list[Any]:
    tables = ("objects", "records", "record_originals", "audit_entries", "audit_nodes")
    return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]


REFUSED = [
    "DELETE FROM records",
    "DELETE FROM objects",
    "DELETE FROM record_originals",
    "DELETE FROM audit_entries",
    "UPDATE records SET retain_until = date(retain_until, '-1 day')",
    "UPDATE objects SET retain_until = '2000-01-01'",
    "UPDATE records SET retain_until = 0",
    "UPDATE records SET retain_until = NULL",
    "UPDATE records SET retain_until = 'zzz'",
    "UPDATE records SET retain_until = x'ff'",
    "UPDATE records SET id = 'other' || version",
    "UPDATE records SET version = 0",
    "UPDATE OR REPLACE records SET identity = '26990000000000000001'",
    "UPDATE OR REPLACE records SET id = (SELECT min(id) FROM records)",
    "INSERT OR REPLACE INTO records SELECT * FROM records",
    "INSERT OR REPLACE INTO objects SELECT key, digest, size, '2000-01-01' FROM objects",
    "INSERT OR REPLACE INTO record_originals SELECT * FROM record_originals",
    "INSERT OR REPLACE INTO records SELECT 'other', version, identity, kind, invoice_code, invoice_number, issue_date, "
    "seller_name, buyer_name, total_amount, verification, '2000-01-01', file_name, seller_text, buyer_text, "
    "search_text, content FROM records",
    "UPDATE objects SET digest = 'sha256:' || substr(digest, 9) || '0'",
    "UPDATE objects SET size = 0",
    "UPDATE OR REPLACE objects SET key = (SELECT min(key) FROM objects)",
    "UPDATE record_originals SET position = 7",
    "UPDATE audit_entries SET actor = 'nobody'",
    "UPDATE OR REPLACE audit_entries SET sequence = 1",
    "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries",
    "INSERT INTO audit_entries SELECT sequence + 5, at, actor, act, subject, details, leaf_hash FROM audit_entries",
    "DELETE FROM audit_nodes",
    "UPDATE audit_nodes SET hash = ''",
    "UPDATE OR REPLACE audit_nodes SET level = 2",
    "INSERT OR REPLACE INTO audit_nodes SELECT * FROM audit_nodes",
    "INSERT INTO audit_nodes VALUES (1, 1, '')",
    "INSERT INTO audit_nodes VALUES (0, 0, '')",
    "INSERT INTO audit_nodes VALUES (NULL, 0, '')",
    "UPDATE records SET issue_date = date(issue_date, '+1 day')",
    "INSERT INTO records SELECT 'other', version, 'other', kind, invoice_code, invoice_number, issue_date, "
    "seller_name, buyer_name, total_amount, verification, date(issue_date, '+5 years', '-1 day'), file_name, "
    "seller_text, buyer_text, search_text, content FROM records LIMIT 1",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_sql_by_hand_that_forgets_or_rewrites_is_refused(by_hand: sqlite3.Connection, statement: str) -> None:
    before = state(by_hand)
    with pytest.raises(sqlite3.IntegrityError):
        by_hand.execute(statement)
    assert state(by_hand) == before


@pytest.mark.parametrize(
    "statement",
    [
        delete(records),
        delete(record_originals),
        delete(objects),
        delete(audit_entries),
        update(records).values(retain_until=date(2020, 1, 1)),
        update(audit_entries).values(actor="nobody"),
    ],
    ids=str,
)
def test_the_same_through_the_program_is_refused(archive: Archive, deposit: Any, statement: Any) -> None:
    deposit(issue_date=TODAY)
    with pytest.raises(IntegrityError), archive.database.write() as connection:
        connection.execute(statement)
    assert archive.check(pause=0).clean


def test_what_is_extended_by_hand_takes_its_originals_and_all_versions_along(
    by_hand: sqlite3.Connection, archive: Archive, deposit: Any
) -> None:
    record = deposit.join(archive.claim("26990000000000000001"), b"as OFD")
    other = archive.claim("26990000000000000002")
    assert other
    by_hand.execute("UPDATE records SET retain_until = '2077-01-01' WHERE id = ?", (record.id,))
    terms = dict(by_hand.execute("SELECT key, retain_until FROM objects").fetchall())
    longer = {key for key, until in terms.items() if until == "2077-01-01"}
    assert longer == {
        f"records/{record.id}/0001.json",
        f"records/{record.id}/0002.json",
        *(f"originals/{original.digest.hex[:2]}/{original.digest.hex}" for original in record.originals),
    }
    assert terms[f"records/{other.id}/0001.json"] == other.retain_until.isoformat()


def test_an_original_that_is_joined_by_hand_is_kept_as_long_as_its_record(by_hand: sqlite3.Connection) -> None:
    by_hand.execute("INSERT INTO objects VALUES ('originals/ff/ff', 'd', 1, '2000-01-01')")
    record, until = by_hand.execute("SELECT id, retain_until FROM records LIMIT 1").fetchone()
    by_hand.execute("INSERT INTO record_originals VALUES (?, 7, 'originals/ff/ff', 'd')", (record,))
    assert by_hand.execute("SELECT retain_until FROM objects WHERE key = 'originals/ff/ff'").fetchone() == (until,)


def test_a_record_whose_issue_date_was_not_read_may_be_kept(by_hand: sqlite3.Connection) -> None:
    by_hand.execute("UPDATE records SET issue_date = NULL")
    by_hand.execute("UPDATE records SET retain_until = date(retain_until, '+1 year')")


def test_a_term_may_be_extended(by_hand: sqlite3.Connection) -> None:
    by_hand.execute("UPDATE records SET retain_until = date(retain_until, '+5 years')")
    by_hand.execute("UPDATE objects SET retain_until = date(retain_until, '+5 years')")


def test_the_refusal_ends_on_the_beijing_day_on_which_the_term_ends(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    connection = sqlite3.connect(data_folder / "catalog.sqlite3", isolation_level=None)
    today = date.fromisoformat(connection.execute("SELECT date('now', '+8 hours')").fetchone()[0])
    for n, until in enumerate((today, today + timedelta(days=1))):
        connection.execute("INSERT INTO objects VALUES (?, 'd', 1, ?)", (f"a/{n}", until.isoformat()))
    connection.execute("DELETE FROM objects WHERE key = 'a/0'")
    with pytest.raises(sqlite3.IntegrityError, match="retention"):
        connection.execute("DELETE FROM objects WHERE key = 'a/1'")
    connection.close()
