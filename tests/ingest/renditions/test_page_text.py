"""What was read on a page, written and read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Placement, Word
from ingest.renditions.page_text import WHOLE, PageText, Plane, from_json, of_page, to_json

fraction = st.integers(0, 100_000).map(lambda number: number / 100_000)
boxes = st.builds(Box, fraction, fraction, fraction, fraction)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
sure = st.integers(0, 10_000).map(lambda number: number / 10_000)
words = st.builds(Word, text, boxes, sure, st.just(()), st.booleans())
corner = st.tuples(fraction, fraction)
placements = st.builds(Placement, st.tuples(corner, corner, corner, corner))
planes = st.builds(Plane, placements, st.lists(words, max_size=3).map(tuple))
sizes = st.integers(0, 20_000)
texts = st.builds(
    PageText,
    st.integers(1, 500),
    st.sampled_from(Source),
    sizes,
    sizes,
    placements,
    st.lists(planes, max_size=3).map(tuple),
)


@given(texts)
def test_what_is_written_is_read_again(told: PageText) -> None:
    assert from_json(to_json(told)) == told


def test_the_words_of_forms_on_a_sheet_are_kept_where_each_was_read() -> None:
    """A slip that lies sideways on the right half of a sheet, which itself was upside down on the scanner."""
    sideways = Placement(((1, 0), (1, 1), (0.5, 1), (0.5, 0)))
    upside_down = Placement(((1, 1), (0, 1), (0, 0), (1, 0)))
    slip = Page(1, 400, 300, Source.OCR, (Word("车费", Box(0, 0, 0.2, 0.1)),), place=sideways)
    sheet = Page(1, 800, 600, Source.OCR, (Word("花弗", Box(0.9, 0, 1, 0.2)),), parts=(slip,), lies=upside_down)
    told = of_page(sheet)
    assert told.lies == upside_down
    assert told.planes == (Plane(Placement(((0, 1), (0, 0), (0.5, 0), (0.5, 1))), slip.words),)


def test_a_page_of_data_is_not_shown() -> None:
    told = of_page(Page(1, 0, 0, Source.XML, ()))
    assert (told.is_shown, told.lies) == (False, WHOLE)


def test_halves_of_characters_are_joined_and_lone_ones_told_as_unknown() -> None:
    page = Page(1, 10, 10, Source.PDF_TEXT, (Word("\ud842\udfb7野\ud842", Box(0, 0, 1, 1)),))
    (plane,) = from_json(to_json(of_page(page))).planes
    assert plane.words[0].text == "𠮷野\ufffd"


@pytest.mark.parametrize(
    "written",
    [b"", b"[]", b"{}", b"null", b'{"format":"piaoku-page-text/2"}', b'{"format":"piaoku-page-text/1"}'],
)
def test_what_is_no_page_text_is_refused(written: bytes) -> None:
    with pytest.raises(ValueError):
        from_json(written)


def test_it_is_compact() -> None:
    page = Page(
        1, 2480, 3508, Source.OCR, tuple(Word("发票号码", Box(i / 300, 0.1, 0.2, 0.3), 0.99) for i in range(99))
    )
    written = to_json(of_page(page))
    assert len(written) < 60 * 99
    assert json.loads(written)["format"] == "piaoku-page-text/1"
