"""Forms that are not set like VAT invoices: rolls, tickets, fiscal bills, vehicles, forms of the provinces."""

from collections.abc import Callable

import pytest

from archive.model.evidence import Source
from ingest.extraction.fields import PageReading, read_page
from ingest.extraction.vehicle import vin

BUYER, BUYER_ID = "上海青禾物流有限公司", "91310101MA1FTET38D"
SELLER, SELLER_ID = "北京云杉远景科技有限公司", "91110105MA00TET16L"

ROLL = [
    ("北京增值税普通", 100, 30), ("发票(卷票)", 200, 30), ("发票代码011002600107", 100, 70),
    ("发票号码00123456", 100, 90), ("机打号码", 100, 110), ("00123456", 180, 118),
    ("机器编号", 300, 110), ("499900001234", 380, 118),
    ("销售方名称", 100, 130), (SELLER, 180, 138), ("纳税人识别号", 100, 160), (SELLER_ID, 200, 168),
    ("开票日期", 100, 185), ("2026-04-07", 180, 193), ("收款员", 300, 185), ("田一", 380, 193),
    ("购买方名称", 100, 210), (BUYER, 180, 218), ("纳税人识别号", 100, 240), (BUYER_ID, 200, 248),
    ("项目", 100, 270), ("单价", 200, 270), ("数量", 260, 270), ("金额", 330, 270), ("*餐饮服务*餐费", 100, 285),
    ("合计金额(小写)", 100, 500), ("¥196.00", 220, 508), ("合计金额(大写)", 100, 522), ("壹佰玖拾陆圆整", 220, 530),
    ("校验码", 100, 544), ("01234567890123456789", 180, 552),
]  # fmt: skip
TICKET = [
    ("K012345", 60, 40), ("云杉南站", 90, 80), ("G1234", 400, 82), ("青禾站", 620, 80), ("Yunshan", 100, 105),
    ("2024年08月09日10:51开", 60, 140), ("07车12B号", 560, 140), ("¥153.5元", 60, 170), ("二等座", 600, 170),
    ("1101011990****1234何清", 60, 260), ("买票请到12306发货请到95306", 150, 330), ("中国铁路祝您旅途愉快", 150, 360),
    ("12345678901234K012345", 60, 420), ("云杉售", 300, 420),
]  # fmt: skip
FISCAL = [
    ("北京市非税收入统一票据(电子)", 300, 30), ("票据代码:11010126", 60, 80), ("票据号码:0001234567", 640, 80),
    (f"交款人统一社会信用代码:{BUYER_ID}", 60, 100), ("校验码:a1B2c3", 640, 100), (f"交款人:{BUYER}", 60, 120),
    ("开票日期:2026-04-07", 640, 120), ("项目名称", 200, 160), ("金额(元)", 700, 160), ("考试费", 200, 180),
    ("60.00", 700, 180), ("金额合计(大写)陆拾元整", 60, 440), ("(小写)60.00", 600, 440),
    ("收款单位(章):北京市云杉考试中心", 60, 620), ("复核人:方二", 560, 620), ("收款人:田一", 760, 620),
]  # fmt: skip
VEHICLE = [
    ("机动车销售统一发票", 400, 30), ("发票代码111002620123", 700, 50), ("发票号码00123456", 700, 70),
    ("开票日期", 60, 80), ("2026-04-07", 140, 80), ("机打代码", 60, 110), ("111002620123", 160, 110),
    ("机打号码", 60, 130), ("00123456", 160, 130), ("机器编号", 60, 150), ("499900001234", 160, 150),
    ("购买方名称及", 60, 180), (BUYER, 200, 182), ("身份证号码/", 60, 195), ("纳税人识别号", 560, 182),
    (BUYER_ID, 680, 182),
    ("车辆类型", 60, 220), ("轿车", 160, 220), ("厂牌型号", 300, 220), ("云杉YS7000", 400, 220), ("产地", 700, 220),
    ("合格证号", 60, 250), ("WAA012345678901", 160, 250), ("进口证明书号", 300, 250), ("商检单号", 700, 250),
    ("发动机号码", 60, 280), ("YS123456", 160, 280), ("车辆识别代号/车架号码", 300, 280),
    ("LYS1234518A000001", 480, 280),
    ("价税合计", 60, 310), ("ⓧ壹拾壹万叁仟圆整", 200, 310), ("小写", 600, 310), ("¥113000.00", 660, 310),
    ("销货单位名称", 60, 340), (SELLER, 200, 340), ("电话", 640, 340), ("010-55550100", 700, 340),
    ("纳税人识别号", 60, 370), (SELLER_ID, 200, 370), ("账号", 640, 370), ("110100000000001", 700, 370),
    ("地址", 60, 400), ("开户银行", 560, 400), ("增值税税率", 60, 430), ("13%", 180, 430), ("增值税税额", 260, 430),
    ("¥13000.00", 360, 430), ("主管税务", 560, 430), ("不含税价", 60, 470), ("小写¥100000.00", 160, 470),
    ("完税凭证号码", 400, 470), ("吨位", 640, 470), ("限乘人数5", 760, 470),
]  # fmt: skip


