"""Forms that OCR reads are named and read, and a person decides on them."""

from collections.abc import Callable
from datetime import date

import pytest

from archive.model.evidence import Source
from ingest.acceptance import objections
from ingest.drafting import draft_of
from ingest.extraction.fields import read_page
from ingest.kinds.registry import KINDS

TODAY = date(2026, 11, 20)
NUMBERS = [("发票代码111002670119", 100, 80), ("发票号码00123456", 100, 105)]
SELLER, SELLER_ID = "北京云杉远景科技有限公司", "91110105MA00TET16L"

FORMS = {
    "taxi": [
        ("北京市出租汽车专用发票", 100, 30), *NUMBERS, ("日期:", 100, 130), ("2026年01月05日", 200, 130),
        ("里程:", 100, 155), ("12.40KM", 200, 155), ("金额:", 100, 180), ("¥46.50元", 200, 180),
    ],
    "quota": [("北京市通用定额发票", 100, 30), *NUMBERS, ("伍拾元整", 200, 150)],
    "general_machine": [
        ("北京市通用机打发票", 100, 30), *NUMBERS, ("开票日期:2026-04-07", 100, 130),
        (f"收款方名称:{SELLER}", 100, 155), ("(小写)¥300.00", 500, 300),
    ],
    "vat_roll": [
        ("北京增值税普通发票(卷票)", 100, 30), ("发票代码011002600107", 100, 70), ("发票号码00123456", 100, 90),
        ("销售方名称", 100, 130), (SELLER, 180, 130), ("纳税人识别号", 100, 160), (SELLER_ID, 200, 160),
        ("开票日期", 100, 185), ("2026-04-07", 180, 185), ("合计金额(小写)", 100, 300), ("¥196.00", 220, 300),
        ("合计金额(大写)", 100, 330), ("壹佰玖拾陆圆整", 220, 330),
        ("校验码", 100, 360), ("01234567890123456789", 180, 360),
    ],
    "train_paper": [
        ("K012345", 60, 40), ("云杉南站", 90, 80), ("G1234", 400, 82), ("青禾站", 620, 80),
        ("2024年08月09日10:51开", 60, 140), ("¥153.5元", 60, 170), ("买票请到12306发货请到95306", 150, 330),
    ],
    "fiscal_e_bill": [
        ("北京市非税收入统一票据(电子)", 300, 30), ("票据代码:11010126", 60, 80), ("票据号码:0001234567", 640, 80),
        ("交款人:上海青禾物流有限公司", 60, 120), ("校验码:a1B2c3", 640, 100), ("开票日期:2026-04-07", 640, 120),
        ("金额合计(大写)陆拾元整", 60, 440), ("(小写)60.00", 600, 440), ("收款单位(章):北京市云杉考试中心", 60, 620),
    ],
    "used_vehicle": [
        ("二手车销售统一发票", 400, 30), ("发票代码011002600117", 700, 50), ("发票号码00123456", 700, 70),
        ("开票日期:2026-04-07", 60, 80), ("买方单位/个人", 60, 120), ("何清", 200, 120), ("卖方单位/个人", 60, 180),
        (SELLER, 200, 180), ("车价合计(大写)", 60, 300), ("伍万圆整", 220, 300), ("¥50000.00", 560, 300),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_a_form_is_named_and_read_and_goes_to_a_person(page_of: Callable, kind: str) -> None:
    draft = draft_of([read_page(page_of(FORMS[kind], source=Source.OCR))], TODAY)
    assert draft.kind == kind
    required = next(known.required for known in KINDS if known.id == kind)
    assert {field: draft.value(field) for field in required if draft.value(field) is None} == {}
    codes = {finding.code for finding in objections(draft, TODAY)}
    assert codes & {"NOT-CONFIRMED", "OCR-ONLY"}
    assert not codes & {"KIND-UNKNOWN", "FIELD-MISSING", "CODE-LENGTH", "NUMBER-LENGTH", "CHECK-CODE-LENGTH"}


def test_a_roll_without_its_check_code_is_not_complete(page_of: Callable) -> None:
    prints = [found for found in FORMS["vat_roll"] if found[0] != "01234567890123456789"]
    draft = draft_of([read_page(page_of(prints, source=Source.OCR))], TODAY)
    assert "FIELD-MISSING" in {finding.code for finding in objections(draft, TODAY)}


def test_two_readings_of_a_ticket_number_that_differ_are_a_conflict(page_of: Callable) -> None:
    prints = [*FORMS["train_paper"], ("12345678901234K012346", 60, 420)]
    draft = draft_of([read_page(page_of(prints, source=Source.OCR))], TODAY)
    assert ("FIELD-CONFLICT", "invoice_number") in {(finding.code, finding.field) for finding in draft.findings}
