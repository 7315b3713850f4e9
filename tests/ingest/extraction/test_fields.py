"""What a page says, wherever its form puts it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from archive.model.evidence import Box, Source
from ingest.extraction.fields import PageReading, read_page
from ingest.model.draft import Item
from ingest.model.page import Word

SELLER, BUYER = "北京云杉远景科技有限公司", "上海青禾物流有限公司"
DIGITAL = {
    "invoice_number": "26117000000123456789",
    "issue_date": "2026-11-20",
    "buyer_name": BUYER,
    "buyer_tax_id": "91310101MA1FTET38D",
    "seller_name": SELLER,
    "seller_tax_id": "91110105MA00TET16L",
    "amount_without_tax": "1000.00",
    "tax_amount": "130.00",
    "total_amount": "1130.00",
    "total_amount_cn": "壹仟壹佰叁拾圆整",
    "drawer": "何清",
    "remarks": "订单号:2026-1120",
}
LEGACY = {
    "invoice_code": "011002600111",
    "invoice_number": "00123456",
    "issue_date": "2026-04-07",
    "check_code": "01234567890123456789",
    "machine_number": "499900001234",
    "buyer_name": BUYER,
    "buyer_tax_id": "91310101MA1FTET38D",
    "buyer_address_phone": "北京市朝阳区云杉路1号 010-55550100",
    "buyer_bank_account": "云杉银行北京分行 110100000000001",
    "seller_name": SELLER,
    "seller_tax_id": "91110105MA00TET16L",
    "seller_address_phone": "上海市黄浦区青禾路2号 021-55550200",
    "seller_bank_account": "青禾银行上海分行 310100000000002",
    "amount_without_tax": "1000.00",
    "tax_amount": "30.00",
    "total_amount": "1030.00",
    "total_amount_cn": "壹仟零叁拾元整",
    "payee": "田一",
    "reviewer": "方二",
    "drawer": "何清",
}


def values(reading: PageReading) -> dict[str, str]:
    return {found.field: found.value for found in reading.readings}


def test_a_digital_invoice_is_read_in_full(page_of: Callable, digital_prints: Callable) -> None:
    reading = read_page(page_of(digital_prints()))
    assert values(reading) == DIGITAL
    assert reading.items == (Item("*物流辅助服务*收派服务费", None, "次", "2", "500.00", "1000.00", "13%", "130.00"),)
    assert reading.is_invoice


def test_an_older_invoice_is_read_in_full(page_of: Callable, legacy_prints: Callable) -> None:
    reading = read_page(page_of(legacy_prints()))
    assert values(reading) == LEGACY
    assert reading.items == (Item("*餐饮服务*餐费", None, None, "1", "1000.00", "1000.00", "3%", "30.00"),)


def test_the_order_of_words_in_the_file_means_nothing(page_of: Callable, digital_prints: Callable) -> None:
    assert values(read_page(page_of(reversed(digital_prints())))) == DIGITAL


def test_values_are_found_when_a_scan_joins_them_with_their_labels(page_of: Callable, digital_prints: Callable) -> None:
    joined = {
        "名称:": None,
        BUYER: (f"名称: {BUYER}", 55, 165),
        SELLER: (f"名称:{SELLER}", 540, 165),
        "¥1130.00": ("(小写)¥1130.00", 690, 465),
        "(小写)": None,
    }
    prints = [moved for found in digital_prints() if (moved := joined.get(found[0], found))]
    page = page_of(prints, source=Source.OCR, confidence=0.97)
    assert values(read_page(page)) == DIGITAL


def test_an_invoice_without_printed_yen_signs_is_read(page_of: Callable, digital_prints: Callable) -> None:
    prints = digital_prints(net="1000.00", tax="130.00", total="1130.00")
    assert values(read_page(page_of(prints))) == DIGITAL


def test_a_name_and_a_tax_id_that_wrap_are_joined(page_of: Callable, digital_prints: Callable) -> None:
    prints = [found for found in digital_prints() if found[0] not in (BUYER, "91310101MA1FTET38D")]
    prints += [("上海青禾", 100, 158), ("物流有限公司", 100, 173), ("91310101MA1FTE", 245, 204), ("T38D", 245, 219)]
    assert values(read_page(page_of(prints))) == DIGITAL


def test_headings_decide_who_is_who(page_of: Callable, digital_prints: Callable) -> None:
    mirrored = {"购": "销", "买": "售", "销": "购", "售": "买"}
    prints = [(mirrored.get(text, text), x, y) for text, x, y in digital_prints()]
    found = values(read_page(page_of(prints)))
    assert (found["buyer_name"], found["seller_name"]) == (SELLER, BUYER)


def test_a_form_without_headings_goes_by_order(page_of: Callable, digital_prints: Callable) -> None:
    prints = [found for found in digital_prints() if len(found[0]) > 1 or found[1] not in (25, 505)]
    assert values(read_page(page_of(prints))) == DIGITAL


def test_one_block_without_its_heading_is_neither_party(page_of: Callable, digital_prints: Callable) -> None:
    prints = [found for found in digital_prints() if found[1] >= 540 or found[2] > 250 or len(found[0]) > 20]
    found = values(read_page(page_of(prints)))
    assert not {"buyer_name", "seller_name", "buyer_tax_id", "seller_tax_id"} & set(found)


def test_slips_of_a_scan_in_labels_and_signs_are_borne(page_of: Callable, digital_prints: Callable) -> None:
    slips = {
        "统一社会信用代码/纳税人识别号:": "统一社会信用代码/纳税人识到号:",
        "发票号码:26117000000123456789": "发票号码：26117000000123456789".replace("：", " :"),
        "¥1000.00": "Y1000.00",
        "(小写)": "(小写",
        "计": "杆",
    }
    prints = [(slips.get(text, text), x, y) for text, x, y in digital_prints()]
    assert values(read_page(page_of(prints, source=Source.OCR))) == DIGITAL


def test_a_heading_that_a_scan_reads_as_one_tall_run_may_have_a_slip(
    page_of: Callable, digital_prints: Callable
) -> None:
    prints = [found for found in digital_prints() if found[1] not in (25, 505)]
    page = page_of(prints, source=Source.OCR)
    tall = [
        Word(text, Box(x, 155 / 660, x + 0.015, 230 / 660))
        for text, x in (("销售方信息", 0.025), ("购共方信息", 0.505))
    ]
    found = values(read_page(replace(page, words=(*page.words, *tall))))
    assert (found["buyer_name"], found["seller_name"]) == (SELLER, BUYER)


def test_units_that_a_scan_reads_downwards_go_to_their_lines(page_of: Callable, digital_prints: Callable) -> None:
    lines = [
        ("甲", 20, 275), ("400.00", 680, 275), ("乙", 20, 290), ("600.00", 680, 290),
        ("丙", 20, 330), ("9.00", 680, 330),
    ]  # fmt: skip
    page = page_of(digital_prints(lines=lines), source=Source.OCR)
    edges = tuple(y / 660 for y in (274, 287, 331, 342))
    tall = Word("箱台盒", Box(0.35, 273 / 660, 0.362, 343 / 660), edges=edges, downwards=True)
    items = read_page(replace(page, words=(*page.words, tall))).items
    # The second unit stands between two lines, so it is neither's.
    assert [(item.name, item.unit) for item in items] == [("甲", "箱"), ("乙", None), ("丙", "盒")]


def test_a_text_of_a_line_that_a_scan_is_unsure_of_is_left_out(page_of: Callable, digital_prints: Callable) -> None:
    (item,) = read_page(page_of(digital_prints(), source=Source.OCR, unsure={"次": 0.7, "2": 0.7})).items
    assert (item.unit, item.quantity) == (None, "2")


def test_a_figure_wider_than_its_digits_has_lost_some_and_is_left_out(
    page_of: Callable, digital_prints: Callable
) -> None:
    prints = [found for found in digital_prints() if found[0] != "500.00"]
    page = page_of(prints, source=Source.OCR)
    for right, expected in ((0.606, "500.00"), (0.640, None)):
        price = Word("500.00", Box(0.57, 275 / 660, right, 287 / 660))
        (item,) = read_page(replace(page, words=(*page.words, price))).items
        assert item.unit_price == expected


def test_a_name_that_a_scan_mixes_with_a_cell_of_a_lost_column_is_left_out(
    page_of: Callable, digital_prints: Callable
) -> None:
    prints = [found for found in digital_prints() if found[0] != "规格型号"] + [("320粒", 165, 275)]
    (item,) = read_page(page_of(prints, source=Source.OCR, confidence=0.99)).items
    assert item.name is None


def test_a_run_across_two_columns_is_no_name(page_of: Callable, digital_prints: Callable) -> None:
    prints = [found for found in digital_prints() if found[0] not in ("*物流辅助服务*收派服", "务费")]
    prints.append(("*物流辅助服务*收派服务费三百二十粒装一整箱", 20, 275))
    (scanned,) = read_page(page_of(prints, source=Source.OCR, confidence=0.99)).items
    (written,) = read_page(page_of(prints)).items
    assert scanned.name is None
    assert written.name == "*物流辅助服务*收派服务费三百二十粒装一整箱"


def test_a_seal_over_a_name_is_no_part_of_it(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(), source=Source.OCR, confidence=0.99)
    seal = Word("专用章", Box(0.125, 272 / 660, 0.165, 295 / 660), 0.99)
    assert read_page(replace(page, words=(*page.words, seal))).items[0].name is None


@pytest.mark.parametrize("stray", ["91310117MA0000000X", "云杉银行北京分行 03<0/83*0*93", "云杉银行北京分行"])
def test_what_a_scan_shows_beside_a_bank_is_one_with_an_account_or_nothing(
    page_of: Callable, legacy_prints: Callable, stray: str
) -> None:
    prints = [(stray if "110100000000001" in text else text, x, y) for text, x, y in legacy_prints()]
    found = values(read_page(page_of(prints, source=Source.OCR)))
    assert "buyer_bank_account" not in found
    assert found["seller_bank_account"] == "青禾银行上海分行 310100000000002"


def test_print_in_the_margin_of_a_paper_form_is_no_part_of_a_line(page_of: Callable, legacy_prints: Callable) -> None:
    (item,) = read_page(page_of([*legacy_prints(), ("票", 978, 262)], source=Source.OCR)).items
    assert item.tax_amount == "30.00"


def test_remarks_under_a_sellers_seal_are_not_read_by_ocr(page_of: Callable, legacy_prints: Callable) -> None:
    prints = [*legacy_prints(), ("订单号:16319334", 600, 500), ("物流有限公", 720, 500)]
    assert "remarks" not in values(read_page(page_of(prints, source=Source.OCR)))
    written = values(read_page(page_of(legacy_prints() + prints[-2:-1])))
    assert written["remarks"] == "订单号:16319334"


def test_remarks_beside_which_something_else_stands_are_not_read_by_ocr(
    page_of: Callable, digital_prints: Callable
) -> None:
    prints = digital_prints()
    assert values(read_page(page_of(prints, source=Source.OCR)))["remarks"] == "订单号:2026-1120"
    for stray in (("专用章", 300, 495), ("有限公司", 300, 515)):
        assert "remarks" not in values(read_page(page_of([*prints, stray], source=Source.OCR)))


def test_a_value_behind_its_label_lies_where_its_own_letters_are(page_of: Callable, digital_prints: Callable) -> None:
    prints = [found for found in digital_prints() if found[0] != "开票日期:" and "2026年" not in found[0]]
    edges = (740, 752, 764, 776, 788, 791, 797, 803, 809, 815, 827, 833, 839, 851, 857, 863, 875)
    text = "开票日期:2026年11月20日"
    run = Word(text, Box(0.740, 80 / 660, 0.875, 92 / 660), edges=tuple(edge / 1000 for edge in edges))
    page = page_of(prints)
    found = {r.field: r for r in read_page(replace(page, words=(*page.words, run))).readings}
    assert found["issue_date"].box is not None
    assert found["issue_date"].box.x0 == pytest.approx(0.791)


def test_an_empty_place_for_the_buyers_tax_id_is_blank_and_not_the_cipher(
    page_of: Callable, legacy_prints: Callable
) -> None:
    reading = read_page(page_of(legacy_prints(buyer="个人", buyer_id="")))
    assert "buyer_tax_id" not in values(reading)
    assert "buyer_tax_id" in reading.blank
    assert "seller_tax_id" not in reading.blank


def test_an_exempt_invoice_prints_stars_for_its_tax(page_of: Callable, legacy_prints: Callable) -> None:
    prints = legacy_prints(tax="***", total="¥1000.00", in_words="壹仟元整", rate="免税", line_tax="***")
    reading = read_page(page_of(prints))
    assert values(reading)["tax_amount"] == "***"
    assert (reading.items[0].tax_rate, reading.items[0].tax_amount) == ("免税", None)


def test_a_paper_form_shows_code_and_number_without_labels(page_of: Callable, legacy_prints: Callable) -> None:
    head = [
        ("1100263130", 190, 50),
        ("北京增值税专用发票", 380, 40),
        ("No 00123456", 700, 45),
        ("1100263130", 850, 50),
        ("00123456", 860, 68),
        ("开票日期:2026年04月07日", 720, 90),
    ]
    reading = read_page(page_of(legacy_prints(head=head), source=Source.OCR))
    found = [(r.field, r.value) for r in reading.readings if r.field in ("invoice_code", "invoice_number")]
    assert sorted(found) == [("invoice_code", "1100263130")] * 2 + [("invoice_number", "00123456")] * 2


def test_labels_in_traditional_characters_are_labels(page_of: Callable, legacy_prints: Callable) -> None:
    old = str.maketrans("额账税", "額帳稅")
    prints = [(text.translate(old), x, y) for text, x, y in legacy_prints()]
    assert values(read_page(page_of(prints)))["amount_without_tax"] == "1000.00"


def test_two_goods_and_a_discount_are_three_lines(page_of: Callable, digital_prints: Callable) -> None:
    lines = [
        ("*文具*", 20, 275), ("A4", 205, 275), ("4", 478, 275), ("100.00", 570, 275), ("400.00", 680, 275),
        ("13%", 785, 275), ("52.00", 930, 275),
        ("*文具*一个很长的", 20, 290), ("700.00", 680, 290), ("13%", 785, 290), ("91.00", 930, 290), ("名字", 20, 305),
        ("*文具*折扣", 20, 320), ("-100.00", 675, 320), ("13%", 785, 320), ("-13.00", 925, 320),
    ]  # fmt: skip
    items = read_page(page_of(digital_prints(lines=lines))).items
    assert [(item.name, item.amount, item.tax_amount) for item in items] == [
        ("*文具*", "400.00", "52.00"),
        ("*文具*一个很长的名字", "700.00", "91.00"),
        ("*文具*折扣", "-100.00", "-13.00"),
    ]


def test_quantity_and_price_that_a_scan_joins_are_parted_by_their_product(
    page_of: Callable, digital_prints: Callable
) -> None:
    lines = [("*文具*笔", 20, 275), ("2500.00", 530, 275), ("1000.00", 680, 275), ("130.00", 930, 275)]
    (item,) = read_page(page_of(digital_prints(lines=lines), source=Source.OCR)).items
    assert (item.quantity, item.unit_price) == ("2", "500.00")
    lines = [("*文具*笔", 20, 275), ("20.7291540.897", 500, 275), ("31941.25", 680, 275), ("130.00", 930, 275)]
    (item,) = read_page(page_of(digital_prints(lines=lines), source=Source.OCR)).items
    assert (item.quantity, item.unit_price) == ("20.729", "1540.897")


def test_figures_of_two_columns_in_one_run_are_parted(page_of: Callable, digital_prints: Callable) -> None:
    lines = [("*文具*笔", 20, 275), ("1000.00 免税", 690, 275), ("***", 940, 275)]
    (item,) = read_page(page_of(digital_prints(lines=lines))).items
    assert (item.amount, item.tax_rate, item.tax_amount) == ("1000.00", "免税", None)


def test_columns_of_special_businesses_are_no_fields(page_of: Callable, digital_prints: Callable) -> None:
    prints = [found for found in digital_prints() if found[0] not in ("规格型号", "单", "位", "数", "量", "单价")]
    prints += [("车牌号", 220, 255), ("通行日期起", 420, 255), ("京A00001", 220, 275)]
    (item,) = read_page(page_of([p for p in prints if p[0] not in ("次", "2", "500.00")])).items
    assert item == Item(name="*物流辅助服务*收派服务费", amount="1000.00", tax_rate="13%", tax_amount="130.00")


def test_a_reading_of_a_scan_is_as_sure_as_its_least_sure_word(page_of: Callable, digital_prints: Callable) -> None:
    page = page_of(digital_prints(), source=Source.OCR, confidence=0.99, unsure={SELLER: 0.61})
    found = {reading.field: reading for reading in read_page(page).readings}
    assert found["seller_name"].confidence == Decimal("0.61")
    assert found["buyer_name"].confidence == Decimal("0.99")


def test_a_reading_lies_where_its_value_is_printed(page_of: Callable, digital_prints: Callable) -> None:
    found = {reading.field: reading for reading in read_page(page_of(digital_prints())).readings}
    box = found["total_amount"].box
    assert box is not None
    assert (box.x0, box.y0) == pytest.approx((0.745, 463 / 660))


def test_a_qr_code_reads_what_its_kind_states(page_of: Callable) -> None:
    reading = read_page(
        page_of([], qr=["01,32,,26117000000123456789,1130.00,20261120,,46BD", "https://example.invalid"])
    )
    assert {(r.field, r.value, r.source) for r in reading.readings} == {
        ("invoice_number", "26117000000123456789", Source.QR),
        ("issue_date", "2026-11-20", Source.QR),
        ("total_amount", "1130.00", Source.QR),
    }
    assert reading.is_invoice


@pytest.mark.parametrize(
    "prints",
    [
        [],
        [("营业执照", 400, 40), ("名称", 100, 200), ("统一社会信用代码 91310101MA1FTET38D", 100, 230)],
        [("行程单", 400, 40), ("共3笔行程,合计 88.00 元", 100, 200)],
    ],
)
def test_other_pages_are_no_invoice(page_of: Callable, prints: list) -> None:
    assert not read_page(page_of(prints)).is_invoice
