"""Red-letter invoices, margin schemes, agencies, special businesses: what they must say, and what contradicts it."""

from collections.abc import Callable
from datetime import date

import pytest

from archive.model.evidence import Severity
from ingest.model.draft import Item
from ingest.rules import relations

TODAY = date(2026, 11, 22)
BLUE = "26117000000123456788"
STARRED = Item("*旅游服务*旅游费", amount="957.14", tax_rate="***", tax_amount="42.86")
EXEMPT = Item("*水果*苹果", amount="100.00", tax_rate="免税")


def codes(rule: Callable, draft: object) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in rule(draft, TODAY)]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"total_amount": "-106.00"}, True),
        ({"total_amount": "-106.00", "original_invoice_number": BLUE}, False),
        ({"total_amount": "-106.00", "red_notice_no": "1101082603123456"}, False),
        ({"total_amount": "106.00"}, False),
        ({}, False),
    ],
)
def test_a_negative_invoice_names_what_it_takes_back(draft_of: Callable, values: dict[str, str], told: bool) -> None:
    assert codes(relations.red_original, draft_of(**values)) == [("RED-ORIGINAL", Severity.WARNING)] * told


@pytest.mark.parametrize(("total", "told"), [("106.00", True), ("-106.00", False)])
def test_what_calls_itself_red_is_negative(draft_of: Callable, total: str, told: bool) -> None:
    draft = draft_of(is_red="红字", total_amount=total)
    assert codes(relations.red_sign, draft) == [("RED-SIGN", Severity.ERROR)] * told
    assert codes(relations.red_sign, draft_of(total_amount=total)) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"invoice_number": BLUE, "original_invoice_number": BLUE}, True),
        ({"invoice_number": BLUE, "original_invoice_number": BLUE[:-1] + "9"}, False),
        (
            {
                "invoice_code": "011002600111",
                "invoice_number": "00123456",
                "original_invoice_code": "011002600211",
                "original_invoice_number": "00123456",
            },
            False,
        ),
        ({"invoice_number": BLUE}, False),
    ],
)
def test_no_invoice_takes_itself_back(draft_of: Callable, values: dict[str, str], told: bool) -> None:
    assert codes(relations.red_itself, draft_of(**values)) == [("RED-ITSELF", Severity.ERROR)] * told


@pytest.mark.parametrize(
    ("tax", "deduction", "told"),
    [
        ("42.86", "100.00", False),  # 5 % in 900
        ("50.94", "100.00", False),  # 6 % in 900
        ("43.86", "100.00", True),
        ("42.86", "1100.00", True),
    ],
)
def test_the_tax_on_a_margin(draft_of: Callable, tax: str, deduction: str, told: bool) -> None:
    draft = draft_of(STARRED, total_amount="1000.00", tax_amount=tax, deduction=deduction)
    assert codes(relations.margin_tax, draft) == [("MARGIN-TAX", Severity.WARNING)] * told
    rated = draft_of(Item(tax_rate="6%"), total_amount="1000.00", tax_amount=tax, deduction=deduction)
    assert codes(relations.margin_tax, rated) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"is_agency_issued": "代开", "seller_name": "国家税务总局北京市朝阳区税务局"}, True),
        (
            {
                "is_agency_issued": "代开",
                "seller_name": "国家税务总局北京市朝阳区税务局",
                "principal_name": "北京云杉远景科技有限公司",
            },
            False,
        ),
        ({"is_agency_issued": "代开", "seller_name": "北京云杉远景科技有限公司"}, False),  # 数电: the seller itself
        ({"seller_name": "国家税务总局北京市朝阳区税务局"}, False),
    ],
)
def test_an_agency_tells_for_whom(draft_of: Callable, values: dict[str, str], told: bool) -> None:
    assert codes(relations.agency_named, draft_of(**values)) == [("AGENCY-PRINCIPAL", Severity.WARNING)] * told


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ({"special_business": "建筑服务", "construction_place": "北京市朝阳区"}, "construction project"),
        (
            {
                "special_business": "建筑服务",
                "construction_place": "北京市朝阳区",
                "construction_project": "云杉大厦",
            },
            None,
        ),
        ({"special_business": "不动产经营租赁服务"}, "property address"),
        ({"special_business": "货物运输服务", "loading_place": "北京", "unloading_place": "上海"}, "goods carried"),
        ({"special_business": "成品油"}, None),
        ({}, None),
    ],
)
def test_a_business_states_what_the_law_asks_for(
    draft_of: Callable, values: dict[str, str], lacking: str | None
) -> None:
    found = list(relations.business_told(draft_of(**values), TODAY))
    assert [finding.code for finding in found] == ["BUSINESS-INCOMPLETE"] * (lacking is not None)
    assert all(lacking in finding.en for finding in found if lacking)


@pytest.mark.parametrize(
    ("kind", "issued", "told"),
    [
        ("digital_special", "2025-12-31", True),
        ("digital_special", "2026-01-01", False),  # the regulation is no longer in force
        ("digital_normal", "2025-12-31", False),
    ],
)
def test_no_special_invoice_for_what_is_exempt_or_for_a_consumer(
    draft_of: Callable, kind: str, issued: str, told: bool
) -> None:
    draft = draft_of(EXEMPT, kind=kind, issue_date=issued, buyer_name="个人")
    assert codes(relations.special_exempt, draft) == [("SPECIAL-EXEMPT", Severity.WARNING)] * told
    assert codes(relations.special_person, draft) == [("SPECIAL-PERSON", Severity.WARNING)] * told
    sold = draft_of(Item(tax_rate="13%"), kind=kind, issue_date=issued, buyer_name="北京云杉远景科技有限公司")
    assert codes(relations.special_exempt, sold) == codes(relations.special_person, sold) == []
