"""The stored record: print and parse are each other's inverse, and the format stands still."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import record_json
from archive.model.digest import Digest
from archive.model.evidence import Box, Finding, Reading, Severity, Source
from archive.model.invoice import Invoice, Line, Party
from archive.model.record import NO_CHANNEL, Original, Record

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MAYBE = st.none() | TEXT
MONEY = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
OFFSETS = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2200, 1, 1), timezones=OFFSETS)  # noqa: DTZ001
DIGESTS = st.binary(max_size=3).map(Digest.of)
SHARE = st.floats(0, 1)
PARTIES = st.builds(Party, MAYBE, MAYBE, MAYBE, MAYBE)
LINES = st.builds(Line, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, MONEY, MAYBE, MONEY)
INVOICES = st.builds(
    Invoice,
    kind=TEXT,
    invoice_number=MAYBE,
    invoice_code=MAYBE,
    issue_date=st.none() | st.dates(),
    seller=PARTIES,
    buyer=PARTIES,
    amount_without_tax=MONEY,
    tax_amount=MONEY,
    total_amount=MONEY,
    remarks=MAYBE,
    lines=st.lists(LINES, max_size=3).map(tuple),
    particulars=st.dictionaries(TEXT, TEXT, max_size=2),
)
ORIGINALS = st.builds(
    Original, DIGESTS, st.integers(0), TEXT, TEXT, MOMENTS, TEXT, st.lists(st.integers(1), max_size=3).map(tuple)
)
BOXES = st.builds(Box, SHARE, SHARE, SHARE, SHARE)
READINGS = st.builds(
    Reading,
    TEXT,
    TEXT,
    st.sampled_from(Source),
    st.decimals(0, 1, allow_nan=False),
    st.none() | st.integers(1),
    st.none() | BOXES,
    st.none() | DIGESTS,
)
FINDINGS = st.builds(Finding, TEXT, st.sampled_from(Severity), MAYBE, TEXT, TEXT)
RECORDS = st.builds(
    Record,
    id=TEXT,
    version=st.integers(1),
    invoice=INVOICES,
    originals=st.lists(ORIGINALS, min_size=1, max_size=3).map(tuple),
    readings=st.lists(READINGS, max_size=3).map(tuple),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    verification=st.just(NO_CHANNEL),
    retention_class=TEXT,
    retain_until=st.dates(),
    deposited_at=MOMENTS,
    deposited_by=TEXT,
)


@given(RECORDS)
def test_a_record_comes_back_as_it_was_and_is_written_the_same_way_again(record: Record) -> None:
    text = record_json.dumps(record)
    assert record_json.loads(text) == record
    assert record_json.dumps(record_json.loads(text)) == text
    assert text.encode().decode() == text


def test_the_format_stands_still() -> None:
    """A change here needs a new format name and a reader for the old one: these bytes are kept for decades."""
    digest = Digest.of(b"x")
    record = Record(
        id="0123456789abcdef",
        version=1,
        invoice=Invoice("digital_normal", "26990000000000000001", total_amount=Decimal("106.00")),
        originals=(Original(digest, 1, "application/pdf", "甲.pdf", datetime(2026, 3, 9, tzinfo=UTC), "upload"),),
        readings=(Reading("total_amount", "106.00", Source.QR, Decimal("0.99"), 1, Box(0, 0, 0.5, 1), digest),),
        findings=(Finding("X", Severity.INFO, None, "好。", "Good."),),
        verification=NO_CHANNEL,
        retention_class="five-years",
        retain_until=date(2031, 3, 9),
        deposited_at=datetime(2026, 3, 9, tzinfo=UTC),
        deposited_by="piaoku",
    )
    nobody = {"name": None, "tax_id": None, "address_phone": None, "bank_account": None}
    assert json.loads(record_json.dumps(record)) == {
        "format": "piaoku-record/1",
        "id": "0123456789abcdef",
        "version": 1,
        "invoice": {
            "kind": "digital_normal",
            "invoice_number": "26990000000000000001",
            "invoice_code": None,
            "issue_date": None,
            "check_code": None,
            "machine_number": None,
            "seller": nobody,
            "buyer": nobody,
            "amount_without_tax": None,
            "tax_amount": None,
            "total_amount": "106.00",
            "total_amount_cn": None,
            "payee": None,
            "reviewer": None,
            "drawer": None,
            "remarks": None,
            "lines": [],
        },
        "originals": [
            {
                "digest": digest.text,
                "size": 1,
                "media_type": "application/pdf",
                "file_name": "甲.pdf",
                "received_at": "2026-03-09T00:00:00+00:00",
                "received_from": "upload",
                "pages": [1],
            }
        ],
        "readings": [
            {
                "field": "total_amount",
                "value": "106.00",
                "source": "qr",
                "confidence": "0.99",
                "page": 1,
                "box": [0, 0, 0.5, 1],
                "document": digest.text,
            }
        ],
        "findings": [{"code": "X", "severity": "info", "field": None, "zh": "好。", "en": "Good."}],
        "verification": {
            "status": "PENDING",
            "reason": "no-channel",
            "zh": NO_CHANNEL.zh,
            "en": NO_CHANNEL.en,
        },
        "retention": {"class": "five-years", "until": "2031-03-09"},
        "deposited": {"at": "2026-03-09T00:00:00+00:00", "by": "piaoku"},
    }


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"format": "piaoku-record/2"}', '{"format": "piaoku-record/1"}', '{"format": 1}'],
)
def test_what_is_no_whole_record_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        record_json.loads(text)


@given(RECORDS)
def test_records_of_before_there_were_particulars_are_read(record: Record) -> None:
    stored = json.loads(record_json.dumps(record))
    assert ("particulars" in stored["invoice"]) == bool(record.invoice.particulars)
    stored["invoice"].pop("particulars", None)
    assert record_json.loads(json.dumps(stored)).invoice.particulars == {}
