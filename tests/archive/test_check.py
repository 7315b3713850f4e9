"""Check: each fault is found by really making it, and a healthy archive at work raises none."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from archive.archive import Archive
from archive.check import Area, Fault, FaultKind, Progress
from archive.errors import StoreUnavailableError
from archive.model.digest import Digest
from archive.objects.filesystem import FilesystemStore


@pytest.fixture
def record(deposit: Any) -> Any:
    deposit(2)
    return deposit.join(deposit(1), b"the same as OFD")


@pytest.fixture
def original(record: Any, data_folder: Path) -> Path:
    digest = record.originals[0].digest
    path = data_folder / "vault/originals" / digest.hex[:2] / digest.hex
    path.chmod(0o600)
    return path


@pytest.fixture
def by_hand(archive: Archive, data_folder: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who owns the database: the triggers are dropped first."""
    connection = sqlite3.connect(data_folder / "catalog.sqlite3", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.close()


def faults(archive: Archive, **options: Any) -> list[tuple[FaultKind, str]]:
    return [(fault.kind, fault.key) for fault in archive.check(pause=0, **options).faults]


def test_a_healthy_archive_is_clean_and_everything_was_counted(archive: Archive, record: Any) -> None:
    told: list[Progress] = []
    report = archive.check(list, told.append, pause=0)
    assert report.clean
    assert (report.objects, report.records, report.entries) == (6, 2, 3)
    assert report.inbox_checked
    assert (told[-1].objects, told[-1].records) == (6, 2)
    assert report.bytes > 3000


def test_an_empty_archive_is_clean(archive: Archive) -> None:
    assert archive.check(list, pause=0).clean


def test_without_word_of_the_inbox_the_report_says_it_was_not_checked(archive: Archive) -> None:
    archive.inbox.put("stray", [b"x"])
    report = archive.check(pause=0)
    assert report.clean
    assert not report.inbox_checked


@pytest.mark.parametrize("change", [b"altered document 1", b"invented documenT 1", b"", b"invented document 1 "])
def test_an_altered_original_is_named_by_its_digest(
    archive: Archive, record: Any, original: Path, change: bytes
) -> None:
    original.write_bytes(change)
    (fault,) = archive.check(pause=0).faults
    assert (fault.kind, fault.area, fault.digest) == (FaultKind.ALTERED, Area.VAULT, record.originals[0].digest)
    assert record.originals[0].digest.text in fault.zh
    assert record.originals[0].digest.text in fault.en


def test_a_missing_original_is_named_by_its_digest(archive: Archive, record: Any, original: Path) -> None:
    original.unlink()
    (fault,) = archive.check(pause=0).faults
    assert (fault.kind, fault.digest) == (FaultKind.MISSING, record.originals[0].digest)


def test_a_missing_record_json_is_found(archive: Archive, record: Any, data_folder: Path) -> None:
    (data_folder / "vault/records" / record.id / "0001.json").unlink()
    assert faults(archive) == [(FaultKind.MISSING, f"records/{record.id}/0001.json")]


def test_an_object_that_nobody_knows_is_found(archive: Archive, record: Any, data_folder: Path) -> None:
    (data_folder / "vault/originals/zz").write_bytes(b"who put this here?")
    (data_folder / "vault/records" / record.id / "0009.json").write_text("{}")
    assert faults(archive, expected_inbox=list) == [
        (FaultKind.UNKNOWN, "originals/zz"),
        (FaultKind.UNKNOWN, f"records/{record.id}/0009.json"),
    ]


def test_a_lock_that_is_gone_or_too_short_is_found(archive: Archive, record: Any, data_folder: Path) -> None:
    folder = data_folder / "vault/.locks/records" / record.id
    (folder / "0001.json").unlink()
    (folder / "0002.json").write_text("2031-02-28\n")
    assert faults(archive) == [
        (FaultKind.UNLOCKED, f"records/{record.id}/0001.json"),
        (FaultKind.UNLOCKED, f"records/{record.id}/0002.json"),
    ]


def test_what_cannot_be_read_is_reported_as_not_checked(archive: Archive, record: Any, data_folder: Path) -> None:
    bad = f"records/{record.id}/0001.json"

    class BadSector(FilesystemStore):
        def open(self, key: str) -> Any:
            if key == bad:
                raise StoreUnavailableError("读取出错。", "Input/output error.")
            return super().open(key)

    checked = Archive(archive.database, archive.inbox, BadSector(data_folder / "vault"))
    assert faults(checked) == [(FaultKind.UNREADABLE, bad)]


def test_a_file_that_became_a_folder_of_files_is_found(archive: Archive, record: Any, original: Path) -> None:
    original.unlink()
    original.mkdir()
    (original / "x").write_bytes(b"x")
    assert [kind for kind, _ in faults(archive)] == [FaultKind.MISSING, FaultKind.UNKNOWN]


def test_a_symbolic_link_in_place_of_an_original_is_missing(archive: Archive, record: Any, original: Path) -> None:
    original.rename(original.with_name("moved"))
    original.symlink_to("moved")
    assert {kind for kind, _ in faults(archive)} == {FaultKind.MISSING, FaultKind.UNKNOWN}


@pytest.mark.parametrize("name", [b"Foreign File.TXT", "发票.pdf".encode(), b"\xff\xfe", b".hidden", b"a'b\"c%_"])
def test_a_foreign_file_under_any_name_is_unknown(
    archive: Archive, record: Any, data_folder: Path, name: bytes
) -> None:
    Path(os.fsdecode(os.fsencode(data_folder / "vault/originals") + b"/" + name)).write_bytes(b"foreign")
    ((kind, key),) = faults(archive, expected_inbox=list)
    assert kind == FaultKind.UNKNOWN
    assert key.startswith("originals/")
    key.encode()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET total_amount = total_amount + 1 WHERE id = ?",
        "UPDATE records SET seller_name = '别家' WHERE id = ?",
        "UPDATE records SET search_text = '' WHERE id = ?",
        "UPDATE records SET issue_date = NULL WHERE id = ?",
        "UPDATE records SET retain_until = '2027-01-01' WHERE id = ?",
        "UPDATE records SET content = replace(content, '106.00', '107.00'), total_amount = 10700 WHERE id = ?",
        "UPDATE records SET content = 'no JSON' WHERE id = ?",
        "DELETE FROM record_originals WHERE position = 1 AND record_id = ?",
        "UPDATE record_originals SET digest = 'sha256:0' WHERE position = 1 AND record_id = ?",
    ],
)
def test_a_row_that_differs_from_the_stored_record_is_found(
    archive: Archive, record: Any, by_hand: sqlite3.Connection, statement: str
) -> None:
    by_hand.execute(statement, (record.id,))
    assert faults(archive) == [(FaultKind.RECORD_DIFFERS, record.id)]


