"""The five-year floor, day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.retention.schedule import RetentionClass, retain_until

FIVE = RetentionClass.FIVE_YEARS
ARRIVED = date(2026, 3, 9)


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


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_the_term_is_never_shorter_than_five_full_years(issued: date) -> None:
    until = retain_until(FIVE, issued, ARRIVED)
    same_day = (issued.year + 5, issued.month, issued.day)
    day_before = until - timedelta(days=1)
    assert (day_before.year, day_before.month, day_before.day) < same_day <= (until.year, until.month, until.day)