def read(page_of: Callable, prints: list, **options: object) -> PageReading:
    return read_page(page_of(prints, source=Source.OCR, **options))


def values(reading: PageReading) -> dict[str, str]:
    assert reading.is_invoice
    return {found.field: found.value for found in reading.readings}


def test_a_roll_printed_below_its_labels_is_read(page_of: Callable) -> None:
    assert values(read(page_of, ROLL)) == {
        "invoice_code": "011002600107",
        "invoice_number": "00123456",
        "machine_number": "499900001234",
        "issue_date": "2026-04-07",
        "payee": "田一",
        "total_amount": "196.00",
        "total_amount_cn": "壹佰玖拾陆圆整",
        "check_code": "01234567890123456789",
        "seller_name": SELLER,
        "seller_tax_id": SELLER_ID,
        "buyer_name": BUYER,
        "buyer_tax_id": BUYER_ID,
    }


def test_an_empty_place_of_a_roll_is_not_filled_with_the_next_label(page_of: Callable) -> None:
    found = values(read(page_of, [found for found in ROLL if found[0] not in (BUYER, BUYER_ID, "2026-04-07")]))
    assert not {"buyer_name", "buyer_tax_id", "issue_date"} & set(found)


def test_a_railway_ticket_is_read_by_its_patterns(page_of: Callable) -> None:
    reading = read(page_of, TICKET)
    assert values(reading) == {
        "invoice_number": "K012345",
        "departure": "云杉南",
        "carrier_no": "G1234",
        "destination": "青禾",
        "issue_date": "2024-08-09",
        "departure_time": "10:51",
        "total_amount": "153.50",
        "seat_class": "二等座",
        "passenger_id_no": "1101011990****1234",
        "passenger_name": "何清",
    }
    assert [found.value for found in reading.readings if found.field == "invoice_number"] == ["K012345"] * 2


@pytest.mark.parametrize(
    "prints",
    [
        [("台灣高鐵", 100, 30), ("05-1-21-0-123-4567", 60, 60), ("2026年01月05日10:51", 60, 100), ("NT$700", 60, 130)],
        [("订单已支付", 100, 30), ("12306", 100, 60), ("云杉站", 60, 90), ("G1234", 200, 90), ("青禾站", 400, 90)],
        [("营业执照", 400, 40), ("名称", 100, 200), ("统一社会信用代码 91310101MA1FTET38D", 100, 230)],
        [("滴滴出行-行程单", 400, 40), ("上车", 100, 100), ("里程[公里]", 200, 100), ("金额[元]", 300, 100)],
        [
            ("网上银行电子回单", 400, 40),
            ("付款人", 60, 100),
            ("收款人", 500, 100),
            ("金额 ¥100.00", 60, 150),
            ("收款人纳税人识别号 91310101MA1FTET38D", 60, 180),
        ],
        [
            ("采购合同", 400, 40),
            ("甲方:上海青禾物流有限公司", 60, 80),
            ("纳税人识别号:91310101MA1FTET38D", 60, 100),
            ("乙方应向甲方开具增值税专用发票。", 60, 140),
            ("甲方凭增值税专用发票付款,价税合计以发票为准", 60, 160),
            ("收款人:北京云杉远景科技有限公司", 60, 200),
            ("发票号码、开票日期由双方确认;", 60, 220),
        ],
        [
            ("机构调查申请表", 400, 40),
            ("单位名称", 60, 80),
            ("统一社会信用代码", 60, 110),
            ("填表日期 2026年01月05日", 60, 140),
        ],
        [
            ("出差费用报销单", 400, 40),
            ("发票张数 3", 60, 80),
            ("金额合计(大写)叁佰元整", 60, 110),
            ("收款人:田一", 60, 140),
        ],
    ],
)
def test_other_pages_are_no_invoice(page_of: Callable, prints: list) -> None:
    page = read(page_of, prints, qr=["https://example.invalid/infoQuery?c=75B161"])
    assert not page.is_invoice


