"""The second engine's word: what it is asked, what counts as its answer, and what that settles."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from archive.model.evidence import Box, Reading, Severity, Source
from ingest.extraction.fields import read_page
from ingest.extraction.layout import pieces_of
from ingest.extraction.reconcile import reconcile
from ingest.extraction.second_look import second_look
from ingest.model.page import Page, Spot, Word

DIGITAL_QR = "01,32,,26117000000123456789,1130.00,20261120,,46BD"
NUMBER, ISSUED = "26117000000123456789", "2026年11月20日"
PLACE = Box(0.1, 0.1, 0.2, 0.2)


class SecondEngine:
    """Answers by the signs that it is asked for, and remembers the questions."""

    def __init__(self, number: str = NUMBER, issued: str = ISSUED, confidence: float = 0.95) -> None:
        self._answers = {"0123456789": number, "0123456789年月日-": issued}
        self._confidence = confidence
        self.asked: list[Spot] = []

    def __call__(self, spots: Sequence[Spot]) -> list[tuple[str, float]]:
        self.asked += spots
        return [(self._answers[spot.signs], self._confidence) for spot in spots]


def scan(page_of: Callable, digital_prints: Callable, engine: SecondEngine, **more: object) -> Page:
    return replace(page_of(digital_prints(), source=Source.OCR, confidence=0.99, **more), look_again=engine)


def again(page: Page) -> dict[str, str]:
    return {reading.field: reading.value for reading in read_page(page).readings if reading.source is Source.OCR_AGAIN}


def test_the_figures_that_identify_an_invoice_are_looked_at_again(page_of: Callable, digital_prints: Callable) -> None:
    page = scan(page_of, digital_prints, SecondEngine())
    assert again(page) == {"invoice_number": NUMBER, "issue_date": "2026-11-20"}
    first, second = (r for r in read_page(page).readings if r.field == "invoice_number")
    assert (first.box, first.page, second.confidence) == (second.box, second.page, Decimal("0.95"))


def test_what_a_qr_code_states_is_not_looked_at_again(page_of: Callable, digital_prints: Callable) -> None:
    engine = SecondEngine()
    assert again(scan(page_of, digital_prints, engine, qr=[DIGITAL_QR])) == {}
    assert engine.asked == []


def test_the_place_is_that_of_the_value_without_its_label(page_of: Callable, digital_prints: Callable) -> None:
    engine = SecondEngine()
    (word,) = (w for w in scan(page_of, digital_prints, engine).words if NUMBER in w.text)
    read_page(scan(page_of, digital_prints, engine))
    (spot,) = (spot for spot in engine.asked if spot.signs == "0123456789")
    assert word.box.x0 < spot.box.x0 < spot.box.x1 <= word.box.x1


@pytest.mark.parametrize(
    ("number", "confidence", "told"),
    [
        (NUMBER, 0.0, NUMBER),
        ("26117000000123456780", 0.95, "26117000000123456780"),
        ("26117000000123456780", 0.5, None),
        ("2611700000012345678", 0.95, None),
        ("", 0.0, None),
    ],
)
def test_only_a_sure_other_value_of_the_same_form_contradicts(
    page_of: Callable, digital_prints: Callable, number: str, confidence: float, told: str | None
) -> None:
    engine = SecondEngine(number=number, confidence=confidence)
    assert again(scan(page_of, digital_prints, engine)).get("invoice_number") == told


def test_the_picture_is_let_go_with_the_page(page_of: Callable, digital_prints: Callable) -> None:
    assert read_page(scan(page_of, digital_prints, SecondEngine())).page.look_again is None


def read(value: str, source: Source, confidence: str = "0.99") -> Reading:
    return Reading("invoice_number", value, source, Decimal(confidence), 1, PLACE)


def test_a_second_look_confirms_but_is_never_chosen() -> None:
    chosen, findings = reconcile([read("12345678", Source.OCR, "0.7"), read("12345678", Source.OCR_AGAIN, "0.99")])
    assert (chosen["invoice_number"].source, findings) == (Source.OCR, ())


def test_a_second_look_that_contradicts_asks_a_person() -> None:
    _, (finding,) = reconcile([read("12345678", Source.OCR), read("12345679", Source.OCR_AGAIN)])
    assert (finding.code, finding.severity) == ("FIELD-CONFLICT", Severity.ERROR)


def test_a_second_look_settles_no_quarrel_of_two_places() -> None:
    readings = [read("12345678", Source.OCR), read("12345679", Source.OCR), read("12345678", Source.OCR_AGAIN)]
    _, findings = reconcile(readings)
    assert [finding.code for finding in findings] == ["FIELD-CONFLICT"]


def test_an_account_that_the_second_engine_reads_otherwise_is_left_out() -> None:
    first = replace(read("某银行 8664751220151940326", Source.OCR), field="seller_bank_account")
    chosen, findings = reconcile([first, replace(first, source=Source.OCR_AGAIN)])
    assert (chosen["seller_bank_account"], findings) == (first, ())
    assert reconcile([first, replace(first, source=Source.OCR_AGAIN, value="某银行 866475220151940326")]) == ({}, ())


def test_the_figures_of_accounts_are_asked_for_where_a_look_is_due() -> None:
    number = read("12345678", Source.OCR)
    account = replace(read("某银行 866475220151940326", Source.OCR), field="seller_bank_account")
    engine = SecondEngine("8664751220151940326", confidence=0.0)
    page = Page(1, 1000, 660, Source.OCR, (), look_again=engine)
    (told,) = second_look(page, (), [number, account])
    assert (told.field, told.value) == ("seller_bank_account", "某银行 8664751220151940326")
    assert list(second_look(page, (), [account])) == []


@pytest.mark.parametrize(("sign", "told"), [(0.01, 1), (0.03, 0)])
def test_a_total_whose_first_figure_may_have_melted_into_its_sign_is_not_asked_for(sign: float, told: int) -> None:
    """The strip is cut where the first engine saw figures, so that the second one could only repeat its loss."""
    edges = (0.1, *(0.1 + sign + 0.01 * place for place in range(6)))
    total = Word("¥55.00", Box(edges[0], 0.1, edges[-1], 0.12), 0.99, edges)
    page = Page(1, 1000, 1000, Source.OCR, (total,), look_again=lambda spots: [("55.00", 0.99)] * len(spots))
    first = Reading("total_amount", "55.00", Source.OCR, Decimal("0.99"), 1, total.box)
    assert len(list(second_look(page, pieces_of(page), [first]))) == told
