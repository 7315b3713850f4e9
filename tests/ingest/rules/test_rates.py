from datetime import date
from decimal import Decimal

import pytest

from archive.model.evidence import Severity
from ingest.model.draft import Item
from ingest.rules import rates

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("printed", "fraction"),
    [
        ("13%", "0.13"),
        ("1.5%", "0.015"),
        ("0%", "0"),
        ("***", None),
        ("免税", None),
        ("13", None),
        ("130%", None),
        ("", None),
    ],
)
def test_only_percentages_are_rates(printed: str, fraction: str | None) -> None:
    assert rates.fraction(printed) == (Decimal(fraction) if fraction else None)


@pytest.mark.parametrize(
    ("rate", "last_usual", "first_unusual"),
    [
        ("17%", "2018-04-30", "2018-05-01"),
        ("11%", "2018-04-30", "2018-05-01"),
        ("16%", "2019-03-31", "2019-04-01"),
        ("10%", "2018-05-01", "2018-04-30"),
        ("9%", "2019-04-01", "2019-03-31"),
        ("13%", "2017-06-30", "2017-07-01"),
        ("13%", "2019-04-01", "2019-03-31"),
        ("1%", "2020-03-01", "2020-02-29"),
    ],
)
def test_rates_change_on_the_day(draft_of, rate: str, last_usual: str, first_unusual: str) -> None:
    item = Item(tax_rate=rate)
    assert list(rates.unusual(draft_of(item, issue_date=last_usual), TODAY)) == []
    (finding,) = rates.unusual(draft_of(item, issue_date=first_unusual), TODAY)
    assert (finding.code, finding.severity) == ("RATE-UNUSUAL", Severity.WARNING)
    assert rate in finding.zh
    assert first_unusual in finding.en


def test_a_rate_that_never_was_is_told_once(draft_of) -> None:
    draft = draft_of(Item(tax_rate="8%"), Item(tax_rate="8%"), Item(tax_rate="13%"), issue_date="2026-01-05")
    assert [finding.code for finding in rates.unusual(draft, TODAY)] == ["RATE-UNUSUAL"]


def test_a_red_letter_invoice_may_carry_an_old_rate_but_none_to_come(draft_of) -> None:
    old = draft_of(Item(tax_rate="17%"), issue_date="2020-01-05", total_amount="-117.00")
    early = draft_of(Item(tax_rate="9%"), issue_date="2017-01-05", total_amount="-109.00")
    assert list(rates.unusual(old, TODAY)) == []
    assert [finding.code for finding in rates.unusual(early, TODAY)] == ["RATE-UNUSUAL"]


def test_without_a_date_no_rate_is_unusual(draft_of) -> None:
    assert list(rates.unusual(draft_of(Item(tax_rate="8%")), TODAY)) == []
