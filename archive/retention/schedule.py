"""The retention schedule: class and issue date in, date of the earliest disposal out."""

from datetime import date
from enum import StrEnum


class RetentionClass(StrEnum):
    """How long what is kept. Five years is the floor under every class: 发票管理办法 (2023) Art. 28."""

    FIVE_YEARS = "five-years"


_YEARS = {RetentionClass.FIVE_YEARS: 5}


def retain_until(retention_class: RetentionClass, issue_date: date | None, arrived: date) -> date:
    """The first Beijing date on which disposal may be considered.

    The term counts from the issue date; where that was not read, from the date of arrival, which is never earlier than
    a true issue date.
    """
    return _years_after(issue_date or arrived, _YEARS[retention_class])


def _years_after(day: date, years: int) -> date:
    """The same day of a later year. 29 February becomes 1 March where the year has none: 28 February would be a day
    short of the full term, and a term is never shorter than the law's."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        if (day.month, day.day) != (2, 29):
            raise
        return date(day.year + years, 3, 1)
