"""Beijing dates."""

from datetime import UTC, date, datetime

import pytest

from archive.model.beijing import beijing_date


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_the_day_begins_at_sixteen_hours_utc(moment: datetime, day: date) -> None:
    assert beijing_date(moment) == day


def test_a_naive_moment_has_no_beijing_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        beijing_date(datetime(2026, 1, 1))  # noqa: DTZ001
