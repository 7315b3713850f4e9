"""The flow: what is accepted unasked, what goes to a person and why, what joins what is already kept."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from archive.model.evidence import Finding, Severity, Source
from ingest.errors import UnreadableError
from ingest.model.decision import Claim, Decision, Known, Outcome
from ingest.model.draft import Draft, Item
from ingest.model.page import Page
from ingest.model.statement import Statement
from ingest.pipeline import decide, examine
from ingest.readers.reader import KeepPage

TODAY = date(2026, 11, 22)
DIGITAL_QR = "01,32,,26117000000123456789,1130.00,20261120,,46BD"
LEGACY_QR = "01,10,011002600111,00123456,1000.00,20260407,01234567890123456789,DB2F"
KEY_VALUES = (
    ("issue_date", "2026-11-20"),
    ("total_amount", "1130.00"),
    ("seller_tax_id", "91110105MA00TET16L"),
    ("buyer_tax_id", None),
)


class Pages:
    """A reader whose pages are given."""

    media_types = frozenset({"application/pdf"})

    def __init__(self, *pages: Page) -> None:
        self._pages = pages

    def pages(self, content: bytes, keep_page: KeepPage) -> Iterator[Page]:
        yield from self._pages


def drafts_of(*pages: Page) -> tuple[Draft, ...]:
    return examine(b"%PDF-1.7", [Pages(*pages)], lambda _number, _picture: None, TODAY).drafts


def decision_on(*pages: Page, known: Known = Known()) -> Decision:  # noqa: B008
    (draft,) = drafts_of(*pages)
    return decide(draft, known, TODAY)


def codes(decision: Decision) -> set[str]:
    assert (decision.outcome is Outcome.REVIEW) == bool(decision.reasons)
    return {reason.code for reason in decision.reasons}


def test_a_pdf_that_its_qr_code_confirms_is_accepted(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(), qr=[DIGITAL_QR])
    (draft,) = drafts_of(page)
    assert (draft.kind, draft.pages, draft.findings) == ("digital_normal", (1,), ())
    assert draft.fields["invoice_number"].confidence > Decimal("0.999")
    assert decide(draft, Known(), TODAY) == Decision(Outcome.ACCEPT, ())


def test_an_older_pdf_that_its_qr_code_confirms_is_accepted(page_of: Callable, legacy_prints: Callable) -> None:
    assert codes(decision_on(page_of(legacy_prints(), qr=[LEGACY_QR]))) == set()


def test_a_pdf_without_a_qr_code_is_accepted_on_everything_else(page_of: Callable, digital_prints: Callable) -> None:
    assert codes(decision_on(page_of(digital_prints()))) == set()
    assert codes(decision_on(page_of(digital_prints(seller_id="310101123456789")))) == {"NOT-CONFIRMED"}
    without_words = [found for found in digital_prints() if "圆" not in found[0]]
    assert codes(decision_on(page_of(without_words))) == {"NOT-CONFIRMED"}


def test_a_scan_is_accepted_only_with_a_qr_code(page_of: Callable, digital_prints: Callable) -> None:
    scan = {"source": Source.OCR, "confidence": 0.99}
    assert codes(decision_on(page_of(digital_prints(), qr=[DIGITAL_QR], **scan))) == set()
    assert codes(decision_on(page_of(digital_prints(), **scan))) == {"NOT-CONFIRMED"}


@pytest.mark.parametrize(
    ("unsure", "reason"),
    [
        ({"北京云杉远景科技有限公司": 0.9}, {"FIELD-UNSURE"}),
        ({"上海青禾物流有限公司": 0.9}, {"FIELD-UNSURE"}),
        ({"91110105MA00TET16L": 0.9}, set()),
    ],
)
def test_a_scan_must_be_sure_of_names_since_nothing_checks_them(
    page_of: Callable, digital_prints: Callable, unsure: dict[str, float], reason: set[str]
) -> None:
    page = page_of(digital_prints(), qr=[DIGITAL_QR], source=Source.OCR, confidence=0.99, unsure=unsure)
    assert codes(decision_on(page)) == reason


def test_a_scan_that_cuts_a_name_off_is_not_believed(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(seller="北京云杉远景科技有限公"), qr=[DIGITAL_QR], source=Source.OCR, confidence=0.99)
    assert codes(decision_on(page)) == {"FIELD-UNSURE"}


def test_a_scan_whose_lines_cannot_be_read_is_not_believed(page_of: Callable, digital_prints: Callable) -> None:
    prints = [found for found in digital_prints() if found[0] != "项目名称"]
    assert codes(decision_on(page_of(prints, qr=[DIGITAL_QR]))) == set()
    scan = page_of(prints, qr=[DIGITAL_QR], source=Source.OCR, confidence=0.99)
    assert codes(decision_on(scan)) == {"NOT-CONFIRMED"}


def test_amounts_that_do_not_add_up_go_to_a_person(page_of: Callable, digital_prints: Callable) -> None:
    reasons = codes(decision_on(page_of(digital_prints(tax="¥130.01"), qr=[DIGITAL_QR])))
    assert {"AMOUNT-SUM", "NOT-CONFIRMED"} <= reasons


def test_print_that_the_qr_code_contradicts_goes_to_a_person(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(number="26117000000123456780"), qr=[DIGITAL_QR])
    assert codes(decision_on(page)) == {"FIELD-CONFLICT"}


def test_a_qr_code_whose_check_sum_fails_goes_to_a_person(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(), qr=[DIGITAL_QR.replace("46BD", "46BE")])
    assert codes(decision_on(page)) == {"QR-CRC-MISMATCH"}


def test_a_tax_id_whose_check_digit_fails_goes_to_a_person(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(seller_id="91110105MA00TET16K"), qr=[DIGITAL_QR])
    assert codes(decision_on(page)) == {"TAX-ID-CHECK"}


def test_a_required_field_that_is_missing_goes_to_a_person(page_of: Callable, digital_prints: Callable) -> None:
    decision = decision_on(page_of(digital_prints(seller=""), qr=[DIGITAL_QR]))
    assert [(reason.code, reason.field) for reason in decision.reasons] == [("FIELD-MISSING", "seller_name")]


def test_a_buyer_without_a_tax_id_is_accepted_where_the_form_is_blank(
    page_of: Callable, legacy_prints: Callable
) -> None:
    prints = legacy_prints(buyer="白露", buyer_id="")
    assert codes(decision_on(page_of(prints, qr=[LEGACY_QR]))) == set()
    scan = page_of(prints, qr=[LEGACY_QR], source=Source.OCR, confidence=0.99)
    assert codes(decision_on(scan)) == {"FIELD-MISSING", "FIELD-UNSURE"}


def test_an_exempt_invoice_is_accepted(page_of: Callable, legacy_prints: Callable) -> None:
    prints = legacy_prints(tax="***", total="¥1000.00", in_words="壹仟元整", rate="免税", line_tax="***")
    (draft,) = drafts_of(page_of(prints, qr=[LEGACY_QR]))
    assert (draft.value("tax_amount"), draft.money("tax_amount")) == ("***", None)
    assert codes(decide(draft, Known(), TODAY)) == set()


@pytest.mark.parametrize(
    ("title", "qr", "reason"),
    [
        ("货物运输业增值税专用发票", DIGITAL_QR, "KIND-CONFLICT"),
        ("电子发票(铁路电子客票)", DIGITAL_QR, "KIND-CONFLICT"),
        ("电子发票(增值税专用发票)", DIGITAL_QR, "KIND-CONFLICT"),
        ("收货单", DIGITAL_QR.replace(",32,", ",77,"), "KIND-UNKNOWN"),
    ],
)
def test_other_kinds_go_to_a_person(
    page_of: Callable, digital_prints: Callable, title: str, qr: str, reason: str
) -> None:
    (draft,) = drafts_of(page_of(digital_prints(title=title), qr=[qr]))
    assert draft.kind == "unknown"
    assert reason in codes(decide(draft, Known(), TODAY))


def test_an_invoice_of_tomorrow_goes_to_a_person(page_of: Callable, digital_prints: Callable) -> None:
    (draft,) = drafts_of(page_of(digital_prints(), qr=[DIGITAL_QR]))
    assert codes(decide(draft, Known(), date(2026, 11, 19))) == {"DATE-FUTURE"}


def test_a_finding_of_reading_blocks_even_if_no_rule_repeats_it(page_of: Callable, digital_prints: Callable) -> None:
    (draft,) = drafts_of(page_of(digital_prints(), qr=[DIGITAL_QR]))
    doubt = Finding("SOME-DOUBT", Severity.ERROR, None, "存疑。", "There is a doubt.")
    assert codes(decide(replace(draft, findings=(doubt,)), Known(), TODAY)) == {"SOME-DOUBT"}


def test_each_invoice_of_a_document_is_a_draft(page_of: Callable, digital_prints: Callable) -> None:
    numbers = [f"2611700000012345678{page}" for page in (1, 2)]
    pages = [page_of(digital_prints(number=number), number=page) for page, number in enumerate(numbers, 1)]
    drafts = drafts_of(*pages)
    assert [(draft.value("invoice_number"), draft.pages) for draft in drafts] == [
        (numbers[0], (1,)),
        (numbers[1], (2,)),
    ]


def test_a_copy_on_another_page_does_not_double_the_goods(page_of: Callable, digital_prints: Callable) -> None:
    pages = [page_of(digital_prints(), qr=[DIGITAL_QR], number=number) for number in (1, 2)]
    (draft,) = drafts_of(*pages)
    assert (draft.pages, len(draft.items)) == ((1, 2), 1)
    assert codes(decide(draft, Known(), TODAY)) == set()


def test_a_document_that_is_no_invoice_has_no_draft(page_of: Callable) -> None:
    assert drafts_of(page_of([("租赁合同", 400, 40), ("甲方:上海青禾物流有限公司", 100, 120)])) == ()


def test_the_same_invoice_in_another_electronic_format_joins_its_record(
    page_of: Callable, digital_prints: Callable
) -> None:
    page = page_of(digital_prints(), qr=[DIGITAL_QR])
    known = Known(Claim("r-1", frozenset({"application/ofd"}), KEY_VALUES))
    assert decision_on(page, known=known) == Decision(Outcome.ACCEPT, (), joins="r-1")


@pytest.mark.parametrize(
    ("kept", "source"),
    [("application/pdf", Source.PDF_TEXT), ("application/ofd", Source.OCR), ("image/png", Source.OCR)],
)
def test_the_same_format_again_or_a_picture_is_a_duplicate(
    page_of: Callable, digital_prints: Callable, kept: str, source: Source
) -> None:
    page = page_of(digital_prints(), qr=[DIGITAL_QR], source=source, confidence=0.99)
    decision = decision_on(page, known=Known(Claim("r-1", frozenset({kept}), KEY_VALUES)))
    assert (codes(decision), decision.duplicate_of, decision.joins) == ({"DUPLICATE-INVOICE"}, "r-1", None)


def test_the_same_number_with_other_values_is_a_conflict_of_claims(page_of: Callable, digital_prints: Callable) -> None:
    values = (("issue_date", "2026-11-20"), ("total_amount", "1130.01"))
    decision = decision_on(
        page_of(digital_prints(), qr=[DIGITAL_QR]), known=Known(Claim("r-1", frozenset({"application/ofd"}), values))
    )
    assert (codes(decision), decision.duplicate_of) == ({"CLAIM-CONFLICT"}, "r-1")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "UNKNOWN-TYPE"),
        (b"just words, whatever the file is called", "UNKNOWN-TYPE"),
        (bytes(range(256)) * 9, "UNKNOWN-TYPE"),
        (b"<?xml version='1.0'?><EInvoice/>", "FORMAT-NOT-YET"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "FORMAT-NOT-YET"),
    ],
)
def test_what_no_reader_reads_has_a_code_of_its_own(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        examine(content, [Pages()], lambda _number, _picture: None, TODAY)
    assert caught.value.code == code
    assert caught.value.zh.endswith("。")


def test_an_ofd_is_kept_for_later() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("OFD.xml", "<ofd:OFD/>")
    with pytest.raises(UnreadableError) as caught:
        examine(packed.getvalue(), [Pages()], lambda _number, _picture: None, TODAY)
    assert caught.value.code == "FORMAT-NOT-YET"


def data_page(source: Source = Source.XML, items: tuple[Item, ...] | None = None, **changes: str | None) -> Page:
    """A data file's page: one invoice in full, without a word on paper; None leaves a value out."""
    values = {
        "invoice_number": "26117000000123456789",
        "issue_date": "2026-11-20",
        "seller_name": "北京云杉远景科技有限公司",
        "seller_tax_id": "91110105MA00TET16L",
        "buyer_name": "上海青禾物流有限公司",
        "buyer_tax_id": "91310101MA1FTET38D",
        "amount_without_tax": "1000.00",
        "tax_amount": "130.00",
        "total_amount": "1130.00",
        "total_amount_cn": "壹仟壹佰叁拾圆整",
        **changes,
    }
    lines = (Item("*服务*收派", amount="1000.00", tax_rate="13%", tax_amount="130.00"),) if items is None else items
    stated = {field: value for field, value in values.items() if value}
    return Page(1, 0, 0, source, (), statements=(Statement(source, stated, lines, "电子发票（普通发票）"),))


