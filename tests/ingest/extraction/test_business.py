"""Special businesses: their columns and tables become particulars, and the lines stay what they are."""

from collections.abc import Callable
from datetime import date

import pytest

from fixtures.generator.pdf import draw
from fixtures.generator.variants import invented
from ingest.extraction.fields import PageReading, read_page
from ingest.pipeline import examine
from ingest.readers.registry import readers

TODAY = date(2026, 11, 22)
Print = tuple[str, float, float]
AMOUNTS: list[Print] = [("1000.00", 680, 275), ("9%", 785, 275), ("90.00", 930, 275)]


@pytest.fixture
def particulars(page_of: Callable, digital_prints: Callable) -> Callable[..., dict[str, str]]:
    def particulars(
        mark: str, lines: list[Print], heads: dict[str, str] | None = None, remarks: str = ""
    ) -> dict[str, str]:
        prints = [
            ((heads or {}).get(text, text), x, y)
            for text, x, y in digital_prints(lines=lines, net="¥1000.00", tax="¥90.00")
            if not (heads and x in (330, 360))
        ]
        page: PageReading = read_page(page_of([*prints, (mark, 150, 60), (remarks or "-", 55, 520)]))
        assert [(item.name, item.amount, item.tax_amount) for item in page.items] == [("*服务*费", "1000.00", "90.00")]
        return {reading.field: reading.value for reading in page.readings}

    return particulars


def test_construction(particulars: Callable) -> None:
    heads = {"规格型号": "建筑服务发生地", "单价": "建筑项目名称"}
    lines = [("*服务*费", 20, 275), ("北京市朝阳区", 200, 275), ("云杉大厦", 560, 275), ("一期", 560, 290), *AMOUNTS]
    read = particulars("建筑服务", lines, heads, "土地增值税项目编号:1101052600012;跨地(市)标志:否")
    assert read["special_business"] == "建筑服务"
    assert read["construction_place"] == "北京市朝阳区"
    assert read["construction_project"] == "云杉大厦一期"
    assert read["land_tax_project_no"] == "1101052600012"
    assert read["cross_region"] == "否"


def test_transport_of_goods(particulars: Callable) -> None:
    heads = [("运输工具种类", 20), ("运输工具牌号", 200), ("起运地", 380), ("到达地", 560), ("运输货物名称", 740)]
    rows = [("公路运输", "京BI5006", "北京市", "上海市", "钢材"), ("公路运输", "京BI5007", "北京市", "杭州市", "钢材")]
    table = [(name, x, 320) for name, x in heads]
    table += [(text, x, 345 + 20 * n) for n, row in enumerate(rows) for text, (_, x) in zip(row, heads, strict=True)]
    read = particulars("货物运输服务", [("*服务*费", 20, 275), *AMOUNTS, *table])
    assert read["special_business"] == "货物运输服务"
    assert read["transport_no"] == "京BI5006 / 京BI5007"
    assert (read["transport_kind"], read["goods_carried"]) == ("公路运输", "钢材")
    assert (read["loading_place"], read["unloading_place"]) == ("北京市", "上海市 / 杭州市")


def test_lease_of_property(particulars: Callable) -> None:
    heads = {"规格型号": "产权证书/不动产权证号", "单价": "面积单位"}
    lines = [("*服务*费", 20, 275), ("京房字0012345号", 200, 275), ("平方米", 575, 275), *AMOUNTS]
    told = "不动产地址:北京市海淀区听松街8号;租赁期起止:2026-01-01至2026-12-31;跨地(市)标志:否"
    read = particulars("不动产经营租赁服务", lines, heads, told)
    assert (read["property_certificate_no"], read["area_unit"]) == ("京房字0012345号", "平方米")
    assert read["property_address"] == "北京市海淀区听松街8号"
    assert read["lease_period"] == "2026-01-01至2026-12-31"


@pytest.mark.parametrize(
    ("mark", "field"),
    [
        ("成品油", "special_business"),
        ("农产品收购", "is_purchase_invoice"),
        ("收购", "is_purchase_invoice"),
        ("代开", "is_agency_issued"),
        ("差额征税-差额开票", "is_differential"),
        ("仅供预览", None),
    ],
)
def test_marks_at_the_upper_left(particulars: Callable, mark: str, field: str | None) -> None:
    read = particulars(mark, [("*服务*费", 20, 275), *AMOUNTS])
    marks = ("special_business", "is_purchase_invoice", "is_agency_issued", "is_differential")
    assert {name: read[name] for name in marks if name in read} == ({field: mark} if field else {})


@pytest.mark.parametrize("kind", ["digital_toll", "toll_electronic"])
@pytest.mark.parametrize("seed", [202, 203, 205, 207])  # of one passage and of three, over midnight and not
def test_passages_of_tolls(kind: str, seed: int) -> None:
    truth = invented(kind, seed)
    (draft,) = examine(draw(truth), readers(), lambda _number, _picture: None, TODAY).drafts

    def together(values: list[str]) -> str:
        return values[0] if len(set(values)) == 1 else " / ".join(values)

    def days(values: list[str]) -> str:
        return together([f"{value[:4]}-{value[4:6]}-{value[6:]}" for value in values])

    assert draft.value("plate_number") == together([passage.plate for passage in truth.passages])
    assert draft.value("vehicle_type") == together([passage.vehicle for passage in truth.passages])
    assert draft.value("passage_start") == days([passage.start for passage in truth.passages])
    assert draft.value("passage_end") == days([passage.end for passage in truth.passages])
