"""The pages of railway tickets and air itineraries are read whole, without the data that may come with them."""

from collections.abc import Callable
from datetime import date

import pytest

from archive.model.evidence import Source
from archive.model.particulars import in_order
from fixtures.generator.pdf import draw
from fixtures.generator.truth import Truth
from fixtures.generator.variants import invented
from ingest.extraction import air, rail
from ingest.extraction.layout import pieces_of
from ingest.model.decision import Known, Outcome
from ingest.model.draft import Draft
from ingest.pipeline import decide, examine
from ingest.readers.registry import readers

TODAY = date(2026, 11, 22)
SUMS = ("CNY 733.94", "CNY 18.35", "9%", "CNY 67.71", "CNY 50.00", "CNY 0.00", "CNY 870.00")
FARES = {"fare", "fuel_surcharge", "tax_amount", "development_fund", "other_taxes", "total_amount"}


def journey(truth: Truth) -> dict[str, str | None]:
    legs = truth.journeys
    return {
        "passenger_name": legs[0].traveller,
        "passenger_id_no": legs[0].id_number,
        "departure": in_order([leg.departure for leg in legs]),
        "destination": in_order([leg.destination for leg in legs]),
        "departure_date": in_order([leg.date for leg in legs]),
        "departure_time": in_order([leg.time for leg in legs]),
        "carrier_no": in_order([leg.vehicle for leg in legs]),
        "seat_class": in_order([leg.grade for leg in legs]),
        "ticket_no": truth.details["ticket_number"],
    }


def read(truth: Truth) -> Draft:
    (draft,) = examine(draw(truth), readers(), lambda _number, _picture: None, TODAY).drafts
    return draft


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["digital_rail", "digital_air"])
def test_a_page_tells_the_whole_ticket_and_is_accepted(kind: str, seed: int) -> None:
    truth = invented(kind, seed)
    draft = read(truth)
    expected = {name: value for name, value in truth.fields.items() if value} | journey(truth)
    if kind == "digital_rail":  # the split of the fare is not printed
        del expected["amount_without_tax"], expected["tax_amount"]
    else:
        fares = ("fare", "fuel_surcharge", "development_fund", "other_taxes")
        expected |= {name: truth.details[name] for name in fares}
    assert {name: draft.value(name) for name in expected} == expected
    assert draft.kind == kind
    assert decide(draft, Known(), TODAY).outcome is Outcome.ACCEPT


@pytest.mark.parametrize(
    ("printed", "source", "read"),
    [
        ("1101011990****1234何清", Source.OCR, ["1101011990****1234", "何清"]),
        ("110101****1234何清", Source.OCR, ["何清"]),
        ("110101****1234何清", Source.PDF_TEXT, ["110101****1234", "何清"]),
        ("1101011990****1234|何清|电子客票号", Source.PDF_TEXT, ["1101011990****1234", "何清"]),
    ],
)
def test_an_id_that_lost_stars_in_a_scan_and_what_stands_beside_a_name_are_left_out(
    page_of: Callable, printed: str, source: Source, read: list[str]
) -> None:
    page = page_of([(text, 60 + 200 * n, 260) for n, text in enumerate(printed.split("|"))], source=source)
    assert [found.value for found in rail.readings(page, pieces_of(page))] == read


def test_a_sum_that_is_missing_leaves_all_of_them_unread(page_of: Callable) -> None:
    """Each sum is known by its place among six; with one of them gone, none has a place."""
    heads = [("民航发展基金", 600, 300), *((text, 100 + 130 * n, 320) for n, text in enumerate(SUMS))]
    page = page_of(heads)
    assert {found.field for found in air.readings(page, pieces_of(page))} == FARES
    shorter = page_of([print_ for print_ in heads if print_[0] != SUMS[1]])
    assert list(air.readings(shorter, pieces_of(shorter))) == []


def test_the_sums_of_a_journey_given_back_stay_negative(page_of: Callable) -> None:
    sums = [text if text in ("9%", "CNY 0.00") else text.replace("CNY ", "CNY -") for text in SUMS]
    heads = [("民航发展基金", 600, 300), *((text, 100 + 130 * n, 320) for n, text in enumerate(sums))]
    page = page_of(heads)
    read = {found.field: found.value for found in air.readings(page, pieces_of(page))}
    assert (read["total_amount"], read["tax_amount"], read["other_taxes"]) == ("-870.00", "-67.71", "0.00")
