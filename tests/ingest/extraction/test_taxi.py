"""Taxi slips: the meter prints over the form, seldom on its lines; nothing is read that may be another line's."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from archive.model.evidence import Source
from ingest.extraction.fields import PageReading, read_page
from ingest.extraction.layout import pieces_of
from ingest.extraction.taxi import printed_area
from ingest.model.page import Page

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


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("20260105", "2026-01-05"),
        ("26年01月05日", "2026-01-05"),
        ("2026/01/05", "2026-01-05"),
        ("2026.01.05", "2026-01-05"),
        ("2026±01月05a", "2026-01-05"),
        ("2026301月05日", None),
        ("2026年01月0日", None),
        ("20261305", None),
    ],
)
def test_dates_are_known_in_the_forms_of_the_cities(page_of: Callable, printed: str, date: str | None) -> None:
    assert values(page_of, slip((*PRINTED[:2], printed, *PRINTED[3:]))).get("issue_date") == date


def test_a_span_of_time_is_read_as_its_two_ends(page_of: Callable) -> None:
    labels = [(label.replace("上车", "时间"), x, y) for label, x, y in slip() if label != "下车:"]
    prints = [("08:12-08:40" if text == "09:15" else text, x, y) for text, x, y in labels if text != "09:48"]
    found = values(page_of, prints)
    assert (found["boarding_time"], found["alighting_time"]) == ("08:12", "08:40")


def looked_at(page_of: Callable, *looks: dict[str, str], unsure: dict[str, float] | None = None) -> PageReading:
    """A slip seen several times: each look tells what it took which print for."""
    sights = []
    for look in looks:
        printed = tuple(look.get(text, text) for text in PRINTED)
        sights.append(page_of(slip(printed), source=Source.OCR, unsure=unsure))
    page: Page = sights[0]
    return read_page(replace(page, looks=tuple(sight.words for sight in sights[1:])))


def test_what_one_look_misses_another_sees(page_of: Callable) -> None:
    blind = {"¥46.50元": "50元", "2026年01月05日": "2026年01月65日"}
    found = {reading.field: reading.value for reading in looked_at(page_of, blind, {}, blind).readings}
    assert (found["total_amount"], found["issue_date"]) == ("46.50", "2026-01-05")


def test_a_fare_that_looks_differ_on_is_not_read(page_of: Callable) -> None:
    found = looked_at(page_of, {}, {"¥46.50元": "¥96.50元"}, {}).readings
    assert "total_amount" not in {reading.field for reading in found}


def test_of_a_date_that_looks_differ_on_the_commoner_is_told_with_the_other_and_in_doubt(page_of: Callable) -> None:
    found = looked_at(page_of, {}, {"2026年01月05日": "2026年01月09日"}, {}, unsure={"2026年01月05日": 0.6}).readings
    dates = {reading.value: reading.confidence for reading in found if reading.field == "issue_date"}
    assert dates == {"2026-01-05": Decimal("0.400"), "2026-01-09": Decimal("0.333")}


def test_of_two_looks_that_differ_neither_is_believed(page_of: Callable) -> None:
    found = looked_at(page_of, {}, {"2026年01月05日": "2026年01月09日"}).readings
    assert "issue_date" not in {reading.field for reading in found}


@pytest.mark.parametrize(("fare", "is_read"), [("¥27.68元", True), ("¥27.67元", False), ("¥6.50元", False)])
def test_a_fare_below_what_the_distance_costs_has_lost_a_figure(page_of: Callable, fare: str, is_read: bool) -> None:
    """12.40 km at 2.70 yuan: 5.00 + 8.40 × 2.70 = 27.68."""
    assert ("total_amount" in values(page_of, slip((*PRINTED[:8], fare, PRINTED[9])))) is is_read


def test_a_fare_whose_sign_takes_the_room_of_another_figure_is_not_read(page_of: Callable) -> None:
    page = page_of(slip(), source=Source.OCR)
    for widths, is_read in (((1.5, 1, 1, 1, 1, 1, 2), True), ((2.4, 1.2, 1, 1, 1, 1, 2), False)):
        words = tuple(
            replace(word, edges=edges(word.box.x0, word.box.x1, widths)) if word.text == "¥46.50元" else word
            for word in page.words
        )
        found = {reading.field for reading in read_page(replace(page, words=words)).readings}
        assert ("total_amount" in found) is is_read


def edges(start: float, end: float, widths: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(start + (end - start) * sum(widths[:place]) / sum(widths) for place in range(len(widths) + 1))


def test_the_area_a_meter_printed_on_spans_its_labels_and_values(page_of: Callable) -> None:
    area = printed_area(pieces_of(page_of(slip(shift=STEP))))
    assert area is not None
    assert area.x0 <= 110
    assert area.x1 >= 260 + 80
    assert 190 - 2 * STEP <= area.y0 < 190
    assert area.y1 > 190 + 9 * STEP + 12


def test_a_page_of_two_slips_or_of_none_has_no_such_area(page_of: Callable) -> None:
    two = [*slip(), *((text, x + 480, y) for text, x, y in slip())]
    assert printed_area(pieces_of(page_of(two))) is None
    assert printed_area(pieces_of(page_of(FORM))) is None
