"""Taxi slips: the meter prints over the form, seldom on its lines; nothing is read that may be another line's."""

from collections.abc import Callable

import pytest

from archive.model.evidence import Source
from ingest.extraction.fields import read_page

FORM = [
    ("北京市出租汽车专用发票", 100, 30), ("发票联", 150, 55),
    ("发票代码111002670119", 100, 80), ("发票号码00123456", 100, 105),
    ("单位名称:北京云杉出租汽车有限公司", 100, 130), ("机打发票 手写无效", 120, 155),
]  # fmt: skip
LABELS = ("车号:", "证号:", "日期:", "上车:", "下车:", "单价:", "里程:", "等候:", "金额:", "另收附加费:")
PRINTED = (
    "BTT1234", "900012345", "2026年01月05日", "09:15", "09:48", "2.70元", "12.40KM", "00:03:12", "¥46.50元", "¥0.00元",
)  # fmt: skip
STEP = 24


def slip(printed: tuple[str, ...] = PRINTED, shift: float = 0) -> list[tuple[str, float, float]]:
    labels = [(label, 110.0, 190.0 + STEP * row) for row, label in enumerate(LABELS)]
    values = [(text, 260.0, 190.0 + STEP * row + shift) for row, text in enumerate(printed) if text]
    return [*FORM, *labels, *values]


def values(page_of: Callable, prints: list, **options: object) -> dict[str, str]:
    page = read_page(page_of(prints, source=Source.OCR, **options))
    assert page.is_invoice
    return {reading.field: reading.value for reading in page.readings}


@pytest.mark.parametrize("shift", [-STEP, -10, 0, 9, STEP, 1.5 * STEP])
def test_a_slip_is_read_however_far_its_print_is_off(page_of: Callable, shift: float) -> None:
    assert values(page_of, slip(shift=shift)) == {
        "invoice_code": "111002670119",
        "invoice_number": "00123456",
        "seller_name": "北京云杉出租汽车有限公司",
        "issue_date": "2026-01-05",
        "total_amount": "46.50",
        "plate_number": "BTT1234",
        "boarding_time": "09:15",
        "alighting_time": "09:48",
        "mileage": "12.40",
    }


@pytest.mark.parametrize("fare", ["6.50元", "46.5O元", "46.50", "¥46.50元整理", ""])
def test_a_fare_whose_first_digits_may_be_lost_is_not_read(page_of: Callable, fare: str) -> None:
    printed = (*PRINTED[:8], fare, PRINTED[9])
    assert "total_amount" not in values(page_of, slip(printed, shift=STEP))


def test_a_surcharge_is_not_taken_for_a_fare_that_could_not_be_read(page_of: Callable) -> None:
    printed = (*PRINTED[:8], "", "¥3.00元")
    for shift in (-STEP, 0.0, STEP):
        assert "total_amount" not in values(page_of, slip(printed, shift))


def test_without_a_mark_nothing_of_the_print_is_read(page_of: Callable) -> None:
    printed = ("BTT1234", "900012345", "", "09:15", "09:48", "2.70元", "", "", "¥46.50元", "¥0.00元")
    assert set(values(page_of, slip(printed))) == {"invoice_code", "invoice_number", "seller_name"}


def test_print_with_a_character_more_likely_wrong_than_right_is_not_read(page_of: Callable) -> None:
    found = values(page_of, slip(), unsure={"¥46.50元": 0.4, "2026年01月05日": 0.6})
    assert "total_amount" not in found
    assert found["issue_date"] == "2026-01-05"


@pytest.mark.parametrize(
    ("printed", "date"),
    [("2026年01月058", "2026-01-05"), ("2026-01-05", "2026-01-05"), ("2026年01月35日", None), ("2026年01月5", None)],
)
def test_a_date_is_mended_only_where_one_reading_is_possible(page_of: Callable, printed: str, date: str | None) -> None:
    assert values(page_of, slip((*PRINTED[:2], printed, *PRINTED[3:]))).get("issue_date") == date
