"""财政电子票据: what was charged, for which passage, and what it takes to accept a bill."""

from collections.abc import Callable
from datetime import date

import pytest

from archive.model.evidence import Source
from ingest.drafting import draft_of
from ingest.extraction.fields import read_page
from ingest.model.decision import Decision, Known
from ingest.pipeline import decide

TODAY = date(2026, 11, 22)
BUYER, BUYER_ID = "上海青禾物流有限公司", "91310101MA1FTET38D"
LINK = "http://bill.example.invalid/page/11010126/0001234567/a1B2c3"
HEAD = [
    ("北京市非税收入统一票据(电子)", 300, 30), ("票据代码:11010126", 60, 80), ("票据号码:0001234567", 640, 80),
    (f"交款人统一社会信用代码:{BUYER_ID}", 60, 100), ("校验码:a1B2c3", 640, 100), (f"交款人:{BUYER}", 60, 120),
    ("开票日期:2026-04-07", 640, 120),
]  # fmt: skip
TABLE = [
    ("项目编码", 60, 160), ("项目名称", 200, 160), ("单位", 420, 160), ("数量", 500, 160), ("标准", 600, 160),
    ("金额(元)", 700, 160), ("103043", 60, 180), ("考试费", 200, 180), ("次", 420, 180), ("2", 505, 180),
    ("25.00", 600, 180), ("50.00", 700, 180), ("103044", 60, 200), ("报名考务费及", 200, 200), ("次", 420, 200),
    ("1", 505, 200), ("10.00", 600, 200), ("10.00", 700, 200), ("其他", 200, 215),
]  # fmt: skip
FOOT = [
    ("金额合计(大写)陆拾元整", 60, 440), ("(小写)60.00", 600, 440), ("收款单位(章):北京市云杉考试中心", 60, 620),
    ("复核人:方二", 560, 620), ("收款人:田一", 760, 620),
]  # fmt: skip


def decided(
    page_of: Callable, prints: list, source: Source = Source.PDF_TEXT, qr: tuple[str, ...] = (LINK,)
) -> Decision:
    draft = draft_of((read_page(page_of(prints, source=source, qr=qr, confidence=0.99)),), TODAY)
    assert draft.kind == "fiscal_e_bill"
    return decide(draft, Known(), TODAY)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def test_the_lines_are_what_was_charged(page_of: Callable) -> None:
    page = read_page(page_of([*HEAD, *TABLE, *FOOT]))
    cells = [(item.name, item.unit, item.quantity, item.amount) for item in page.items]
    assert cells == [("考试费", "次", "2", "50.00"), ("报名考务费及其他", "次", "1", "10.00")]


def test_hospitals_set_two_tables_beside_each_other(page_of: Callable) -> None:
    table = [
        ("项目名称", 60, 160), ("数量/单位", 220, 160), ("金额(元)", 380, 160),
        ("项目名称", 520, 160), ("数量/单位", 680, 160), ("金额(元)", 840, 160),
        ("西药费", 60, 180), ("20.00", 380, 180), ("检查费", 520, 180), ("30.00", 840, 180),
        ("诊察费", 60, 200), ("10.00", 380, 200),
    ]  # fmt: skip
    page = read_page(page_of([*HEAD, *table, *FOOT]))
    assert [(item.name, item.amount) for item in page.items] == [
        ("西药费", "20.00"),
        ("诊察费", "10.00"),
        ("检查费", "30.00"),
    ]


def test_a_bill_of_a_toll_tells_the_passage(page_of: Callable) -> None:
    told = ("车牌号:京BI5006(蓝色) 车型:一型客车 入口站:云杉站 出口站:青禾站 出口时间:2026-04-07 21:55:26", 100, 480)
    read = {reading.field: reading.value for reading in read_page(page_of([*HEAD, *TABLE, told, *FOOT])).readings}
    assert (read["plate_number"], read["vehicle_type"]) == ("京BI5006", "一型客车")
    assert (read["departure"], read["destination"], read["passage_end"]) == ("云杉", "青禾", "2026-04-07")


def test_text_and_address_that_agree_are_accepted(page_of: Callable) -> None:
    assert codes(decided(page_of, [*HEAD, *TABLE, *FOOT])) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("(小写)60.00", "(小写)61.00", "WORDS-DIFFER"),
        ("50.00", "40.00", "BILL-LINES"),
        ("票据号码:0001234567", "票据号码:0001234568", "FIELD-CONFLICT"),
        ("校验码:a1B2c3", "校验码:a1B2c4", "FIELD-CONFLICT"),
        ("收款单位(章):北京市云杉考试中心", "收款单位(章):", "FIELD-MISSING"),
    ],
)
def test_what_does_not_agree_goes_to_a_person(page_of: Callable, old: str, new: str, code: str) -> None:
    prints = [(new if text == old else text, x, y) for text, x, y in (*HEAD, *TABLE, *FOOT)]
    assert code in codes(decided(page_of, prints))


def test_a_picture_or_an_address_of_another_form_confirms_too_little(page_of: Callable) -> None:
    assert "NOT-CONFIRMED" in codes(decided(page_of, [*HEAD, *TABLE, *FOOT], Source.OCR))
