"""Data is normalised like print, and only as far as nothing is guessed."""

from decimal import Decimal

import pytest

from archive.model.evidence import Source
from ingest.extraction.fields import read_page
from ingest.extraction.stated import stated_items, stated_readings
from ingest.model.draft import Item
from ingest.model.page import Page
from ingest.model.statement import Statement


def value(field: str, text: str, *items: Item) -> str | None:
    readings = list(stated_readings(Statement(Source.XML, {field: text}, items), 3))
    assert all(r.page == 3 and r.box is None and r.confidence == Decimal(1) for r in readings)
    return readings[0].value if readings else None


@pytest.mark.parametrize(
    ("field", "text", "normalised"),
    [
        ("issue_date", "2026-11-20 09:30:00", "2026-11-20"),
        ("issue_date", "2026-11-20T09:30:00+08:00", "2026-11-20"),
        ("issue_date", "2026年11月20日", "2026-11-20"),
        ("issue_date", "20261120", "2026-11-20"),
        ("issue_date", "2026-13-20", None),
        ("check_code", "01234 56789 01234 56789", "01234567890123456789"),
        ("seller_name", "云杉(北京)科技 有限公司", "云杉（北京）科技有限公司"),
        ("buyer_tax_id", "91310101ma1ftet38d", "91310101MA1FTET38D"),
        ("total_amount", "620", "620.00"),
        ("total_amount", "79.8200", "79.82"),
        ("total_amount", "￥-79.82", "-79.82"),
        ("total_amount", "79.825", None),
        ("total_amount", "many", None),
        ("tax_amount", "***", "***"),
        ("remarks", "备注\n二", "备注\n二"),
    ],
)
def test_values_are_those_that_print_would_show(field: str, text: str, normalised: str | None) -> None:
    assert value(field, text) == normalised


def test_no_tax_is_exemption_only_where_every_line_says_so() -> None:
    assert value("tax_amount", "0", Item(tax_rate="免税"), Item(tax_rate="不征税")) == "***"
    assert value("tax_amount", "0", Item(tax_rate="免税"), Item(tax_rate="0.03")) == "0.00"
    assert value("tax_amount", "0") == "0.00"


def test_lines_are_normalised_field_by_field() -> None:
    raw = Item("*服务*收 派", "A4", "次", "2", "500.000", "1000", "0.130", "130.0")
    clean = Item("*服务*收派", "A4", "次", "2", "500.000", "1000.00", "13%", "130.00")
    assert stated_items(Statement(Source.XML, {}, (raw, Item()))) == (clean, Item())


def test_a_page_of_data_alone_has_its_readings_lines_titles_and_code() -> None:
    code = "01,32,,26117000000123456789,1130.00,20261120,,46BD"
    statement = Statement(Source.XML, {"invoice_number": "26117000000123456789"}, (Item("甲"),), "电子发票", code)
    reading = read_page(Page(1, 0, 0, Source.XML, (), statements=(statement,)))
    assert reading.is_invoice
    assert (reading.items, reading.titles) == ((Item("甲"),), ("电子发票",))
    assert {(r.field, r.source) for r in reading.readings} >= {
        ("invoice_number", Source.XML),
        ("invoice_number", Source.QR),
        ("total_amount", Source.QR),
    }
