"""The worker, on a real data folder; only the reading process is played, so that it can fail on command."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from archive.errors import ConflictError, StoreUnavailableError
from archive.model.evidence import Reading, Source
from ingest import filing
from ingest.bootstrap import Service, build, expected_in_inbox
from ingest.errors import ReaderFailedError, UnreadableError
from ingest.model.document import Arrival, Document, DocumentState
from ingest.model.draft import Draft, Examination
from ingest.sandbox import Keep
from ingest.settings import Settings
from ingest.worker import Worker

PDF = b"%PDF-1.7\n%%EOF\n"
VALUES = {
    "invoice_number": "26112000000012345678",
    "issue_date": "2026-11-18",
    "seller_name": "北京测试甲科技有限公司",
    "seller_tax_id": "91110108MA01DEM239",
    "buyer_name": "北京测试乙科技有限公司",
    "buyer_tax_id": "91110105MA00TET16L",
    "amount_without_tax": "1000.00",
    "tax_amount": "130.00",
    "total_amount": "1130.00",
    "total_amount_cn": "壹仟壹佰叁拾圆整",
}


def draft(**changes: str) -> Draft:
    """An invoice of which text layer and QR code say the same."""
    readings = []
    for field, value in {**VALUES, **changes}.items():
        readings.append(Reading(field, value, Source.PDF_TEXT, Decimal("0.99"), 1))
        if field in ("invoice_number", "issue_date", "total_amount"):
            readings.append(Reading(field, value, Source.QR, Decimal(1), 1))
    fields = {reading.field: reading for reading in readings}
    return Draft("digital_normal", (1,), fields, tuple(readings), (), ())


def examination(*drafts: Draft) -> Examination:
    return Examination("application/pdf", 1, 0.1, drafts)


class PlayedSandbox:
    """Answers, or fails, as the test says."""

    def __init__(self, answer: Callable[[bytes], Examination]) -> None:
        self._answer = answer
        self.read: list[bytes] = []

    def __enter__(self) -> "PlayedSandbox":
        return self

    def __exit__(self, *_: object) -> None: ...

    def examine(self, content: bytes, today: date, keep_page: Keep, keep_text: Keep) -> Examination:
        self.read.append(content)
        return self._answer(content)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = build(Settings(data=tmp_path / "data"))
    yield service
    service.archive.database.close()


def accept(service: Service, content: bytes = PDF) -> str:
    return service.inbox.accept(Arrival("a.pdf", "", "web", "tester", "b"), [content]).document


def work_off(service: Service, sandbox: PlayedSandbox, seconds: float = 20) -> None:
    stop, worker = (
        threading.Event(),
        Worker(
            service.ledger,
            service.inbox,
            service.archive,
            service.renditions,
            lambda: sandbox,  # type: ignore[arg-type,return-value]
        ),
    )
    thread = threading.Thread(target=worker.run, args=(stop, 0.02))
    thread.start()
    until = datetime.now(UTC).timestamp() + seconds
    while service.ledger.waiting() and datetime.now(UTC).timestamp() < until:
        stop.wait(0.02)
    stop.set()
    thread.join()


def settled(service: Service, name: str) -> Document:
    document = service.ledger.document(name)
    assert document.state not in (DocumentState.RECEIVED, DocumentState.READ), "still waiting"
    return document


def faults(service: Service) -> object:
    return service.archive.check(expected_in_inbox(service.archive), pause=0).faults


def test_an_accepted_invoice_becomes_a_record_and_leaves_the_inbox(service: Service) -> None:
    name = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    document = settled(service, name)
    assert document.state is DocumentState.FILED
    record = service.archive.record(document.records[0])
    assert record.invoice.total_amount == Decimal("1130.00")
    assert {reading.source for reading in record.readings if reading.field == "total_amount"} == {
        Source.PDF_TEXT,
        Source.QR,
    }
    with service.archive.original(document.digest) as original:
        assert original.read() == PDF
    assert list(service.archive.inbox.list()) == []
    assert not faults(service)


def test_what_is_no_invoice_goes_to_a_person(service: Service) -> None:
    name = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination()))
    document = settled(service, name)
    assert (document.state, [reason.code for reason in document.reasons]) == (DocumentState.REVIEW, ["NOT-AN-INVOICE"])
    assert not faults(service)


def test_an_unreadable_document_stays_with_its_reason(service: Service) -> None:
    def encrypted(_: bytes) -> Examination:
        raise UnreadableError("ENCRYPTED", "已加密。", "Encrypted.")

    name = accept(service)
    work_off(service, PlayedSandbox(encrypted))
    document = settled(service, name)
    assert (document.state, document.reasons[0].code) == (DocumentState.UNREADABLE, "ENCRYPTED")
    assert not faults(service)


def test_a_document_that_kills_its_reader_is_tried_twice_and_does_not_stop_its_neighbours(service: Service) -> None:
    def deadly(content: bytes) -> Examination:
        if content == PDF:
            raise ReaderFailedError("READER-DIED", "异常退出。", "Died.")
        return examination(draft())

    name, neighbour = accept(service), accept(service, PDF + b"%")
    sandbox = PlayedSandbox(deadly)
    work_off(service, sandbox)
    assert settled(service, name).state is DocumentState.UNREADABLE
    assert settled(service, neighbour).state is DocumentState.FILED
    assert sandbox.read.count(PDF) == 2


def test_an_unexpected_error_ends_in_front_of_a_person_and_not_in_a_traceback(service: Service) -> None:
    def surprising(_: bytes) -> Examination:
        raise KeyError("surprise")

    name = accept(service)
    work_off(service, PlayedSandbox(surprising))
    assert settled(service, name).reasons[0].code == "UNEXPECTED"


def test_a_document_whose_bytes_are_gone_ends_in_front_of_a_person(service: Service) -> None:
    name = accept(service)
    service.inbox.release(service.ledger.document(name).digest)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    document = settled(service, name)
    assert (document.state, document.reasons[0].code) == (DocumentState.REVIEW, "NOT-FOUND")


def test_a_lasting_conflict_ends_in_front_of_a_person(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def conflict(*_: object, **__: object) -> None:
        raise ConflictError("同一位置已有其他内容。", "Something else is there.")

    monkeypatch.setattr("ingest.filing.file", conflict)
    name = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    assert settled(service, name).reasons[0].code == "CONFLICT"


def test_a_conflict_with_another_worker_is_settled_at_the_second_look(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = filing.file

    def conflict_once(*arguments: object) -> object:
        monkeypatch.setattr("ingest.filing.file", honest)
        raise ConflictError("同一发票刚被归档。", "The same invoice was filed a moment ago.")

    monkeypatch.setattr("ingest.filing.file", conflict_once)
    name = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    assert settled(service, name).state is DocumentState.FILED


def test_a_store_that_is_away_is_waited_for(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, failures = filing.file, iter(range(3))

    def away(*arguments: object) -> object:
        if next(failures, None) is None:
            return honest(*arguments)  # type: ignore[arg-type]
        raise StoreUnavailableError("存储不可用。", "The store is away.")

    monkeypatch.setattr("ingest.worker.RETRY_AFTER", timedelta(0))
    monkeypatch.setattr("ingest.filing.file", away)
    name = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    assert settled(service, name).state is DocumentState.FILED


def test_a_worker_outlives_a_ledger_that_fails(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = service.ledger.claim

    def fails_once(*_: object) -> None:
        monkeypatch.setattr(type(service.ledger), "claim", lambda _self, *given: honest(*given))
        raise OSError("disk I/O error")

    name = accept(service)
    monkeypatch.setattr(type(service.ledger), "claim", fails_once)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    assert settled(service, name).state is DocumentState.FILED


def test_a_restart_goes_on_after_the_reading_and_does_not_repeat_it(service: Service) -> None:
    name = accept(service)
    service.ledger.record_examination(name, examination(draft()))
    sandbox = PlayedSandbox(lambda _: examination())
    work_off(service, sandbox)
    assert settled(service, name).state is DocumentState.FILED
    assert sandbox.read == []


def test_a_restart_between_filing_and_settling_finds_the_record_and_makes_no_second_one(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = accept(service)
    honest = service.ledger.settle

    def dies(*_: object, **__: object) -> None:
        monkeypatch.setattr(type(service.ledger), "settle", lambda _self, *a, **k: honest(*a, **k))
        raise StoreUnavailableError("断电。", "Power cut.")

    monkeypatch.setattr("ingest.worker.RETRY_AFTER", timedelta(0))
    monkeypatch.setattr(type(service.ledger), "settle", dies)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    document = settled(service, name)
    assert document.state is DocumentState.FILED
    assert len(document.records) == 1
    assert not faults(service)


def test_the_same_invoice_in_other_bytes_of_the_same_type_is_a_duplicate_in_front_of_a_person(service: Service) -> None:
    first = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    second = accept(service, PDF + b"%again")
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    document = settled(service, second)
    assert document.state is DocumentState.REVIEW
    assert document.duplicate_of == settled(service, first).records[0]
    assert "DUPLICATE-INVOICE" in [reason.code for reason in document.reasons]
    assert not faults(service)


def test_the_same_invoice_twice_in_one_document_makes_one_record(service: Service) -> None:
    name = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(draft(), draft())))
    document = settled(service, name)
    assert document.state is DocumentState.REVIEW
    assert len(document.records) == 1
    assert document.duplicate_of == document.records[0]
    assert not faults(service)


def test_a_second_claim_with_another_amount_is_never_joined(service: Service) -> None:
    accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(draft())))
    other = {"amount_without_tax": "2000.00", "tax_amount": "260.00", "total_amount": "2260.00"}
    second = accept(service, PDF + b"%other")
    changed = draft(**other, total_amount_cn="贰仟贰佰陆拾圆整")
    work_off(service, PlayedSandbox(lambda _: examination(changed)))
    document = settled(service, second)
    assert document.state is DocumentState.REVIEW
    assert document.records == ()


def test_many_invoices_of_one_document_each_become_a_record(service: Service) -> None:
    numbers = [f"2611200000001234567{n}" for n in range(5)]
    name = accept(service)
    work_off(service, PlayedSandbox(lambda _: examination(*(draft(invoice_number=number) for number in numbers))))
    document = settled(service, name)
    assert document.state is DocumentState.FILED
    assert [service.archive.record(record).invoice.invoice_number for record in document.records] == numbers