@pytest.mark.parametrize("source", [Source.XML, Source.XBRL])
def test_data_that_holds_in_itself_is_accepted_alone(source: Source) -> None:
    assert decision_on(data_page(source)).outcome is Outcome.ACCEPT


def test_data_without_words_is_checked_by_its_lines() -> None:
    assert codes(decision_on(data_page(total_amount_cn=None))) == set()
    for items in ((), (Item(amount="900.00", tax_amount="130.00"),), (Item("甲"),)):
        assert "NOT-CONFIRMED" in codes(decision_on(data_page(total_amount_cn=None, items=items)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tax_amount": "131.00"}, "AMOUNT-SUM"),
        ({"total_amount_cn": "壹仟圆整"}, "WORDS-DIFFER"),
        ({"seller_tax_id": "91110105MA00TET16M"}, "TAX-ID-CHECK"),
        ({"seller_tax_id": None}, "FIELD-MISSING"),
        ({"buyer_name": None}, "FIELD-MISSING"),
        ({"invoice_number": "12345678"}, "KIND-CONFLICT"),
    ],
)
def test_data_that_does_not_hold_goes_to_a_person(change: dict[str, str | None], code: str) -> None:
    assert code in codes(decision_on(data_page(**change)))


def test_data_that_names_no_tax_id_of_the_buyer_shows_that_there_is_none() -> None:
    assert decision_on(data_page(buyer_name="个人", buyer_tax_id=None)).outcome is Outcome.ACCEPT


