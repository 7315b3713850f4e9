from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction import normalise

FEN = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("¥1,130.00", "1130.00"),
        ("￥ -1272.00", "-1272.00"),
        ("-￥1272.00", "-1272.00"),
        ("￥－1272.00", "-1272.00"),
        ("−1272.00", "-1272.00"),
        ("（负数）¥1272.00", "-1272.00"),
        ("１１３０．００", "1130.00"),
        ("¥ 1130. 00", "1130.00"),
        ("1，130．00", "1130.00"),
        ("1, 130.00", "1130.00"),
        ("1130,00", "1130.00"),
        ("1.130.00", "1130.00"),
        ("1,130", "1130.00"),
        ("300", "300.00"),
        ("300.5元", "300.50"),
        ("0.01", "0.01"),
        ("-0.00", "0.00"),
        ("：¥5.00", "5.00"),
    ],
)
def test_money_is_read_as_printed_or_scanned(text: str, amount: str) -> None:
    assert normalise.money(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "***",
        "免税",
        "13%",
        "00472703",
        "1.130",
        "1,13",
        "13 130.00",
        "3, 50",
        "1130.000",
        "12,34.00",
        "-¥-5.00",
        "--5.00",
        "1130.00.00",
        "2 000 000",
        "1234567890123.00",
        "٣.00",
        "¥",
        "NaN",
        "1e5",
    ],
)
def test_what_is_no_money_or_could_be_two_amounts_is_refused(text: str) -> None:
    assert normalise.money(text) is None


@given(FEN, st.sampled_from(["{:.2f}", "{:,.2f}", "¥{:.2f}", "￥ {:,.2f}", "{:.2f}元"]))
def test_every_printed_amount_comes_back_to_the_fen(fen: int, form: str) -> None:
    amount = Decimal(fen).scaleb(-2)
    assert Decimal(normalise.money(form.format(amount)) or "NaN") == amount


@given(st.text())
def test_money_never_fails_and_is_stable(text: str) -> None:
    amount = normalise.money(text)
    assert amount is None or normalise.money(amount) == amount


@pytest.mark.parametrize(
    "text",
    [
        "2025年10月13日",
        "2025 年 10 月 13 日",
        "2025年1 0月13日",
        "2025年10月13",
        "２０２５年１０月１３日",
        "20251013",
        "2025-10-13",
        "2025/10/13",
        "2025 10 13",
        "：2025年10月13日",
        "2025年10⽉13⽇",
    ],
)
def test_dates_are_read_in_every_printed_form(text: str) -> None:
    assert normalise.issue_date(text) == "2025-10-13"


@pytest.mark.parametrize(
    "text", ["", "2025年2月30日", "20251301", "2025年10月1", "2025年10月", "25-10-13", "20251013日", "2025101"]
)
def test_what_is_no_day_or_may_be_cut_off_is_no_date(text: str) -> None:
    assert normalise.issue_date(text) is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_from_each_form(day: date) -> None:
    forms = (f"{day.year}年{day.month}月{day.day}日", day.strftime("%Y%m%d"), day.isoformat())
    assert {normalise.issue_date(form) for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    ("function", "text", "value"),
    [
        (normalise.invoice_number, "No 00123456", "00123456"),
        (normalise.invoice_number, "№00123456", "00123456"),
        (normalise.invoice_number, "2611 7000 0001 2345 6789", "26117000000123456789"),
        (normalise.invoice_number, "001234567", None),
        (normalise.invoice_code, "０１１００２６００１１１", "011002600111"),
        (normalise.invoice_code, "1100261130", "1100261130"),
        (normalise.invoice_code, "11002611300", None),
        (normalise.check_code, "01234 56789 01234 56789", "01234567890123456789"),
        (normalise.check_code, "01234 56789 01234 5678", None),
        (normalise.machine_number, "661000 000001", "661000000001"),
        (normalise.machine_number, "66100000000", None),
        (normalise.tax_id, "91110105ma00tet16l", "91110105MA00TET16L"),
        (normalise.tax_id, " 91110105 MA00TET1 6L", "91110105MA00TET16L"),
        (normalise.tax_id, "91110105MA00****6L", None),
        (normalise.tax_id, "ABCDEFGHIJKLMNOPQR", None),
        (normalise.tax_id, "91110105", None),
    ],
)
def test_identifiers_lose_their_spaces_and_keep_their_zeros(function, text: str, value: str | None) -> None:
    assert function(text) == value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("青禾 测试(北京) 有限公司", "青禾测试（北京）有限公司"),
        ("青 禾 测 试 有 限 公 司", "青禾测试有限公司"),
        ("：青禾测试有限公司", "青禾测试有限公司"),
        ("Green  Corn Ltd", "Green Corn Ltd"),
        ("⾦禾测试有限公司", "金禾测试有限公司"),
        ("阿依•测试", "阿依·测试"),
        ("  ", None),
        ("----", None),
        ("1234", None),
    ],
)
def test_names_are_set_as_chinese_print_sets_them(text: str, name: str | None) -> None:
    assert normalise.company_name(text) == name


def test_names_are_the_same_but_for_spaces_width_and_case() -> None:
    assert normalise.same_name("青禾(Test)有限公司", "青禾（ｔｅｓｔ） 有限公司")
    assert not normalise.same_name("青禾有限公司", "青禾有限责任公司")
    assert not normalise.same_name("", "")


@given(st.text())
def test_setting_a_name_twice_changes_nothing_more(text: str) -> None:
    name = normalise.company_name(text)
    assert name is None or normalise.company_name(name) == name