def test_a_fiscal_bill_is_read_with_the_address_in_its_code(page_of: Callable) -> None:
    reading = read(page_of, FISCAL, qr=["http://bill.example.invalid/page/11010126/0001234567/a1B2c3"])
    assert values(reading) == {
        "invoice_code": "11010126",
        "invoice_number": "0001234567",
        "check_code": "a1B2c3",
        "issue_date": "2026-04-07",
        "buyer_tax_id": BUYER_ID,
        "buyer_name": BUYER,
        "seller_name": "北京市云杉考试中心",
        "total_amount_cn": "陆拾元整",
        "total_amount": "60.00",
        "reviewer": "方二",
        "payee": "田一",
    }
    assert {found.field for found in reading.readings if found.source is Source.QR} == {
        "invoice_code",
        "invoice_number",
        "check_code",
    }


def test_a_vehicle_invoice_is_read_cell_by_cell(page_of: Callable) -> None:
    assert values(read(page_of, VEHICLE)) == {
        "invoice_code": "111002620123",
        "invoice_number": "00123456",
        "machine_number": "499900001234",
        "issue_date": "2026-04-07",
        "buyer_name": BUYER,
        "buyer_tax_id": BUYER_ID,
        "seller_name": SELLER,
        "seller_tax_id": SELLER_ID,
        "vehicle_type": "轿车",
        "brand_model": "云杉YS7000",
        "certificate_no": "WAA012345678901",
        "engine_no": "YS123456",
        "vin": "LYS1234518A000001",
        "total_amount_cn": "壹拾壹万叁仟圆整",
        "total_amount": "113000.00",
        "amount_without_tax": "100000.00",
        "tax_amount": "13000.00",
    }


def test_a_vehicle_invoice_without_a_legible_title_is_told_by_its_labels(page_of: Callable) -> None:
    assert read(page_of, VEHICLE[1:]).titles == ("机动车销售统一发票",)
    assert read(page_of, VEHICLE).titles == ()


def test_a_blank_vehicle_form_yields_nothing(page_of: Callable) -> None:
    labels = (
        "车辆类型",
        "厂牌型号",
        "产地",
        "合格证号",
        "发动机号码",
        "价税合计",
        "销货单位名称",
        "纳税人识别号",
        "电话",
    )
    blank = [
        found for found in VEHICLE if found[0].startswith((*labels, "机动车", "购买方名称及", "不含税价", "增值税"))
    ]
    assert read(page_of, blank).readings == ()


def test_a_vehicle_number_needs_its_check_digit() -> None:
    assert vin("1M8GDM9AXKP042788") == "1M8GDM9AXKP042788"  # the standard's own example
    assert vin("1M8GDM9A1KP042788") is None
    assert vin("1M8GDM9AXKPO42788") is None


def test_a_used_vehicle_is_read_with_both_sides(page_of: Callable) -> None:
    prints = [
        ("二手车销售统一发票", 400, 30), ("发票代码011002600117", 700, 50), ("发票号码00123456", 700, 70),
        ("开票日期:2026-04-07", 60, 80), ("买方单位/个人", 60, 120), ("何清", 200, 120),
        ("单位代码/身份证号码", 500, 120), ("11010519491231002X", 660, 120),
        ("卖方单位/个人", 60, 180), (SELLER, 200, 180), ("单位代码/身份证号码", 500, 180), (SELLER_ID, 660, 180),
        ("车牌照号", 60, 240), ("京A00001", 160, 240), ("登记证号", 400, 240), ("110000000001", 500, 240),
        ("车价合计(大写)", 60, 300), ("伍万圆整", 220, 300), ("小写", 500, 300), ("¥50000.00", 560, 300),
    ]  # fmt: skip
    found = values(read(page_of, prints))
    assert found["total_amount"] == "50000.00"
    assert found["total_amount_cn"] == "伍万圆整"
    assert (found["buyer_name"], found["buyer_tax_id"]) == ("何清", "11010519491231002X")
    assert (found["seller_name"], found["seller_tax_id"]) == (SELLER, SELLER_ID)
    assert found["plate_number"] == "京A00001"


@pytest.mark.parametrize(
    ("face", "amount"), [("伍拾元整", "50.00"), ("壹佰圆整", "100.00"), ("¥20.00", "20.00"), ("10元", "10.00")]
)
def test_a_fixed_amount_is_read_in_words_or_figures(page_of: Callable, face: str, amount: str) -> None:
    prints = [("北京市通用定额发票", 400, 30), ("发票代码111002600301", 100, 80), ("发票号码00123456", 100, 110)]
    assert values(read(page_of, [*prints, (face, 400, 160)]))["total_amount"] == amount


