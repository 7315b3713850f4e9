"""The issue date against the calendar."""

from collections.abc import Iterator
from datetime import date

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft

_FIRST_DAY = date(1994, 1, 1)  # value added tax invoices exist since 增值税暂行条例 came into force
_YEARS_OF_VERIFICATION = 5

# First and last day of issue. Digital kinds began with pilots, so their first day is that of the first pilot.
_IN_FORCE = {
    "digital_special": (date(2021, 12, 1), date.max),  # 国家税务总局广东省税务局公告 2021 年第 3 号 and its like
    "digital_normal": (date(2021, 12, 1), date.max),
    "digital_rail": (date(2024, 11, 1), date.max),  # 国家税务总局公告 2024 年第 8 号
    "digital_air": (date(2024, 12, 1), date.max),  # 国家税务总局公告 2024 年第 9 号
    "vat_normal_electronic": (date(2015, 8, 1), date.max),  # 税总函〔2015〕373号, the pilot before 公告 2015 年第 84 号
    "vat_special_electronic": (date(2020, 9, 1), date.max),  # the pilot in Ningbo before 公告 2020 年第 22 号
    "toll_electronic": (date(2018, 1, 1), date.max),  # 交通运输部公告 2017 年第 66 号
    "vat_roll": (date(2017, 1, 1), date.max),  # 国家税务总局公告 2016 年第 82 号
    "freight_special": (date.min, date(2016, 6, 30)),  # 国家税务总局公告 2015 年第 99 号
    "train_paper": (date.min, date(2025, 9, 30)),  # 国家税务总局公告 2024 年第 8 号
    "air_paper": (date.min, date(2025, 9, 30)),  # 国家税务总局公告 2024 年第 9 号
}


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


def kind_in_force(draft: Draft, today: date) -> Iterator[Finding]:
    """KIND-DATE: a warning where the kind did not exist yet, or no longer, on the day of issue."""
    text, span = draft.value("issue_date"), _IN_FORCE.get(draft.kind)
    if text is None or span is None:
        return
    issued, (first, last) = date.fromisoformat(text), span
    if not first <= issued <= last:
        bound = f"自 {first} 起" if issued < first else f"至 {last} 止"
        limit = f"from {first} on" if issued < first else f"until {last}"
        yield _finding(
            "KIND-DATE",
            Severity.WARNING,
            f"开票日期为 {issued}，而此票种{bound}开具。",
            f"The issue date is {issued}, but this kind is issued {limit}.",
        )


def _finding(code: str, severity: Severity, zh: str, en: str) -> Finding:
    return Finding(code, severity, "issue_date", zh, en)
