"""Tax rates: what is printed, and which of them were in force when."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft

EXEMPT = frozenset({"免税", "不征税"})

_PERCENT = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)%", re.ASCII)
_END = date.max

# In percent, from the first to the last day. 1 and 0.5 are concessions with an announced end (财政部 税务总局公告
# 2023 年第 19 号, 第 63 号); the levy of 4 ended with 财税〔2014〕57号; 增值税法, in force from 2026-01-01, leaves open
# whether 5 and 1.5 go on, so they stay.
_IN_FORCE = (
    ("0", date.min, _END),
    ("0.5", date(2020, 5, 1), date(2027, 12, 31)),
    ("1", date(2020, 3, 1), date(2027, 12, 31)),
    ("1.5", date(2016, 5, 1), _END),
    ("2", date.min, _END),
    ("3", date.min, _END),
    ("4", date.min, date(2014, 6, 30)),
    ("5", date.min, _END),
    ("6", date.min, _END),
    ("9", date(2019, 4, 1), _END),
    ("10", date(2018, 5, 1), date(2019, 3, 31)),
    ("11", date(2012, 1, 1), date(2018, 4, 30)),
    ("13", date.min, date(2017, 6, 30)),
    ("13", date(2019, 4, 1), _END),
    ("16", date(2018, 5, 1), date(2019, 3, 31)),
    ("17", date.min, date(2018, 4, 30)),
)


def fraction(printed: str) -> Decimal | None:
    """``13%`` → ``0.13``; None for 免税, 不征税, ``***`` and whatever else is no percentage."""
    found = _PERCENT.fullmatch(printed)
    return Decimal(found[1]).scaleb(-2) if found else None


def in_force(rate: Decimal, issued: date, *, red: bool) -> bool:
    """Whether ``rate`` could be charged on ``issued``; a red-letter invoice carries the rate of what it takes back."""
    return any(
        rate == Decimal(percent).scaleb(-2) and first <= issued and (red or issued <= last)
        for percent, first, last in _IN_FORCE
    )


def unusual(draft: Draft, today: date) -> Iterator[Finding]:
    """RATE-UNUSUAL: a warning only, since an invoice issued late carries the rate of the day the tax arose."""
    issued, total = draft.value("issue_date"), draft.money("total_amount")
    if issued is None:
        return
    for printed in dict.fromkeys(item.tax_rate for item in draft.items if item.tax_rate):
        rate = fraction(printed)
        if rate is not None and not in_force(rate, date.fromisoformat(issued), red=total is not None and total < 0):
            yield Finding(
                "RATE-UNUSUAL",
                Severity.WARNING,
                "items",
                f"税率 {printed} 不是开票日期 {issued} 时的法定税率或征收率。",
                f"The rate {printed} was not in force on the issue date {issued}.",
            )