def test_an_object_whose_row_was_removed_is_unknown(archive: Archive, record: Any, by_hand: sqlite3.Connection) -> None:
    key = f"records/{record.id}/0001.json"
    by_hand.execute("DELETE FROM objects WHERE key = ?", (key,))
    assert faults(archive) == [(FaultKind.UNKNOWN, key)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE audit_entries SET actor = 'nobody' WHERE sequence = 2", [(FaultKind.AUDIT_ALTERED, "2")]),
        ("UPDATE audit_entries SET details = 'no JSON' WHERE sequence = 2", [(FaultKind.AUDIT_ALTERED, "2")]),
        ("UPDATE audit_entries SET leaf_hash = '' WHERE sequence = 3", [(FaultKind.AUDIT_ALTERED, "3")]),
        ("DELETE FROM audit_entries WHERE sequence = 2", [(FaultKind.AUDIT_GAP, "2")]),
        ("DELETE FROM audit_entries WHERE sequence = 1", [(FaultKind.AUDIT_GAP, "1")]),
    ],
)
def test_a_changed_or_removed_audit_entry_is_found(
    archive: Archive, record: Any, by_hand: sqlite3.Connection, statement: str, expected: list[Any]
) -> None:
    by_hand.execute(statement)
    assert faults(archive) == expected


def test_the_inbox_is_compared_both_ways(archive: Archive, data_folder: Path) -> None:
    for key in ("good", "changed", "stray"):
        archive.inbox.put(key, [key.encode()])
    (data_folder / "inbox/changed").chmod(0o600)
    (data_folder / "inbox/changed").write_bytes(b"CHANGED")
    expected = [(key, Digest.of(key.encode()), len(key)) for key in ("good", "changed", "lost")]
    found = archive.check(lambda: expected, pause=0).faults
    assert {(fault.kind, fault.key) for fault in found} == {
        (FaultKind.ALTERED, "changed"),
        (FaultKind.MISSING, "lost"),
        (FaultKind.UNKNOWN, "stray"),
    }
    assert {fault.area for fault in found} == {Area.INBOX}


def test_what_is_in_order_at_the_second_look_is_no_fault(archive: Archive) -> None:
    """A document arrives between the look at the rows and the look at the store; another one leaves."""
    digest = Digest.of(b"x")
    looks: list[Iterable[tuple[str, Digest, int]]] = [[("leaving", digest, 1)], [], [("arriving", digest, 1)]]
    archive.inbox.put("arriving", [b"x"])
    assert archive.check(lambda: looks.pop(0) if looks else [("arriving", digest, 1)], pause=0).clean


def test_a_document_that_is_filed_during_the_second_look_is_no_fault(archive: Archive) -> None:
    row = ("leaving", Digest.of(b"x"), 1)
    looks: list[list[tuple[str, Digest, int]]] = [[row], [row], []]
    archive.inbox.put("other", [b"x"])
    found = archive.check(lambda: looks.pop(0) if len(looks) > 1 else looks[0], pause=0).faults
    assert [fault.key for fault in found] == ["other"]


def test_beside_a_service_that_files_documents_no_check_sees_a_fault(archive: Archive, deposit: Any) -> None:
    filed, found, checks, enough = list[int](), list[Fault](), 0, Event()

    def file() -> None:
        for n in count(100):
            if enough.is_set():
                return
            deposit.join(deposit(n), f"rendition of {n}".encode())
            filed.append(n)

    service = Thread(target=file)
    service.start()
    try:
        while service.is_alive() and (len(filed) < 30 or checks < 5):
            found += archive.check(pause=0.5).faults
            checks += 1
    finally:
        enough.set()
        service.join()
    assert found == []
    assert archive.check(pause=0).records == len(filed) >= 30
