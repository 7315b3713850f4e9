"""The sheet: what is doubtful, which reading stands behind a value, where its box lies."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from archive.model.digest import Digest
from archive.model.evidence import Box, Finding, Reading, Severity, Source
from archive.model.invoice import Invoice, Line, Party
from archive.model.record import NO_CHANNEL, Original, Record
from archive.web import show
from archive.web.sheet import FieldView, Sheet, line_view, of_record

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PLACE = Box(0.1, 0.2, 0.3, 0.25)


def reading(value: str, source: Source, confidence: str, box: Box | None = None, page: int = 1) -> Reading:
    return Reading("invoice_number", value, source, Decimal(confidence), page, box)


def record(*readings: Reading, findings: tuple[Finding, ...] = ()) -> Record:
    return Record(
        id="r1",
        version=1,
        invoice=Invoice("digital_normal", invoice_number="123", total_amount=Decimal("1234.50"), seller=Party("甲")),
        originals=(Original(Digest.of(b"x"), 1, "application/pdf", "x.pdf", NOW, "web", (2,)),),
        readings=readings,
        findings=findings,
        verification=NO_CHANNEL,
        retention_class="five-years",
        retain_until=date(2031, 1, 1),
        deposited_at=NOW,
        deposited_by="piaoku",
    )


def field(sheet: Sheet, name: str) -> FieldView:
    return next(field for field in sheet.fields if field.name == name)


def test_the_reading_with_a_place_stands_behind_the_value() -> None:
    shown = field(
        of_record(record(reading("123", Source.QR, "1"), reading("123", Source.OCR, "0.95", PLACE))), "invoice_number"
    )
    assert shown.reading is not None
    assert shown.reading.source is Source.OCR
    assert not shown.doubtful


def test_another_source_that_says_something_else_makes_a_field_doubtful() -> None:
    shown = field(
        of_record(record(reading("123", Source.QR, "1"), reading("128", Source.OCR, "0.99"))), "invoice_number"
    )
    assert shown.doubtful
    assert [other.value for other in shown.others] == ["128"]


def test_a_source_that_also_read_the_value_does_not_contradict_it() -> None:
    twice = record(reading("123", Source.OCR, "0.99"), reading("l23", Source.OCR, "0.4"))
    assert not field(of_record(twice), "invoice_number").doubtful


@pytest.mark.parametrize(("confidence", "doubtful"), [("0.89", True), ("0.90", False)])
def test_an_unsure_reading_is_doubtful(confidence: str, doubtful: bool) -> None:
    shown = field(of_record(record(reading("123", Source.OCR, confidence))), "invoice_number")
    assert shown.doubtful is doubtful


@pytest.mark.parametrize(
    ("severity", "doubtful"), [(Severity.ERROR, True), (Severity.WARNING, True), (Severity.INFO, False)]
)
def test_a_finding_about_a_field_makes_it_doubtful(severity: Severity, doubtful: bool) -> None:
    found = Finding("X", severity, "invoice_number", "…", "…")
    sheet = of_record(record(reading("123", Source.QR, "1"), findings=(found,)))
    assert field(sheet, "invoice_number").doubtful is doubtful
    assert sheet.doubtful == doubtful


def test_a_field_that_was_not_read_is_shown_where_a_finding_asks_for_it() -> None:
    missing = Finding("X", Severity.ERROR, "issue_date", "…", "…")
    names = {shown.name for shown in of_record(record(findings=(missing,))).fields}
    assert "issue_date" in names
    assert "remarks" not in names


def test_boxes_lie_on_the_page_where_the_value_was_read() -> None:
    (page,) = of_record(record(reading("123", Source.OCR, "0.95", PLACE, page=2))).pages
    (box,) = page.boxes
    assert (page.number, box.x, box.y, box.width, box.height) == (2, 1000, 2000, 2000, 500)
    assert of_record(record(reading("123", Source.OCR, "0.95", PLACE, page=1))).pages[0].boxes == ()


def test_money_is_shown_with_groups_and_two_decimals() -> None:
    assert field(of_record(record()), "total_amount").shown == "1,234.50"
    assert show.money(None) == show.money("") == ""
    assert show.money("***") == "***"


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (Line(spec="A4", unit="箱", quantity="2", unit_price="50"), "A4 · 2 箱 × 50"),
        (Line(unit="次"), "次"),
        (Line(name="x"), ""),
    ],
)
def test_a_line_tells_its_detail_in_one_text(line: Line, detail: str) -> None:
    assert line_view(line).detail == detail


def test_a_record_without_readings_has_a_sheet() -> None:
    bare = replace(record(), invoice=Invoice("digital_normal"))
    assert of_record(bare).fields == ()


@pytest.mark.parametrize(
    ("octets", "text"), [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (200 << 20, "200 MB"), (3 << 30, "3.0 GB")]
)
def test_sizes(octets: int, text: str) -> None:
    assert show.size(octets) == text


def test_moments_are_beijing_time() -> None:
    assert show.moment(datetime(2026, 3, 8, 16, 5, tzinfo=UTC)) == "2026-03-09 00:05"


def test_each_rendition_shows_its_own_pages_and_boxes() -> None:
    first, second = Digest.of(b"x"), Digest.of(b"y")
    one = replace(reading("123", Source.OCR, "0.95", PLACE, page=2), document=first)
    other = replace(reading("123", Source.PDF_TEXT, "0.99", Box(0.5, 0.5, 0.6, 0.6), page=1), document=second)
    whole = record(one, other)
    joined = replace(whole.originals[0], digest=second, pages=(1,))
    sheet = of_record(replace(whole, originals=(*whole.originals, joined)))
    assert [(page.number, page.picture.split("/")[2]) for page in sheet.pages] == [(2, first.hex), (1, second.hex)]
    assert [[box.x for box in page.boxes] for page in sheet.pages] == [[1000], [5000]]


def test_particulars_have_groups_of_their_own() -> None:
    plain = record()
    told = replace(plain.invoice, particulars={"plate_number": "京BI5006", "fare": "1733.94"})
    sheet = of_record(replace(plain, invoice=told))
    assert {"road", "fare"} <= sheet.groups.keys()
    assert field(sheet, "plate_number").shown == "京BI5006"
    assert field(sheet, "fare").shown == "1,733.94"
    assert {"road", "fare"}.isdisjoint(of_record(plain).groups)
