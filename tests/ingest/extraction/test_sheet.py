"""Several forms on one sheet are told apart by white gaps with the same labels on both sides, and only there."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from archive.model.evidence import Box
from ingest.extraction.fields import read_page
from ingest.extraction.grouping import invoices
from ingest.extraction.layout import Piece
from ingest.extraction.sheet import areas, parts
from ingest.model.page import Page, Placement, Word
from ingest.model.statement import Statement


def moved(word: Word, across: float, down: float, columns: int, rows: int) -> Word:
    box = word.box
    return replace(
        word,
        box=Box(
            (box.x0 + across) / columns, (box.y0 + down) / rows, (box.x1 + across) / columns, (box.y1 + down) / rows
        ),
    )


def sheet_of(pages: Sequence[Page], columns: int) -> Page:
    """Pages laid side by side and below each other on one sheet."""
    rows = -(-len(pages) // columns)
    words = [
        moved(word, index % columns, index // columns, columns, rows)
        for index, page in enumerate(pages)
        for word in page.words
    ]
    return replace(pages[0], width=pages[0].width * columns, height=pages[0].height * rows, words=tuple(words))


def head(number: str) -> list[tuple[str, float, float]]:
    return [
        ("北京增值税电子普通发票", 350, 40),
        ("发票代码:", 710, 30),
        ("011002600111", 780, 30),
        ("发票号码:", 710, 55),
        (number, 780, 55),
        ("开票日期:", 710, 80),
        ("2026年04月07日", 780, 80),
    ]


@pytest.mark.parametrize(("columns", "count"), [(1, 2), (1, 3), (2, 2), (2, 4)])
def test_invoices_on_one_sheet_are_parted_and_read_each_for_itself(
    page_of: Callable, legacy_prints: Callable, columns: int, count: int
) -> None:
    numbers = [f"0012345{index}" for index in range(count)]
    sheet = sheet_of([page_of(legacy_prints(head=head(number))) for number in numbers], columns)
    groups = invoices(read_page(part) for part in parts(sheet))
    found = [{reading.field: reading.value for reading in group[0].readings} for group in groups]
    assert [values["invoice_number"] for values in found] == numbers
    assert all(values["total_amount"] == "1030.00" for values in found)
    assert all(values["seller_tax_id"] == "91110105MA00TET16L" for values in found)


def test_a_reading_of_a_part_lies_where_the_sheet_shows_it(page_of: Callable, legacy_prints: Callable) -> None:
    pages = [page_of(legacy_prints(head=head(number))) for number in ("00123450", "00123451")]
    lower = read_page(parts(sheet_of(pages, 1))[1])
    (box,) = [reading.box for reading in lower.readings if reading.field == "invoice_number"]
    assert box is not None
    assert (box.x0, box.y0) == pytest.approx((0.78, (660 + 55) / 1320))


def test_one_invoice_is_never_parted(page_of: Callable, legacy_prints: Callable, digital_prints: Callable) -> None:
    for prints in (legacy_prints(), digital_prints()):
        page = page_of([*prints, ("备注 发票代码:011002600111 冲红", 600, 540)])
        assert parts(page) == (page,)


def test_a_sheet_whose_data_is_of_one_invoice_is_one(page_of: Callable, legacy_prints: Callable) -> None:
    sheet = sheet_of([page_of(legacy_prints()), page_of(legacy_prints(head=head("00123451")))], 1)
    stated = replace(sheet, statements=(Statement(sheet.source, {"invoice_number": "00123456"}),))
    assert len(parts(sheet)) == 2
    assert parts(stated) == (stated,)


def test_text_set_sideways_beside_upright_text_is_another_form() -> None:
    upright = [Piece(text, 100, 100 + 40 * row, 400, 130 + 40 * row) for row, text in enumerate(UPRIGHT)]
    sideways = [Piece("文字文字文字", 600 + 40 * column, 100, 630 + 40 * column, 400) for column in range(8)]
    assert [(area.x0, area.x1) for area in areas([*upright, *sideways], 1000, 1000)] == [(0, 500), (500, 1000)]
    margin = sideways[:3]
    assert len(areas([*upright, *margin], 1000, 1000)) == 1


UPRIGHT = ("深圳市出租汽车专用发票", "发票代码144002600119", "发票号码00123456", "单位名称", "车号:", "日期:")


def test_what_repeats_its_labels_in_every_row_is_a_table_and_no_sheet() -> None:
    pieces = [Piece(text, 100, 40 * row, 400, 40 * row + 30) for row in range(12) for text in UPRIGHT[1:3]]
    assert len(areas(pieces, 1000, 4000)) == 1


def test_a_page_crowded_with_labels_is_given_up_at_once() -> None:
    pieces = [
        Piece(text, 100 + 500 * column, 8 * row, 400, 8 * row + 4)
        for row in range(2000)
        for column, text in enumerate(UPRIGHT[1:3])
    ]
    assert len(areas(pieces, 1000, 16000)) == 1


def test_a_placement_turns_a_part_back_onto_its_sheet() -> None:
    turned = Placement(((0.5, 1.0), (0.5, 0.5), (1.0, 0.5), (1.0, 1.0)))  # its left side lies at the bottom
    assert turned.box(Box(0.0, 0.0, 0.2, 0.5)) == Box(0.5, pytest.approx(0.9), 0.75, 1.0)
    assert turned.within(Placement(((0, 0), (0.5, 0), (0.5, 1), (0, 1)))).point(0, 0) == (0.25, 1.0)
