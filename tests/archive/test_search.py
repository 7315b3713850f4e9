"""Search: the language, and what it finds."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.errors import QueryError
from archive.model.invoice import Line, Party
from archive.model.query import Query, searchable
from archive.search import parse


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("  甲 \t 乙　丙 ", Query(words=("甲", "乙", "丙"))),
        ('"甲 公司" “乙 公司”', Query(words=("甲 公司", "乙 公司"))),
        ("seller:甲 购买方：乙", Query(seller="甲", buyer="乙")),
        ('销售方:"甲 公司" buyer：“乙 公司”', Query(seller="甲 公司", buyer="乙 公司")),
        ("SELLER:甲", Query(seller="甲")),
        ("票种:digital_normal", Query(kind="digital_normal")),
        ("kind:Digital_Special", Query(kind="digital_special")),
        ("查验:pending", Query(verification="PENDING")),
        ("date:2025", Query(issued_from=date(2025, 1, 1), issued_to=date(2025, 12, 31))),
        ("日期：2024-02", Query(issued_from=date(2024, 2, 1), issued_to=date(2024, 2, 29))),
        ("date:2025-10-01", Query(issued_from=date(2025, 10, 1), issued_to=date(2025, 10, 1))),
        ("date:2025-01-01..2025-03-31", Query(issued_from=date(2025, 1, 1), issued_to=date(2025, 3, 31))),
        ("date:2025-01..2025-02", Query(issued_from=date(2025, 1, 1), issued_to=date(2025, 2, 28))),
        ("date:2025-01..", Query(issued_from=date(2025, 1, 1))),
        ("date:..2025", Query(issued_to=date(2025, 12, 31))),
        ("amount:>1000", Query(amount_from=Decimal("1000.01"))),
        ("amount:>=1000", Query(amount_from=Decimal(1000))),
        ("金额：<99.5", Query(amount_to=Decimal("99.49"))),
        ("金额:<=99.5", Query(amount_to=Decimal("99.5"))),
        ("金额：＞１０００", Query(amount_from=Decimal("1000.01"))),
        ("amount:100..200", Query(amount_from=Decimal(100), amount_to=Decimal(200))),
        ("amount:1,234.50", Query(amount_from=Decimal("1234.50"), amount_to=Decimal("1234.50"))),
        ("amount:-50", Query(amount_from=Decimal(-50), amount_to=Decimal(-50))),
        ('"12:30"', Query(words=("12:30",))),
        ("甲 date:2025 乙", Query(words=("甲", "乙"), issued_from=date(2025, 1, 1), issued_to=date(2025, 12, 31))),
    ],
)
def test_the_language(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sellr:甲", 1),
        ("甲 sellr:乙", 3),
        ("甲 发票号码：26", 3),
        ('甲 "乙', 3),
        ("seller:", 1),
        ('seller:""', 1),
        ("seller:甲 销售方:乙", 10),
        ("date:2025-13", 1),
        ("date:2025-02-30", 1),
        ("date:gestern", 1),
        ("date:..", 1),
        ("date:0000", 1),
        ("amount:viel", 1),
        ("amount:>", 1),
        ("amount:1e9", 1),
        ("amount:1.234", 1),
        ("amount:..", 1),
        (":甲", 1),
        ("甲" * 1001, 1000),
    ],
)
def test_what_cannot_be_understood_names_its_place(text: str, place: int) -> None:
    with pytest.raises(QueryError) as told:
        parse(text)
    assert f"第 {place} 个字符" in told.value.zh
    assert f"character {place} " in told.value.en


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    with suppress(QueryError):
        assert isinstance(parse(text), Query)


@given(
    st.text(st.characters(categories=["Lo", "Lu", "Nd"]) | st.sampled_from("Ａ１（）"), max_size=20),
    st.text(max_size=9),
)
def test_a_word_is_found_in_its_text_in_any_case_and_width(word: str, rest: str) -> None:
    assert searchable(word) in searchable(f"{word} 、{rest}")
    assert searchable(word.casefold()) == searchable(word)


def found(archive: Archive, text: str) -> list[str | None]:
    return [hit.invoice_number for hit in archive.search(parse(text)).hits]


@pytest.mark.parametrize(
    "text",
    [
        "餐",
        "餐饮服务",
        "甲乙餐饮",
        "虚构市 甲乙",
        '"甲乙 餐饮"',
        "２６９９",
        "26990000000000000001",
        "91990000ma0000000x",
        "餐费.PDF",
        "seller:甲乙",
        "销售方:91990000MA0000000X",
        "buyer:丙丁",
        "金额:106",
        "日期:2026-03",
        "甲乙 丙丁",
    ],
)
def test_each_word_is_found_where_it_stands(archive: Archive, deposit: Any, text: str) -> None:
    deposit(1)
    deposit(
        2,
        file_name="other.pdf",
        invoice_number="11110000000000000002",
        seller=Party("别家"),
        buyer=Party("某人"),
        lines=(Line("纸"),),
        total_amount=Decimal("1.00"),
        issue_date=date(2024, 1, 1),
    )
    assert found(archive, text) == ["26990000000000000001"]


@pytest.mark.parametrize(
    "text", ["seller:丙丁", "buyer:甲乙", "餐费纸", "%", "_", "\\", "有限公司91990000", "甲乙 无此词"]
)
def test_what_is_not_there_is_not_found(archive: Archive, deposit: Any, text: str) -> None:
    deposit(1)
    assert found(archive, text) == []


def test_signs_of_the_pattern_language_are_letters(archive: Archive, deposit: Any) -> None:
    deposit(1, file_name="100%_a\\b.pdf")
    assert len(found(archive, "100%_a\\b")) == 1
    assert found(archive, "100__a") == []


def test_amounts_are_compared_exactly(archive: Archive, deposit: Any) -> None:
    for n, amount in enumerate(("-5.00", "0.10", "999.99", "1000.00", "1000.01", "10000.00"), start=1):
        deposit(n, total_amount=Decimal(amount))
    deposit(9, total_amount=None)
    assert sorted(hit.total_amount or 0 for hit in archive.search(parse("amount:>1000")).hits) == [
        Decimal("1000.01"),
        Decimal("10000.00"),
    ]
    assert len(found(archive, "amount:999.99..1000")) == 2
    assert len(found(archive, "amount:<0")) == 1


def test_lists_go_from_the_newest_issue_date_to_the_unread_ones_page_by_page(archive: Archive, deposit: Any) -> None:
    days = [date(2026, 1, 1), None, date(2026, 1, 3), date(2026, 1, 1), date(2026, 1, 2), None, date(2026, 1, 1)]
    for n, day in enumerate(days, start=1):
        deposit(n, issue_date=day)
    seen, after = [], None
    while True:
        page = archive.search(Query(), limit=2, after=after)
        assert page.total == len(days)
        seen += page.hits
        after = page.after
        if after is None:
            break
    assert [hit.issue_date for hit in seen] == [*sorted((day for day in days if day), reverse=True), None, None]
    assert len({hit.record for hit in seen}) == len(days)
    assert seen == sorted(seen, key=lambda hit: (hit.issue_date or date.min, hit.record), reverse=True)


@pytest.mark.parametrize("after", ["", "x", "2026-13-01.abc", "'; DROP TABLE records"])
def test_a_place_to_continue_from_that_no_page_gave_is_refused(archive: Archive, after: str) -> None:
    with pytest.raises(QueryError):
        archive.search(Query(), after=after)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_list_without_measure_is_refused(archive: Archive, limit: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        archive.search(Query(), limit=limit)


def test_a_rendition_makes_its_file_name_findable(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    deposit.join(record, b"as OFD")
    assert found(archive, "餐费.ofd") == [record.invoice.invoice_number]
