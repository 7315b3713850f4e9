"""Remarks in a set form become particulars; others say nothing."""

from decimal import Decimal

import pytest

from archive.model.evidence import Reading, Source
from ingest.extraction.remarks import told

BLUE, NOTICE = "26117000000123456789", "11010526000000000123"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"被红冲蓝字数电票号码：{BLUE} 红字发票信息确认单编号：{NOTICE}",
            {"original_invoice_number": BLUE, "is_red": "红字", "red_notice_no": NOTICE},
        ),
        (
            "对应正数发票代码:011002600111号码:00123456",
            {"original_invoice_code": "011002600111", "original_invoice_number": "00123456", "is_red": "红字"},
        ),
        ("开具红字增值税专用发票信息表编号1101082603123456", {"red_notice_no": "1101082603123456"}),
        ("差额征税：1,234.56。", {"is_differential": "差额征税", "deduction": "1234.56"}),
        ("差额征税", {"is_differential": "差额征税"}),
        (
            "代开企业税号:91110105MA00TET16L 代开企业名称:\n北京云杉远景科技有限公司",
            {"principal_tax_id": "91110105MA00TET16L", "principal_name": "北京云杉远景科技有限公司"},
        ),
        (
            "不动产地址:北京市朝阳区云杉路1号 租赁期起止:2026-01-01 至 2026-12-31 跨地（市）标志：否",
            {
                "property_address": "北京市朝阳区云杉路1号",
                "lease_period": "2026-01-01至2026-12-31",
                "cross_region": "否",
            },
        ),
        (
            "建筑服务发生地:北京市朝阳区 项目名称:云杉大厦;土地增值税项目编号:",
            {"construction_place": "北京市朝阳区", "construction_project": "云杉大厦"},
        ),
        (
            "起运地:北京;到达地:上海;车种车号:货车京BI5006;运输货物信息:钢材",
            {
                "loading_place": "北京",
                "unloading_place": "上海",
                "transport_no": "货车京BI5006",
                "goods_carried": "钢材",
            },
        ),
        ("合同编号:HT-1 项目名称:云杉大厦", {}),
        (f"订单号:{BLUE}", {}),
        ("建筑服务发生地:北京市朝阳区\n客户编号:123", {}),  # what the wrapped text may belong to is not known
        ("被红冲蓝字数电票号码：2611700000012345678", {}),  # a digit short
    ],
)
def test_what_remarks_say(text: str, expected: dict[str, str]) -> None:
    remarks = Reading("remarks", text, Source.PDF_TEXT, Decimal("0.99"), 1)
    found = list(told(remarks))
    assert {reading.field: reading.value for reading in found} == expected
    assert all((reading.source, reading.page) == (Source.PDF_TEXT, 1) for reading in found)
