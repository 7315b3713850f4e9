"""The retention schedule: class, dates and booking year in, date of the earliest disposal out."""

from datetime import date
from enum import StrEnum


class RetentionClass(StrEnum):
    """How long what is kept, the shortest first.

    Five years from the issue date are the floor under every class: 发票管理办法 (2023) Art. 28. Tax papers: 10 years,
    税收征管法实施细则 Art. 29. Original accounting vouchers: 30 years, 会计档案管理办法 (2015) Art. 14 and its table.
    """

    FIVE_YEARS = "five-years"
    TEN_YEARS = "ten-years"
    THIRTY_YEARS = "thirty-years"
    PERMANENT = "permanent"

    @property
    def rank(self) -> int:
        """A longer class has a higher one."""
        return list(RetentionClass).index(self)


PERMANENT_UNTIL = date(9999, 12, 31)
"""Stands for "never": the last date that there is a name for."""

FLOOR_YEARS = 5
_YEARS = {RetentionClass.FIVE_YEARS: 5, RetentionClass.TEN_YEARS: 10, RetentionClass.THIRTY_YEARS: 30}
_LOCK_AHEAD_YEARS = 10
"""How far a lock for ever reaches at a time. A lock cannot be taken back, and stores compute with dates that end (Ceph
counts nanoseconds in 64 bits), so it is lengthened every year instead."""


def retain_until(
    retention_class: RetentionClass, issue_date: date | None, arrived: date, booking_year: int | None = None
) -> date:
    """The first Beijing date on which disposal may be considered: the later of the floor and the class's own term.

    The floor counts from the issue date; where that was not read, from the date of arrival, which is never earlier
    than a true issue date. The class's term counts from 1 January after the fiscal year of booking (会计档案管理办法
    2015, Art. 14). While that year is not known, the longer classes count from the year of arrival or of issue, the
    later one.
    """
    if retention_class is RetentionClass.PERMANENT:
        return PERMANENT_UNTIL
    floor = _years_after(issue_date or arrived, FLOOR_YEARS)
    if booking_year is None:
        if retention_class is RetentionClass.FIVE_YEARS:
            return floor
        booking_year = max(issue_date or arrived, arrived).year
    return max(floor, date(booking_year + 1 + _YEARS[retention_class], 1, 1))


def lock_until(until: date, today: date) -> date:
    """How far to lock what is kept until a date: all the way, but for ever only ten years ahead."""
    return _years_after(today, _LOCK_AHEAD_YEARS) if until == PERMANENT_UNTIL else until


def lock_needed(until: date, today: date) -> date:
    """The shortest lock that is in order: for ever needs the floor ahead at any time, all else its whole term."""
    return _years_after(today, FLOOR_YEARS) if until == PERMANENT_UNTIL else until


def lock_lags(locked: date | None, until: date, today: date) -> bool:
    """Whether it is time to lengthen a lock: a year after it was set where it is for ever, at once elsewhere."""
    wanted = _years_after(today, _LOCK_AHEAD_YEARS - 1) if until == PERMANENT_UNTIL else until
    return locked is None or locked < wanted


def _years_after(day: date, years: int) -> date:
    """The same day of a later year. 29 February becomes 1 March where the year has none: 28 February would be a day
    short of the full term, and a term is never shorter than the law's."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        if (day.month, day.day) != (2, 29):
            raise
        return date(day.year + years, 3, 1)
