"""Pictures whose QR code cannot be read: accepted where a second engine says the same, and then only."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from archive.model.evidence import Box, Reading, Source
from ingest.acceptance import objections
from ingest.drafting import draft_of
from ingest.extraction.fields import read_page
from ingest.model.draft import Draft
from ingest.model.page import Page, Spot

TODAY = date(2026, 11, 22)
NUMBER, ISSUED = "26117000000123456789", "2026年11月20日"
PLACE, ELSEWHERE = Box(0.1, 0.1, 0.3, 0.2), Box(0.5, 0.5, 0.7, 0.6)


def codes(draft: Draft) -> list[str]:
    return [objection.code for objection in objections(draft, TODAY)]


@pytest.fixture
def scanned(page_of: Callable, digital_prints: Callable) -> Callable[..., Draft]:
    """The draft of a scan without a QR code, and with a second engine that reads these."""

    def scanned(number: str, issued: str, confidence: float = 0.99, **changes: str) -> Draft:
        def look(spots: Sequence[Spot]) -> list[tuple[str, float]]:
            return [(number if spot.signs == "0123456789" else issued, 0.95) for spot in spots]

        page: Page = page_of(digital_prints(**changes), source=Source.OCR, confidence=confidence)
        return draft_of([read_page(replace(page, look_again=look))], TODAY)

    return scanned


def test_a_scan_that_two_engines_read_alike_is_accepted(scanned: Callable[..., Draft]) -> None:
    assert codes(scanned(NUMBER, ISSUED)) == []


@pytest.mark.parametrize(
    ("number", "issued", "reasons"),
    [
        ("", ISSUED, ["NOT-CONFIRMED"]),
        (NUMBER, "", ["NOT-CONFIRMED"]),
        (NUMBER[:-1], ISSUED, ["NOT-CONFIRMED"]),
        (NUMBER[:-1] + "8", ISSUED, ["FIELD-CONFLICT", "NOT-CONFIRMED"]),
        (NUMBER, "2026年11月19日", ["FIELD-CONFLICT", "NOT-CONFIRMED"]),
    ],
)
def test_each_identifying_field_needs_the_second_engine(
    scanned: Callable[..., Draft], number: str, issued: str, reasons: list[str]
) -> None:
    assert codes(scanned(number, issued)) == reasons


def test_agreement_about_what_the_first_engine_is_unsure_of_is_not_enough(scanned: Callable[..., Draft]) -> None:
    assert codes(scanned(NUMBER, ISSUED, confidence=0.97)) == ["NOT-CONFIRMED"]


def test_the_sums_must_hold_besides(scanned: Callable[..., Draft]) -> None:
    assert "NOT-CONFIRMED" in codes(scanned(NUMBER, ISSUED, in_words="壹仟壹佰叁拾"))
    assert "AMOUNT-SUM" in codes(scanned(NUMBER, ISSUED, tax="¥130.01"))


def form(kind: str, **values: str) -> Draft:
    """A form without lines, each value read by both engines at one place."""
    readings = [
        Reading(field, value, source, Decimal("0.99"), 1, ELSEWHERE if field == "total_amount_cn" else PLACE)
        for field, value in values.items()
        for source in (Source.OCR, Source.OCR_AGAIN)
    ]
    chosen = {reading.field: reading for reading in readings if reading.source is Source.OCR}
    return Draft(kind, (1,), chosen, tuple(readings), (), ())


TICKET = {"invoice_number": "A123456", "issue_date": "2018-04-19", "total_amount": "53.00"}
FIXED = {"invoice_code": "111001800000", "invoice_number": "12345678", "total_amount": "50.00"}


def test_a_fare_without_words_needs_both_engines() -> None:
    draft = form("train_paper", **TICKET)
    assert codes(draft) == []
    once = tuple(r for r in draft.readings if (r.field, r.source) != ("total_amount", Source.OCR_AGAIN))
    assert codes(replace(draft, readings=once)) == ["NOT-CONFIRMED"]


@pytest.mark.parametrize("kind", ["taxi", "bus", "ship", "toll_paper"])
def test_a_fare_that_needles_print_goes_to_a_person_whatever_two_engines_say(kind: str) -> None:
    values = TICKET | {"invoice_code": "111001800000", "invoice_number": "12345678", "seller_name": "某某运输公司"}
    assert codes(form(kind, **values)) == ["NOT-CONFIRMED"]


@pytest.mark.parametrize(("words", "reasons"), [("伍拾元整", []), ("壹拾元整", ["WORDS-DIFFER", "NOT-CONFIRMED"])])
def test_a_fixed_amount_must_be_that_of_its_words(words: str, reasons: list[str]) -> None:
    assert codes(form("quota", **FIXED, total_amount_cn=words)) == reasons


def test_words_confirm_no_figures_that_were_made_of_them() -> None:
    draft = form("quota", **FIXED, total_amount_cn="伍拾元整")
    same_place = tuple(replace(r, box=ELSEWHERE) if r.field == "total_amount" else r for r in draft.readings)
    assert codes(replace(draft, readings=same_place)) == ["NOT-CONFIRMED"]