def test_data_and_page_that_differ_go_to_a_person(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(), qr=[DIGITAL_QR], source=Source.OFD_TEXT)
    same, other = (data_page(seller_name=name).statements for name in (None, "北京云杉科技有限公司"))
    assert decision_on(replace(page, statements=same)).outcome is Outcome.ACCEPT
    assert codes(decision_on(replace(page, statements=other))) == {"FIELD-CONFLICT"}


def test_lines_come_from_the_data_where_it_has_them(page_of: Callable, digital_prints: Callable) -> None:
    page = replace(page_of(digital_prints()), statements=data_page().statements)
    (draft,) = drafts_of(page, replace(page_of(digital_prints()), number=2))
    assert [item.name for item in draft.items] == ["*服务*收派"]


@pytest.mark.parametrize(
    ("kept", "joins"),
    [
        ({"application/pdf"}, True),
        ({"application/pdf", "application/ofd"}, True),
        ({"application/xml"}, False),
    ],
)
def test_each_electronic_format_may_be_kept_once(kept: set[str], joins: bool) -> None:
    claim = Claim("R1", frozenset(kept), (("total_amount", "1130.00"),))
    decision = decision_on(data_page(), known=Known(claim))
    assert (decision.joins == "R1") is joins
    assert ("DUPLICATE-INVOICE" in codes(decision)) is not joins


TICKET = {"seller_name": None, "seller_tax_id": None, "total_amount_cn": None}


def ticket(**changes: str | None) -> Page:
    page = data_page(Source.XBRL, (), **TICKET, **changes)
    (statement,) = page.statements
    return replace(page, statements=(replace(statement, title="电子发票（铁路电子客票）"),))


def test_a_ticket_is_accepted_by_its_data_with_or_without_a_buyer() -> None:
    for page in (ticket(), ticket(buyer_name=None, buyer_tax_id=None)):
        (draft,) = drafts_of(page)
        assert (draft.kind, decide(draft, Known(), TODAY).outcome) == ("digital_rail", Outcome.ACCEPT)


def test_a_ticket_whose_fare_nothing_confirms_goes_to_a_person() -> None:
    assert codes(decision_on(ticket(amount_without_tax=None))) == {"NOT-CONFIRMED"}
    assert codes(decision_on(ticket(tax_amount="129.00"))) == {"AMOUNT-SUM", "NOT-CONFIRMED"}
