from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.evidence import Severity
from ingest.model.draft import Item
from ingest.rules import lines

TODAY = date(2026, 11, 22)
FEN = Decimal("0.01")


def line(amount: str | None, tax: str | None = None, rate: str | None = "13%", **values: str) -> Item:
    return Item(amount=amount, tax_amount=tax, tax_rate=rate, **values)


def test_lines_that_add_up_pass(draft_of) -> None:
    draft = draft_of(
        line("1000.00", "130.00"), line("-100.00", "-13.00"), amount_without_tax="900.00", tax_amount="117.00"
    )
    assert [*lines.amount_lines(draft, TODAY), *lines.tax_lines(draft, TODAY)] == []


def test_lines_that_do_not_add_up_are_errors_with_both_values(draft_of) -> None:
    draft = draft_of(
        line("1000.00", "130.00"), line("10.00", "1.30"), amount_without_tax="1010.01", tax_amount="131.31"
    )
    (amount,), (tax,) = lines.amount_lines(draft, TODAY), lines.tax_lines(draft, TODAY)
    assert (amount.code, amount.severity, amount.field) == ("AMOUNT-LINES", Severity.ERROR, "amount_without_tax")
    assert (tax.code, tax.severity, tax.field) == ("TAX-LINES", Severity.ERROR, "tax_amount")
    assert "1010.01" in amount.zh
    assert "1010.00" in amount.en
    assert "131.31" in tax.zh
    assert "131.30" in tax.en


def test_lines_kept_on_a_separate_list_only_warn(draft_of) -> None:
    draft = draft_of(line("1000.00", name="（详见销货清单）"), amount_without_tax="2000.00")
    assert [finding.severity for finding in lines.amount_lines(draft, TODAY)] == [Severity.WARNING]


@pytest.mark.parametrize(
    "items", [(), (Item(amount=None),), (Item(amount="1.00"), Item(amount=None)), (Item(amount="一"),)]
)
def test_lines_not_fully_read_are_no_finding(draft_of, items: tuple[Item, ...]) -> None:
    draft = draft_of(*items, amount_without_tax="5.00", tax_amount="5.00")
    assert [*lines.amount_lines(draft, TODAY), *lines.tax_lines(draft, TODAY)] == []


def test_an_exempt_line_counts_no_tax(draft_of) -> None:
    items = (line("100.00", "13.00"), line("50.00", "***", "免税"), line("7.00", None, "不征税"))
    assert list(lines.tax_lines(draft_of(*items, tax_amount="13.00"), TODAY)) == []
    assert [finding.code for finding in lines.tax_lines(draft_of(*items, tax_amount="19.50"), TODAY)] == ["TAX-LINES"]


def test_a_price_times_quantity_that_misses_the_amount_warns(draft_of) -> None:
    (finding,) = lines.line_price(draft_of(line("21.00", unit_price="10", quantity="2")), TODAY)
    assert (finding.code, finding.severity) == ("LINE-PRICE", Severity.WARNING)
    assert "21.00" in finding.zh


@given(
    price=st.integers(1, 10**15).map(lambda units: Decimal(units).scaleb(-8)),
    quantity=st.integers(1, 10**6).map(lambda units: Decimal(units).scaleb(-3)),
    places=st.integers(2, 8),
)
def test_rounding_of_a_printed_price_is_allowed_for(draft_of, price: Decimal, quantity: Decimal, places: int) -> None:
    amount = (price * quantity).quantize(FEN, ROUND_HALF_UP)
    printed = price.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    draft = draft_of(line(f"{amount:.2f}", unit_price=f"{printed:f}", quantity=f"{quantity:f}"))
    assert list(lines.line_price(draft, TODAY)) == []


def test_a_tax_that_is_not_the_rate_of_its_amount_warns(draft_of) -> None:
    (finding,) = lines.line_tax(draft_of(line("1000.00", "130.07")), TODAY)
    assert (finding.code, finding.severity) == ("LINE-TAX", Severity.WARNING)
    assert "130.07" in finding.en
    assert "130.00" in finding.en


@pytest.mark.parametrize(
    "item",
    [line("1000.00", "130.06"), line("1000.00", "50.00", "***"), line("9.00", "***", "免税"), line(None, "1.00")],
)
def test_slack_exemption_and_differential_taxation_are_no_finding(draft_of, item: Item) -> None:
    assert list(lines.line_tax(draft_of(item), TODAY)) == []


def test_small_differences_that_go_one_way_warn_together(draft_of) -> None:
    assert list(lines.line_tax(draft_of(*[line("100.00", "13.06")] * 21), TODAY)) == []
    (finding,) = lines.line_tax(draft_of(*[line("100.00", "13.06")] * 22), TODAY)
    assert "1.32" in finding.zh


def test_a_discount_follows_what_it_lessens(draft_of) -> None:
    sound = draft_of(line("100.00"), line("-10.00"), total_amount="101.70")
    red = draft_of(line("-100.00"), line("10.00"), total_amount="-101.70")
    assert [*lines.discounts(sound, TODAY), *lines.discounts(red, TODAY)] == []


@pytest.mark.parametrize(
    "items",
    [
        (line("-10.00"), line("100.00")),
        (line("100.00"), line("-10.00", rate="6%")),
        (line("100.00"), line("-101.00")),
    ],
)
def test_a_line_of_the_other_sign_that_is_no_discount_warns(draft_of, items: tuple[Item, ...]) -> None:
    (finding,) = lines.discounts(draft_of(*items, total_amount="101.70"), TODAY)
    assert (finding.code, finding.severity) == ("DISCOUNT-LINE", Severity.WARNING)


def test_a_list_that_was_not_read_is_told(draft_of) -> None:
    (finding,) = lines.list_elsewhere(draft_of(line("900.00", "117.00", name="（详见销货清单）")), TODAY)
    assert (finding.code, finding.severity, finding.field) == ("LIST-ELSEWHERE", Severity.WARNING, "items")


def test_a_list_whose_lines_were_read_is_not_told(draft_of) -> None:
    draft = draft_of(line("900.00", name="（详见销货清单）"), line("900.00", name="*纸制品*复印纸"))
    assert [*lines.list_elsewhere(draft, TODAY)] == []
