"""The schedule, day by day: the five-year floor, and the classes that count from the year of booking."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.retention.schedule import (
    PERMANENT_UNTIL,
    RetentionClass,
    lock_lags,
    lock_needed,
    lock_until,
    retain_until,
)

FIVE, TEN, THIRTY, PERMANENT = RetentionClass
ARRIVED = date(2026, 3, 9)
ISSUED = date(2026, 11, 20)
DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))
YEARS = st.integers(1990, 2200)


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        (date(2025, 10, 1), date(2030, 10, 1)),
        (date(2024, 2, 28), date(2029, 2, 28)),
        (date(2024, 2, 29), date(2029, 3, 1)),
        (date(2023, 2, 28), date(2028, 2, 28)),
        (date(2019, 12, 31), date(2024, 12, 31)),
    ],
)
def test_five_years_count_from_the_issue_date(issued: date, until: date) -> None:
    assert retain_until(FIVE, issued, ARRIVED) == until


def test_an_unread_issue_date_counts_from_arrival() -> None:
    assert retain_until(FIVE, None, ARRIVED) == date(2031, 3, 9)


@pytest.mark.parametrize(
    ("retention_class", "until"),
    [(FIVE, date(2032, 1, 1)), (TEN, date(2037, 1, 1)), (THIRTY, date(2057, 1, 1)), (PERMANENT, PERMANENT_UNTIL)],
)
def test_an_invoice_of_november_2026_booked_in_2026(retention_class: RetentionClass, until: date) -> None:
    """The clock starts on 2027-01-01: 会计档案管理办法 (2015) Art. 14."""
    assert retain_until(retention_class, ISSUED, ISSUED, 2026) == until


def test_the_year_of_booking_counts_and_not_that_of_issue() -> None:
    assert retain_until(THIRTY, date(2026, 12, 31), date(2027, 1, 2), 2027) == date(2058, 1, 1)
    assert retain_until(THIRTY, date(2026, 12, 31), date(2027, 1, 2), 2026) == date(2057, 1, 1)


def test_while_the_year_of_booking_is_unknown_the_longer_classes_count_from_the_later_of_issue_and_arrival() -> None:
    assert retain_until(TEN, date(2026, 12, 31), date(2027, 1, 2)) == date(2038, 1, 1)
    assert retain_until(TEN, date(2027, 12, 31), date(2027, 1, 2)) == date(2038, 1, 1)
    assert retain_until(THIRTY, None, date(2027, 1, 2)) == date(2058, 1, 1)


def test_the_floor_holds_where_the_booking_was_long_before() -> None:
    assert retain_until(FIVE, date(2026, 11, 20), ARRIVED, 2020) == date(2031, 11, 20)
    assert retain_until(TEN, date(2026, 11, 20), ARRIVED, 2016) == date(2031, 11, 20)


@given(DAYS)
def test_the_term_is_never_shorter_than_five_full_years(issued: date) -> None:
    until = retain_until(FIVE, issued, ARRIVED)
    same_day = (issued.year + 5, issued.month, issued.day)
    day_before = until - timedelta(days=1)
    assert (day_before.year, day_before.month, day_before.day) < same_day <= (until.year, until.month, until.day)


@given(st.none() | DAYS, DAYS, st.none() | YEARS)
def test_a_longer_class_is_never_shorter_and_none_is_below_the_floor(
    issued: date | None, arrived: date, booked: int | None
) -> None:
    terms = [retain_until(retention_class, issued, arrived, booked) for retention_class in RetentionClass]
    assert terms == sorted(terms)
    assert terms[0] >= retain_until(FIVE, issued, arrived)


@given(st.sampled_from(RetentionClass), DAYS, DAYS, YEARS)
def test_a_later_year_of_booking_is_never_shorter(
    retention_class: RetentionClass, issued: date, arrived: date, booked: int
) -> None:
    assert retain_until(retention_class, issued, arrived, booked) <= retain_until(
        retention_class, issued, arrived, booked + 1
    )


@given(DAYS, st.sampled_from([date(2030, 5, 1), date(2057, 1, 1), PERMANENT_UNTIL]))
def test_a_fresh_lock_is_in_order_and_does_not_lag(today: date, until: date) -> None:
    locked = lock_until(until, today)
    assert locked >= lock_needed(until, today)
    assert not lock_lags(locked, until, today)


@given(DAYS)
def test_a_lock_for_ever_lags_long_before_it_is_out_of_order(today: date) -> None:
    locked = lock_until(PERMANENT_UNTIL, today)
    in_two_years = today + timedelta(days=731)
    assert lock_lags(locked, PERMANENT_UNTIL, in_two_years)
    assert locked >= lock_needed(PERMANENT_UNTIL, in_two_years)


def test_a_lock_that_is_shorter_than_its_term_lags() -> None:
    until = date(2057, 1, 1)
    assert lock_until(until, ARRIVED) == until
    assert lock_lags(until - timedelta(days=1), until, ARRIVED)
    assert lock_lags(None, until, ARRIVED)
    assert not lock_lags(until, until, ARRIVED)


def test_the_classes_stand_in_the_order_of_their_length() -> None:
    assert [retention_class.rank for retention_class in (FIVE, TEN, THIRTY, PERMANENT)] == [0, 1, 2, 3]
