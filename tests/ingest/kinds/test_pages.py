"""Pages of the kinds that few people see any more, or do not see yet: each is told from its page alone, and none is
accepted on what resembles it."""

from collections.abc import Callable
from datetime import date

import pytest

from archive.model.evidence import Source
from ingest.drafting import draft_of
from ingest.extraction.fields import read_page
from ingest.model.decision import Known, Outcome
from ingest.model.draft import Draft
from ingest.pipeline import decide

TODAY = date(2026, 11, 22)
BUYER, BUYER_ID = "上海青禾物流有限公司", "91310101MA1FTET38D"
SELLER, SELLER_ID = "北京云杉远景科技有限公司", "91110105MA00TET16L"
LOCAL = [("发票代码111002670119", 700, 60), ("发票号码00123456", 700, 80), ("开票日期:2024-04-07", 60, 110)]
VEHICLE = [
    ("购买方名称", 60, 180), (BUYER, 200, 182), ("统一社会信用代码/纳税人识别号", 480, 182), (BUYER_ID, 720, 182),
    ("车辆类型", 60, 220), ("轿车", 160, 220), ("厂牌型号", 300, 220), ("云杉YS7000", 400, 220),
    ("合格证号", 60, 250), ("WAA012345678901", 160, 250), ("发动机号码", 60, 280), ("YS123456", 160, 280),
    ("车辆识别代号/车架号码", 300, 280), ("LYS1234518A000001", 480, 280),
    ("价税合计", 60, 310), ("壹拾壹万叁仟圆整", 200, 310), ("小写", 600, 310), ("¥113000.00", 660, 310),
    ("销货单位名称", 60, 340), (SELLER, 200, 340), ("纳税人识别号", 60, 370), (SELLER_ID, 200, 370),
    ("增值税税率", 60, 430), ("13%", 180, 430), ("增值税税额", 260, 430), ("¥13000.00", 360, 430),
    ("不含税价", 60, 470), ("小写¥100000.00", 160, 470),
]  # fmt: skip
PAGES = {
    "general_e_gd_zj": [("浙江通用机打电子发票", 300, 30), *LOCAL],
    "bus": [("北京市公路汽车客票", 300, 30), *LOCAL],
    "ship": [("厦门市轮渡客运发票", 300, 30), *LOCAL],
    "toll_paper": [("北京市车辆通行费专用发票", 300, 30), *LOCAL],
    "air_paper": [("航空运输电子客票行程单", 300, 30), ("印刷序号:", 700, 60), ("12345678901", 780, 60), *LOCAL[2:]],
    "freight_special": [
        ("北京货物运输业增值税专用发票", 300, 30), ("发票代码1100143720", 700, 60), ("发票号码00123456", 700, 80),
        ("开票日期:2015年04月07日", 700, 100),
    ],
}  # fmt: skip


def drafted(page_of: Callable, prints: list, source: Source = Source.PDF_TEXT) -> Draft:
    page = read_page(page_of(prints, source=source, confidence=0.99))
    assert page.is_invoice
    return draft_of((page,), TODAY)


@pytest.mark.parametrize("source", [Source.PDF_TEXT, Source.OCR])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_tells_its_kind_and_goes_to_a_person(page_of: Callable, kind: str, source: Source) -> None:
    draft = drafted(page_of, PAGES[kind], source)
    assert draft.kind == kind
    assert decide(draft, Known(), TODAY).outcome is Outcome.REVIEW


def test_a_digital_invoice_of_a_vehicle_is_read_whole_and_accepted(page_of: Callable) -> None:
    head = [
        ("电子发票(机动车销售统一发票)", 300, 30), ("发票号码:26117000000123456789", 700, 60),
        ("开票日期:2026年04月07日", 700, 90),
    ]  # fmt: skip
    draft = drafted(page_of, [*head, *VEHICLE])
    expected = {
        "invoice_number": "26117000000123456789",
        "issue_date": "2026-04-07",
        "buyer_name": BUYER,
        "buyer_tax_id": BUYER_ID,
        "seller_name": SELLER,
        "seller_tax_id": SELLER_ID,
        "amount_without_tax": "100000.00",
        "tax_amount": "13000.00",
        "total_amount": "113000.00",
        "vin": "LYS1234518A000001",
        "engine_no": "YS123456",
        "certificate_no": "WAA012345678901",
        "brand_model": "云杉YS7000",
        "vehicle_type": "轿车",
    }
    assert draft.kind == "digital_motor_vehicle"
    assert {field: draft.value(field) for field in expected} == expected
    assert decide(draft, Known(), TODAY).reasons == ()


def test_a_paper_invoice_of_the_digital_platform_is_not_taken_for_an_older_one(
    page_of: Callable, legacy_prints: Callable
) -> None:
    head = [
        ("北京增值税专用发票", 350, 40), ("1100263150", 60, 40), ("No00123456", 780, 40), ("开票日期:", 710, 80),
        ("2026年04月07日", 790, 80),
    ]  # fmt: skip
    older = legacy_prints(head=head)
    newer = [(text, x, y) for text, x, y in older if "*" not in text or text.startswith("*")]
    assert drafted(page_of, older, Source.OCR).kind == "vat_special_paper"
    marked = [*newer, ("数电票号码:26117000000123456789", 620, 145)]
    assert drafted(page_of, marked, Source.OCR).kind == "digital_paper_special"
