"""Values printed as text onto a form that is a picture: OCR reads the labels, the text layer keeps its characters."""

from dataclasses import replace

import pytest

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Placement, Word
from ingest.readers.overlay import overlaid

WIDTH = 0.02  # of the page, for a character


def word(text: str, x: float, y: float, confidence: float = 1.0) -> Word:
    return Word(text, Box(x, y, x + WIDTH * len(text), y + 0.02), confidence)


def page(*words: Word) -> Page:
    return Page(1, 1000, 1000, Source.OCR, words)


def texts(read: Page) -> set[str]:
    return {one.text for one in read.words}


def test_the_text_takes_the_place_of_what_ocr_read_there() -> None:
    read = overlaid(page(word("发票号码:12845678", 0.1, 0.1, 0.8)), [word("12345678", 0.2, 0.1)])
    assert texts(read) == {"发票号码:", "12345678"}
    assert [one.confidence for one in read.words if one.text == "12345678"] == [0.5]


def test_text_that_ocr_does_not_see_is_not_believed() -> None:
    seen = page(word("合计", 0.1, 0.1), word("1234.56", 0.2, 0.1))
    assert overlaid(seen, [word("9999.99", 0.2, 0.1), word("合计", 0.1, 0.1)]) == seen
    hidden = overlaid(seen, [word("1234.56", 0.2, 0.1), word("999", 0.5, 0.5)])
    assert texts(hidden) == {"合计", "1234.56"}


def test_a_lone_figure_that_ocr_missed_is_kept() -> None:
    read = overlaid(page(word("1234.56", 0.2, 0.1)), [word("1234.56", 0.2, 0.1), word("1", 0.1, 0.1)])
    assert texts(read) == {"1234.56", "1"}


def test_a_run_read_downwards_gives_way_too() -> None:
    fallen = Word("个件", Box(0.5, 0.1, 0.52, 0.16), 0.9, downwards=True)
    read = overlaid(page(fallen), [word("个", 0.5, 0.105), word("件", 0.5, 0.135)])
    assert [one.downwards for one in read.words] == [False, False]


def test_parts_of_a_sheet_are_left_as_they_were_read() -> None:
    seen = page(word("12845678", 0.2, 0.1))
    whole = Placement(((0, 0), (1, 0), (1, 1), (0, 1)))
    for left in (replace(seen, place=whole), replace(seen, parts=(seen,))):
        assert overlaid(left, [word("12345678", 0.2, 0.1)]) == left


@pytest.mark.parametrize("under", ["北京云松远景科技有限公司", "北京松云远景科技有限公司"])
def test_text_that_ocr_reads_otherwise_is_in_doubt(under: str) -> None:
    """A scanner's text errs in a character or two, and the engine may be right where it does."""
    read = overlaid(page(word("名称:北京云杉远景科技有限公司", 0.1, 0.1, 0.99)), [word(under, 0.16, 0.1)])
    assert [one.confidence for one in read.words if one.text == under] == [0.5]


def test_text_of_which_ocr_misses_a_character_is_not_in_doubt() -> None:
    read = overlaid(page(word("北京云杉科技有限公司", 0.1, 0.1, 0.9)), [word("北京云杉科技有限公司厂", 0.1, 0.1)])
    assert [one.confidence for one in read.words] == [1.0]
