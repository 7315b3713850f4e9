"""Beijing time: the dates that invoices, retention and screens speak in."""

from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset, so that no time-zone files are needed: China has kept UTC+8 without summer time since 1991."""


def beijing_date(moment: datetime) -> date:
    """The Beijing date of an aware moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no Beijing date")
    return moment.astimezone(BEIJING).date()