@pytest.mark.parametrize("other", ["50", "37元", "2026", "柒拾元整"])
def test_what_is_no_printed_face_is_no_fixed_amount(page_of: Callable, other: str) -> None:
    prints = [("北京市通用定额发票", 400, 30), ("发票代码111002600301", 100, 80), ("发票号码00123456", 100, 110)]
    assert "total_amount" not in values(read(page_of, [*prints, (other, 400, 160)]))


def test_a_general_form_printed_by_machine_is_read(page_of: Callable) -> None:
    prints = [
        ("北京市通用机打发票", 400, 30), ("发票代码111002600402", 100, 60), ("发票号码00123456", 100, 80),
        ("开票日期:2026-04-07", 100, 100), (f"付款方名称:{BUYER}", 100, 130), (f"收款方名称:{SELLER}", 100, 160),
        (f"收款方识别号:{SELLER_ID}", 100, 190), ("合计金额(大写)叁佰元整", 100, 400), ("(小写)¥300.00", 500, 400),
    ]  # fmt: skip
    found = values(read(page_of, prints))
    assert found["seller_tax_id"] == SELLER_ID
    assert (found["buyer_name"], found["seller_name"]) == (BUYER, SELLER)
    assert (found["total_amount"], found["total_amount_cn"]) == ("300.00", "叁佰元整")


def test_a_blockchain_invoice_is_read_with_the_address_in_its_code(page_of: Callable, legacy_prints: Callable) -> None:
    head = [
        ("深圳电子普通发票", 350, 40), ("发票代码:", 710, 30), ("144032600110", 780, 30), ("发票号码:", 710, 55),
        ("00123456", 780, 55), ("开票日期:", 710, 80), ("2026年04月07日", 780, 80), ("校验码:", 710, 105),
        ("a1b2c", 780, 105),
    ]  # fmt: skip
    link = f"https://bcfp.example.invalid/verify/scan?hash={'0a' * 33}&bill_num=00123456&total_amount=103000"
    reading = read(page_of, legacy_prints(head=head), qr=[link])
    found = values(reading)
    assert found["check_code"] == "a1b2c"
    assert found["seller_tax_id"] == SELLER_ID
    assert {(r.field, r.value) for r in reading.readings if r.source is Source.QR} == {
        ("invoice_number", "00123456"),
        ("total_amount", "1030.00"),
    }
    assert len(reading.items) == 1


def test_addresses_and_the_market_of_a_used_vehicle_are_not_taken_for_its_parties(page_of: Callable) -> None:
    prints = [
        ("二手车销售统一发票", 400, 30), ("发票代码011002600117", 700, 50), ("发票号码00123456", 700, 70),
        ("买方单位/个人", 60, 100), (BUYER, 200, 100), ("单位代码/身份证号码", 480, 100), (BUYER_ID, 640, 100),
        ("买方单位/个人住址", 60, 130), ("听松街3号", 200, 130), ("电话", 560, 130), ("010-55550100", 640, 130),
        ("卖方单位/个人", 60, 160), (SELLER, 200, 160), ("单位代码/身份证号码", 480, 160), (SELLER_ID, 640, 160),
        ("卖方单位/个人住址", 60, 190), ("白石路8号", 200, 190), ("电话", 560, 190), ("010-55550101", 640, 190),
        ("车牌照号", 60, 220), ("登记证号", 300, 220), ("车辆类型", 560, 220),
        ("车价合计(大写)", 60, 280), ("伍万圆整", 200, 280), ("小写", 480, 280), ("¥50000.00", 560, 280),
        ("二手车市场", 60, 310), ("沐川二手车交易有限公司", 160, 310), ("纳税人识别号", 480, 310),
        ("91310117MA1FTE0R2A", 640, 310),
    ]  # fmt: skip
    found = values(read(page_of, prints))
    assert (found["buyer_name"], found["buyer_tax_id"]) == (BUYER, BUYER_ID)
    assert (found["seller_name"], found["seller_tax_id"]) == (SELLER, SELLER_ID)


def test_a_ticket_is_read_wherever_it_lies_on_its_picture(page_of: Callable) -> None:
    shown = [("12345678901234K012345云杉售" if text.startswith("1234") else text, x, y + 240) for text, x, y in TICKET]
    found = values(read(page_of, [print_ for print_ in shown if print_[0] != "云杉售"]))
    assert (found["invoice_number"], found["departure"], found["destination"]) == ("K012345", "云杉南", "青禾")
