"""Deposit and join: what is promised, and what a crash between any two steps leaves."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

import pytest
from sqlalchemy import event

from archive.archive import Archive
from archive.bootstrap import open_archive
from archive.errors import ConflictError, IntegrityError, NotFoundError, StoreUnavailableError
from archive.model.digest import Digest
from archive.model.query import Query
from archive.model.record import NO_CHANNEL
from archive.objects.filesystem import FilesystemStore
from archive.objects.memory import MemoryStore
from archive.objects.store import ObjectStore, Stored
from archive.settings import ArchiveSettings


class CrashError(BaseException):
    """The process ends here; no error path of the program may catch it."""


@dataclass
class CrashingStore:
    """A real store in front of which the process dies at the ``n``-th write (1 is the first), or right after it."""

    inner: ObjectStore
    at: int
    after: bool
    writes: int = field(default=0)
    retention_enforced_by: str = "application"

    def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
        return self._step(lambda: self.inner.put(key, chunks, until))

    def lock_until(self, key: str, day: date) -> None:
        self._step(lambda: self.inner.lock_until(key, day))

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        return self.inner.open(key)

    def stat(self, key: str) -> Any:
        return self.inner.stat(key)

    def list(self, prefix: str = "") -> Any:
        return self.inner.list(prefix)

    def delete(self, key: str, today: date) -> None:
        self.inner.delete(key, today)

    def _step(self, write: Callable[[], Any]) -> Any:
        self.writes += 1
        if self.writes == self.at and not self.after:
            raise CrashError
        done = write()
        if self.writes == self.at:
            raise CrashError
        return done


def vault_of(folder: Path) -> FilesystemStore:
    return FilesystemStore(folder / "vault")


def test_a_deposited_invoice_is_a_record_with_its_term_and_its_honest_status(archive: Archive, deposit: Any) -> None:
    record = deposit()
    assert record == archive.record(record.id)
    assert record.version == 1
    assert record.retain_until == date(2031, 3, 1)
    assert record.verification == NO_CHANNEL
    assert [reading.document for reading in record.readings] == [record.originals[0].digest]
    with archive.original(record.originals[0].digest) as file:
        assert file.read() == b"invented document 1"


def test_original_and_record_are_locked_for_the_term(deposit: Any, data_folder: Path) -> None:
    record = deposit()
    vault = vault_of(data_folder)
    locks = {listed.key: vault.stat(listed.key).locked_until for listed in vault.list()}
    digest = record.originals[0].digest.hex
    assert locks == {
        f"originals/{digest[:2]}/{digest}": record.retain_until,
        f"records/{record.id}/0001.json": record.retain_until,
    }


def test_an_unread_issue_date_counts_from_arrival(deposit: Any) -> None:
    assert deposit(issue_date=None).retain_until == date(2031, 3, 9)


def test_the_same_deposit_again_is_the_same_record_and_one_entry(archive: Archive, deposit: Any) -> None:
    first = deposit()
    assert deposit() == first
    assert [entry.act for entry in archive.history(first.id)] == ["record-deposited"]


def test_two_invoices_of_one_document_are_two_records_with_one_original(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    arguments = deposit.arguments(1)
    first = archive.deposit(**arguments)
    later = replace(arguments["invoice"], invoice_number="26990000000000000002", issue_date=date(2027, 1, 1))
    second = archive.deposit(**{**arguments, "index": 1, "invoice": later})
    assert first.id != second.id
    vault = vault_of(data_folder)
    assert [vault.stat(listed.key).locked_until for listed in vault.list("originals/")] == [date(2032, 1, 1)]
    assert archive.check(pause=0).clean


def test_a_second_document_of_the_same_invoice_is_refused_and_leaves_nothing_in_the_vault(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    first = deposit(1)
    before = list(vault_of(data_folder).list())
    with pytest.raises(ConflictError, match=first.id):
        deposit(2, invoice_number=first.invoice.invoice_number)
    assert list(vault_of(data_folder).list()) == before
    assert archive.search(Query()).total == 1


def test_invoices_without_a_read_number_do_not_conflict(archive: Archive, deposit: Any) -> None:
    assert deposit(1, invoice_number=None).id != deposit(2, invoice_number=None).id


def test_bytes_that_are_not_the_document_never_reach_the_vault(deposit: Any, data_folder: Path) -> None:
    with pytest.raises(IntegrityError):
        deposit.archive.deposit(**{**deposit.arguments(1), "content": deposit.content(b"something else")})
    assert list(vault_of(data_folder).list()) == []


def test_an_original_of_another_document_is_a_fault_of_the_caller(deposit: Any) -> None:
    with pytest.raises(ValueError, match="not the document"):
        deposit.archive.deposit(**{**deposit.arguments(1), "document_digest": Digest.of(b"other")})


def test_a_further_rendition_joins_as_the_next_version(archive: Archive, deposit: Any, data_folder: Path) -> None:
    first = deposit()
    joined = deposit.join(first, b"the same invoice as OFD")
    assert joined == archive.record(first.id)
    assert (joined.version, len(joined.originals), len(joined.readings)) == (2, 2, 2)
    assert joined.readings[1].document == Digest.of(b"the same invoice as OFD")
    assert (joined.deposited_at, joined.invoice) == (first.deposited_at, first.invoice)
    keys = [stat.key for stat in vault_of(data_folder).list("records/")]
    assert keys == [f"records/{first.id}/0001.json", f"records/{first.id}/0002.json"]
    assert [entry.act for entry in archive.history(first.id)] == ["record-deposited", "rendition-joined"]
    assert archive.check(pause=0).clean


def test_a_rendition_that_is_already_there_changes_nothing(archive: Archive, deposit: Any) -> None:
    joined = deposit.join(deposit(), b"again")
    assert deposit.join(joined, b"again") == joined
    assert len(archive.history(joined.id)) == 2


def test_joining_a_record_that_does_not_exist_is_not_found(deposit: Any) -> None:
    with pytest.raises(NotFoundError):
        deposit.join(replace(deposit(), id="0000000000000000"), b"x")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", [1, 2])
def test_a_crash_at_any_write_of_a_deposit_is_completed_by_trying_again(
    archive: Archive, deposit: Any, data_folder: Path, now: datetime, step: int, after: bool
) -> None:
    vault = CrashingStore(vault_of(data_folder), step, after)
    arguments = deposit.arguments(1)
    with pytest.raises(CrashError):
        Archive(archive.database, archive.inbox, vault).deposit(**arguments)
    assert archive.claim(arguments["invoice"].identity) is None
    later = now.replace(year=2027)
    record = archive.deposit(**{**arguments, "now": later})
    assert record == archive.record(record.id)
    assert record.version == 1
    json_was_there = step == 2 and after
    assert record.deposited_at == (now if json_was_there else later)
    assert archive.check(pause=0).clean
    assert len(archive.history(record.id)) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", [1, 2])
def test_a_crash_at_any_write_of_a_join_is_completed_by_trying_again(
    archive: Archive, deposit: Any, data_folder: Path, step: int, after: bool
) -> None:
    first = deposit()
    dying = type(deposit)(Archive(archive.database, archive.inbox, CrashingStore(vault_of(data_folder), step, after)))
    with pytest.raises(CrashError):
        dying.join(first, b"as OFD")
    assert archive.record(first.id) == first
    joined = deposit.join(first, b"as OFD")
    assert (joined.version, len(joined.originals)) == (2, 2)
    assert archive.check(pause=0).clean


def test_a_database_error_at_commit_leaves_no_row_and_is_completed_by_trying_again(
    archive: Archive, deposit: Any
) -> None:
    engine = archive.database._engine

    def fails(_connection: object) -> None:
        raise CrashError

    event.listen(engine, "commit", fails)
    with pytest.raises(CrashError):
        deposit()
    event.remove(engine, "commit", fails)
    assert archive.search(Query()).total == 0
    assert archive.newest() == ()
    deposit()
    assert archive.check(pause=0).clean


def test_what_a_crash_left_stays_as_a_version_when_a_person_corrected_a_value_since(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    arguments = deposit.arguments(1)
    with pytest.raises(CrashError):
        Archive(archive.database, archive.inbox, CrashingStore(vault_of(data_folder), 2, True)).deposit(**arguments)
    corrected = replace(arguments["invoice"], total_amount=Decimal("107.00"))
    record = archive.deposit(**{**arguments, "invoice": corrected})
    assert (record.version, record.invoice.total_amount) == (2, Decimal("107.00"))
    assert [stat.key for stat in vault_of(data_folder).list("records/")] == [
        f"records/{record.id}/0001.json",
        f"records/{record.id}/0002.json",
    ]
    assert archive.check(pause=0).clean


def test_until_it_is_tried_again_an_interrupted_deposit_is_no_fault_while_its_document_waits(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    arguments = deposit.arguments(1)
    with pytest.raises(CrashError):
        Archive(archive.database, archive.inbox, CrashingStore(vault_of(data_folder), 2, True)).deposit(**arguments)
    digest = arguments["document_digest"]
    archive.inbox.put(digest.hex, [b"invented document 1"])
    assert archive.check(lambda: [(digest.hex, digest, 19)], pause=0).clean
    kinds = [fault.kind for fault in archive.check(list, pause=0).faults if fault.area == "vault"]
    assert kinds == ["unknown", "unknown"]


def test_two_claims_to_one_invoice_at_the_same_moment_make_one_record_and_one_conflict(
    archive: Archive, deposit: Any
) -> None:
    outcomes: list[object] = []

    def claim(n: int) -> None:
        try:
            outcomes.append(deposit(n, invoice_number="26990000000000000009"))
        except ConflictError as error:
            outcomes.append(error)

    threads = [Thread(target=claim, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, ConflictError) for outcome in outcomes) == 3
    assert archive.search(Query()).total == 1
    assert archive.check(pause=0).clean


def test_renditions_that_join_at_the_same_moment_are_all_kept(archive: Archive, deposit: Any) -> None:
    record = deposit()
    threads = [Thread(target=deposit.join, args=(record, f"rendition {n}".encode())) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    joined = archive.record(record.id)
    assert (joined.version, len(joined.originals)) == (6, 6)
    assert archive.check(pause=0).clean


def test_a_store_that_does_not_answer_is_told_and_nothing_is_recorded(archive: Archive, deposit: Any) -> None:
    class Away(MemoryStore):
        def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
            raise StoreUnavailableError("存储无响应。", "The store does not answer.")

    with pytest.raises(StoreUnavailableError):
        Archive(archive.database, archive.inbox, Away()).deposit(**deposit.arguments(1))
    assert archive.newest() == ()


def test_everything_is_found_again_after_the_service_was_closed_and_opened(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    record = deposit()
    archive.database.close()
    again = open_archive(ArchiveSettings(data=data_folder))
    assert again.record(record.id) == record
    assert again.check(pause=0).clean
