from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.evidence import Severity
from ingest.rules import amounts
from ingest.rules.words import to_words

TODAY = date(2026, 11, 22)
MONEY = st.integers(min_value=-(10**10), max_value=10**10).map(lambda fen: Decimal(fen).scaleb(-2))


def test_a_total_that_is_no_sum_is_an_error_with_both_values(draft_of) -> None:
    draft = draft_of(amount_without_tax="1000.00", tax_amount="130.00", total_amount="1130.01")
    (finding,) = amounts.amount_sum(draft, TODAY)
    assert (finding.code, finding.severity, finding.field) == ("AMOUNT-SUM", Severity.ERROR, "total_amount")
    assert "1130.01" in finding.zh
    assert "1130.00" in finding.en


@given(net=MONEY, tax=MONEY, slip=MONEY)
def test_only_the_exact_sum_passes(draft_of, net: Decimal, tax: Decimal, slip: Decimal) -> None:
    draft = draft_of(amount_without_tax=str(net), tax_amount=str(tax), total_amount=str(net + tax + slip))
    assert (list(amounts.amount_sum(draft, TODAY)) == []) == (slip == 0)


@pytest.mark.parametrize("missing", ["amount_without_tax", "tax_amount", "total_amount"])
def test_a_missing_amount_is_no_finding(draft_of, missing: str) -> None:
    values = {"amount_without_tax": "1.00", "tax_amount": "1.00", "total_amount": "9.00"}
    del values[missing]
    assert list(amounts.amount_sum(draft_of(**values), TODAY)) == []


def test_words_that_say_another_amount_are_an_error(draft_of) -> None:
    draft = draft_of(total_amount_cn="壹仟壹佰叁拾圆整", total_amount="1180.00")
    (finding,) = amounts.words(draft, TODAY)
    assert (finding.code, finding.severity, finding.field) == ("WORDS-DIFFER", Severity.ERROR, "total_amount_cn")
    assert "1130.00" in finding.zh
    assert "1180.00" in finding.en


@given(total=MONEY, other=MONEY)
def test_words_agree_with_their_own_amount_only(draft_of, total: Decimal, other: Decimal) -> None:
    draft = draft_of(total_amount_cn=to_words(other), total_amount=f"{total:.2f}")
    assert (list(amounts.words(draft, TODAY)) == []) == (total == other)


def test_the_sign_counts_in_words_too(draft_of) -> None:
    draft = draft_of(total_amount_cn="壹仟贰佰柒拾贰圆整", total_amount="-1272.00")
    assert [finding.code for finding in amounts.words(draft, TODAY)] == ["WORDS-DIFFER"]


def test_words_that_are_no_amount_are_a_warning(draft_of) -> None:
    (finding,) = amounts.words(draft_of(total_amount_cn="壹仟壹佰叁拾", total_amount="1130.00"), TODAY)
    assert (finding.code, finding.severity) == ("WORDS-UNREADABLE", Severity.WARNING)


@pytest.mark.parametrize("values", [{"total_amount": "5.00"}, {"total_amount_cn": "伍圆整"}])
def test_words_without_figures_or_figures_without_words_are_no_finding(draft_of, values: dict[str, str]) -> None:
    assert list(amounts.words(draft_of(**values), TODAY)) == []


def test_mixed_signs_are_an_error(draft_of) -> None:
    draft = draft_of(amount_without_tax="-1000.00", tax_amount="-130.00", total_amount="1130.00")
    (finding,) = amounts.signs(draft, TODAY)
    assert (finding.code, finding.severity) == ("SIGN-MIXED", Severity.ERROR)
    assert "-1000.00" in finding.zh
    assert "1130.00" in finding.en


@pytest.mark.parametrize("sign", ["", "-"])
def test_blue_red_and_untaxed_invoices_have_one_sign(draft_of, sign: str) -> None:
    taxed = draft_of(amount_without_tax=f"{sign}1000.00", tax_amount=f"{sign}130.00", total_amount=f"{sign}1130.00")
    untaxed = draft_of(amount_without_tax=f"{sign}9.00", tax_amount="0.00", total_amount=f"{sign}9.00")
    assert [*amounts.signs(taxed, TODAY), *amounts.signs(untaxed, TODAY)] == []
