"""Fares: the parts make the total, the tax is 9 %."""

from collections.abc import Callable
from datetime import date

import pytest

from archive.model.evidence import Severity
from ingest.rules.tickets import fare_adds_up, fare_sum, fare_tax

TODAY = date(2026, 11, 22)
FLIGHT = {
    "fare": "733.94",
    "fuel_surcharge": "18.35",
    "tax_amount": "67.71",
    "development_fund": "50.00",
    "other_taxes": "0.00",
    "total_amount": "870.00",
}


def test_the_parts_of_a_flight_make_its_total(draft_of: Callable) -> None:
    whole = draft_of(kind="digital_air", **FLIGHT)
    assert list(fare_sum(whole, TODAY)) == []
    assert fare_adds_up(whole)
    less = draft_of(kind="digital_air", **FLIGHT | {"total_amount": "820.00"})
    (finding,) = fare_sum(less, TODAY)
    assert (finding.code, finding.severity) == ("FARE-SUM", Severity.ERROR)
    assert not fare_adds_up(less)


@pytest.mark.parametrize("lost", FLIGHT)
def test_a_part_that_was_not_read_confirms_nothing(draft_of: Callable, lost: str) -> None:
    draft = draft_of(kind="digital_air", **{name: value for name, value in FLIGHT.items() if name != lost})
    assert list(fare_sum(draft, TODAY)) == []
    assert not fare_adds_up(draft)


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("digital_rail", {"total_amount": "493.00", "tax_amount": "40.71"}, False),
        ("digital_rail", {"total_amount": "272.50", "tax_amount": "22.50"}, False),
        ("digital_rail", {"total_amount": "272.50", "tax_amount": "24.53"}, True),
        ("digital_rail", {"total_amount": "272.50"}, False),
        ("digital_rail", {"total_amount": "21.20", "tax_amount": "1.20"}, False),  # the fee for giving a ticket back
        ("digital_air", FLIGHT, False),
        ("digital_air", FLIGHT | {"tax_amount": "78.30"}, True),
        ("digital_air", FLIGHT | {"tax_amount": "0.00"}, False),  # a journey abroad
        ("digital_normal", {"total_amount": "493.00", "tax_amount": "1.00"}, False),
    ],
)
def test_the_tax_of_a_fare(draft_of: Callable, kind: str, values: dict[str, str], told: bool) -> None:
    assert [finding.code for finding in fare_tax(draft_of(kind=kind, **values), TODAY)] == ["FARE-TAX"] * told
