from datetime import date

import pytest

from archive.model.evidence import Severity
from ingest.rules import dates

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("issued", "codes"),
    [
        ("2026-11-22", []),
        ("2026-11-23", ["DATE-FUTURE"]),
        ("2021-11-22", []),
        ("2021-11-21", ["DATE-OVER-FIVE-YEARS"]),
        ("1994-01-01", ["DATE-OVER-FIVE-YEARS"]),
        ("1993-12-31", ["DATE-TOO-EARLY"]),
    ],
)
def test_the_issue_date_stands_between_the_first_invoice_and_today(draft_of, issued: str, codes: list[str]) -> None:
    assert [finding.code for finding in dates.issue_date(draft_of(issue_date=issued), TODAY)] == codes


@pytest.mark.parametrize(
    ("issued", "severity"),
    [("2026-11-23", Severity.ERROR), ("1993-12-31", Severity.ERROR), ("2020-02-29", Severity.INFO)],
)
def test_findings_name_the_date(draft_of, issued: str, severity: Severity) -> None:
    (finding,) = dates.issue_date(draft_of(issue_date=issued), TODAY)
    assert (finding.severity, finding.field) == (severity, "issue_date")
    assert issued in finding.zh
    assert issued in finding.en


def test_five_years_from_a_leap_day_end_after_february(draft_of) -> None:
    draft = draft_of(issue_date="2020-02-29")
    assert list(dates.issue_date(draft, date(2025, 2, 28))) == []
    assert [finding.code for finding in dates.issue_date(draft, date(2025, 3, 1))] == ["DATE-OVER-FIVE-YEARS"]


def test_no_date_is_no_finding(draft_of) -> None:
    assert list(dates.issue_date(draft_of(), TODAY)) == []


@pytest.mark.parametrize(
    ("kind", "issued", "told"),
    [
        ("train_paper", "2025-09-30", False),
        ("train_paper", "2025-10-01", True),
        ("digital_rail", "2024-10-31", True),
        ("digital_rail", "2024-11-01", False),
        ("freight_special", "2016-07-01", True),
        ("digital_normal", "2021-11-30", True),
        ("vat_normal_paper", "2001-01-01", False),
    ],
)
def test_kinds_come_and_go(draft_of, kind: str, issued: str, told: bool) -> None:
    found = [
        (finding.code, finding.severity)
        for finding in dates.kind_in_force(draft_of(kind=kind, issue_date=issued), TODAY)
    ]
    assert found == [("KIND-DATE", Severity.WARNING)] * told
