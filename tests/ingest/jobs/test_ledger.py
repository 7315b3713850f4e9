"""The ledger of documents, on a real SQLite file."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from archive.catalog import migrate
from archive.catalog.database import Database, open_sqlite
from archive.model.digest import Digest
from archive.model.evidence import Box, Finding, Reading, Severity, Source
from ingest.errors import UnknownDocumentError
from ingest.jobs.ledger import STALE_AFTER, Ledger, document_id
from ingest.jobs.tables import MIGRATIONS
from ingest.model.document import Arrival, DocumentState
from ingest.model.draft import Draft, Examination, Item

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NUMBER = Reading("invoice_number", "26117000000123456789", Source.QR, Decimal("0.99"), 1, Box(0.1, 0.1, 0.2, 0.2))
EXAMINATION = Examination(
    "application/pdf",
    1,
    0.25,
    (Draft("digital_normal", (1,), {"invoice_number": NUMBER}, (NUMBER,), (Item(name="*服务*测试"),), ()),),
)
DOUBT = Finding("FIELD-MISSING", Severity.ERROR, "seller_name", "缺少销售方名称。", "The seller's name is missing.")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    migrate.upgrade(database, MIGRATIONS, "ingest_version")
    yield database
    database.close()


@pytest.fixture
def notes() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def ledger(database: Database, notes: list[tuple[str, str]]) -> Ledger:
    return Ledger(database, lambda _connection, _actor, act, subject, _details: notes.append((act, subject)))


def arrive(ledger: Ledger, name: str, batch: str = "b1", content: bytes | None = None, at: datetime = NOW) -> str:
    digest = Digest.of(name.encode() if content is None else content)
    arrival = Arrival(name, "票据/十一月", "web", "tester", batch)
    return ledger.register(arrival, digest, 10, "application/pdf", at).document


def test_a_document_is_named_after_its_bytes() -> None:
    first, second = document_id(Digest.of(b"1")), document_id(Digest.of(b"2"))
    assert first == document_id(Digest.of(b"1")) != second
    assert len(first) == 16


def test_the_first_arrival_of_bytes_makes_a_document_with_work_to_do(ledger: Ledger) -> None:
    name = arrive(ledger, "a.pdf")
    document = ledger.document(name)
    assert (document.state, document.arrival.file_name, document.first) == (DocumentState.RECEIVED, "a.pdf", True)
    assert ledger.waiting() == 1


def test_the_same_bytes_again_give_the_first_receipt_and_no_second_document(ledger: Ledger) -> None:
    digest = Digest.of(b"x")
    first = ledger.register(Arrival("a.pdf", "", "web", "t", "b1"), digest, 1, "application/pdf", NOW)
    later = NOW + timedelta(hours=1)
    again = ledger.register(Arrival("b.pdf", "", "web", "t", "b2"), digest, 1, "application/pdf", later)
    assert (again.document, again.received_at, again.first) == (first.document, NOW, False)
    assert ledger.waiting() == 1
    assert [d.arrival.file_name for d in ledger.changes(0, "b2")] == ["b.pdf"]
    assert [d.first for d in ledger.changes(0, "b2")] == [False]


def test_an_unknown_document_is_said_to_be_unknown(ledger: Ledger) -> None:
    with pytest.raises(UnknownDocumentError, match="UNKNOWN-DOCUMENT"):
        ledger.document("0" * 16)


def test_work_is_handed_out_once_and_in_the_order_of_arrival(ledger: Ledger) -> None:
    names = [arrive(ledger, f"{n}.pdf", at=NOW + timedelta(seconds=n)) for n in range(3)]
    claimed = [ledger.claim("w1", NOW + timedelta(minutes=1)) for _ in range(4)]
    assert [job.document.id for job in claimed if job] == names
    assert claimed[3] is None


def test_two_workers_at_the_same_time_never_get_the_same_document(ledger: Ledger) -> None:
    for number in range(40):
        arrive(ledger, f"{number}.pdf")
    taken: list[str] = []

    def work(owner: str) -> None:
        while job := ledger.claim(owner, NOW):
            taken.append(job.document.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 40


def test_work_of_a_dead_owner_is_taken_over_and_counts_as_a_further_attempt(ledger: Ledger) -> None:
    arrive(ledger, "a.pdf")
    assert ledger.claim("w1", NOW) is not None
    assert ledger.claim("w2", NOW + STALE_AFTER) is None
    job = ledger.claim("w2", NOW + STALE_AFTER + timedelta(seconds=1))
    assert job is not None
    assert job.attempts == 2


def test_a_sign_of_life_keeps_work_with_its_owner(ledger: Ledger) -> None:
    arrive(ledger, "a.pdf")
    ledger.claim("w1", NOW)
    ledger.beat("w1", NOW + STALE_AFTER)
    assert ledger.claim("w2", NOW + STALE_AFTER + timedelta(seconds=1)) is None


def test_postponed_work_waits_for_its_time(ledger: Ledger) -> None:
    name = arrive(ledger, "a.pdf")
    ledger.claim("w1", NOW)
    ledger.postpone(name, NOW + timedelta(minutes=1))
    assert ledger.claim("w1", NOW) is None
    assert ledger.claim("w1", NOW + timedelta(minutes=1)) is not None


def test_what_was_read_comes_back_as_it_was(ledger: Ledger) -> None:
    name = arrive(ledger, "a.pdf")
    ledger.record_examination(name, EXAMINATION)
    document = ledger.document(name)
    assert document.state is DocumentState.READ
    assert document.examination == EXAMINATION


def test_a_settled_document_has_no_work_left_and_keeps_its_reasons(ledger: Ledger) -> None:
    name = arrive(ledger, "a.pdf")
    ledger.settle(name, DocumentState.REVIEW, reasons=[DOUBT], records=["r1"], duplicate_of="r0")
    document = ledger.document(name)
    assert (document.state, document.reasons, document.records) == (DocumentState.REVIEW, (DOUBT,), ("r1",))
    assert document.duplicate_of == "r0"
    assert ledger.waiting() == 0


def test_documents_that_waited_for_a_format_get_a_new_attempt_and_no_others_do(ledger: Ledger) -> None:
    later = Finding("FORMAT-NOT-YET", Severity.ERROR, None, "暂不支持。", "Not yet.")
    waiting, doubtful = arrive(ledger, "a.ofd"), arrive(ledger, "b.pdf")
    ledger.settle(waiting, DocumentState.UNREADABLE, reasons=[later])
    ledger.settle(doubtful, DocumentState.REVIEW, reasons=[DOUBT])
    assert ledger.read_again("FORMAT-NOT-YET", NOW) == 1
    assert ledger.document(waiting).state is DocumentState.RECEIVED
    assert ledger.document(doubtful).state is DocumentState.REVIEW
    job = ledger.claim("w1", NOW)
    assert job is not None
    assert (job.document.id, job.attempts) == (waiting, 1)


def test_watchers_see_each_change_once(ledger: Ledger) -> None:
    first, second = arrive(ledger, "a.pdf"), arrive(ledger, "b.pdf")
    seen = ledger.changes(0, "b1")
    assert [document.id for document in seen] == [first, second]
    assert ledger.changes(seen[-1].changed, "b1") == ()
    ledger.settle(first, DocumentState.FILED)
    assert [document.id for document in ledger.changes(seen[-1].changed, "b1")] == [first]
    assert ledger.changes(0, "another batch") == ()


def test_the_summary_counts_by_state_and_by_batch(ledger: Ledger) -> None:
    name = arrive(ledger, "a.pdf")
    arrive(ledger, "b.pdf", batch="b2")
    ledger.settle(name, DocumentState.FILED)
    ledger.claim("w1", NOW)
    assert ledger.summary() == {"received": 1, "read": 0, "review": 0, "filed": 1, "unreadable": 0, "working": 1}
    assert ledger.summary("b1")["filed"] == 1
    assert ledger.summary("b1")["working"] == 0


def test_documents_in_front_of_a_person_come_newest_first_page_by_page(ledger: Ledger) -> None:
    names = [arrive(ledger, f"{n}.pdf", at=NOW + timedelta(seconds=n // 2)) for n in range(5)]
    for name in names:
        ledger.settle(name, DocumentState.UNREADABLE)
    everything = [document.id for document in ledger.attention(10)]
    assert sorted(everything) == sorted(names)
    assert everything[0] == names[4]
    pages = [document.id for document in ledger.attention(2)]
    while more := ledger.attention(2, pages[-1]):
        pages += [document.id for document in more]
    assert pages == everything


def test_only_documents_that_are_not_filed_belong_in_the_inbox(ledger: Ledger) -> None:
    filed, waiting = arrive(ledger, "a.pdf"), arrive(ledger, "b.pdf")
    ledger.settle(filed, DocumentState.FILED)
    assert [document_id(digest) for digest, _size in ledger.in_inbox()] == [waiting]


def test_each_act_has_its_audit_entry(ledger: Ledger, notes: list[tuple[str, str]]) -> None:
    name = arrive(ledger, "a.pdf")
    ledger.record_examination(name, EXAMINATION)
    ledger.settle(name, DocumentState.FILED)
    assert notes == [("document-received", name), ("document-read", name), ("document-filed", name)]


def test_an_act_whose_audit_entry_fails_did_not_happen(database: Database) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("no entry")

    ledger = Ledger(database, refuse)
    with pytest.raises(RuntimeError, match="no entry"):
        arrive(ledger, "a.pdf")
    assert ledger.waiting() == 0
    assert ledger.changes(0) == ()
