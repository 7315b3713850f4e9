"""The issue date against the calendar."""

from collections.abc import Iterator
from datetime import date

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft

_FIRST_DAY = date(1994, 1, 1)  # value added tax invoices exist since 增值税暂行条例 came into force
_YEARS_OF_VERIFICATION = 5


def issue_date(draft: Draft, today: date) -> Iterator[Finding]:
    """DATE-FUTURE, DATE-TOO-EARLY, DATE-OVER-FIVE-YEARS. ``today`` is the Beijing date."""
    text = draft.value("issue_date")
    if text is None:
        return
    issued = date.fromisoformat(text)
    if issued > today:
        yield _finding(
            "DATE-FUTURE",
            Severity.ERROR,
            f"开票日期 {issued} 晚于今天 {today}。",
            f"The issue date {issued} is later than today, {today}.",
        )
    if issued < _FIRST_DAY:
        yield _finding(
            "DATE-TOO-EARLY",
            Severity.ERROR,
            f"开票日期 {issued} 早于 {_FIRST_DAY}，当时尚无增值税发票。",
            f"The issue date {issued} is before {_FIRST_DAY}, when there were no VAT invoices.",
        )
    elif (issued.year + _YEARS_OF_VERIFICATION, issued.month, issued.day) < (today.year, today.month, today.day):
        yield _finding(
            "DATE-OVER-FIVE-YEARS",
            Severity.INFO,
            f"开票日期 {issued} 距今天 {today} 已超过五年，税务系统不再提供在线查验。",
            f"The issue date {issued} is over five years before {today}; it can no longer be verified online.",
        )


def _finding(code: str, severity: Severity, zh: str, en: str) -> Finding:
    return Finding(code, severity, "issue_date", zh, en)
