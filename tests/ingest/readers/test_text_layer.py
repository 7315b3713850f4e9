"""Glyphs become runs, and a layer that lies is not believed."""

import pytest

from archive.model.evidence import Box
from ingest.model.page import Word
from ingest.readers.text_layer import Glyph, runs, trustworthy

LABELS = "发票号码:26117000000123456789开票日期:2026年11月20日合计价税合计开票人"


def glyphs(text: str, x: float, y: float, step: float = 10, height: float = 10) -> list[Glyph]:
    found = [(index, character) for index, character in enumerate(text) if character != " "]
    return [
        Glyph(
            (" " if text[index - 1 : index] == " " else "") + character,
            x + index * step,
            y,
            x + index * step + step,
            y + height,
        )
        for index, character in found
    ]


def texts(*parts: list[Glyph]) -> list[str]:
    return [word.text for word in runs((glyph for part in parts for glyph in part), 100, 100)]


def test_neighbours_on_a_line_are_a_run() -> None:
    assert texts(glyphs("发票号码", 0, 0)) == ["发票号码"]


def test_a_wide_gap_ends_a_run_and_a_narrow_space_stays_in_it() -> None:
    assert texts(glyphs("金", 0, 0), glyphs("额", 20, 0)) == ["金", "额"]
    assert texts(glyphs("Redmi K40", 0, 0, step=5)) == ["Redmi K40"]


def test_another_line_is_another_run() -> None:
    assert texts(glyphs("一行", 0, 0), glyphs("二行", 20, 12)) == ["一行", "二行"]


def test_text_written_over_other_text_stays_apart() -> None:
    assert texts(glyphs("备注", 0, 0), glyphs("专用章", 5, 2)) == ["备注", "专用章"]


def test_text_printed_twice_to_look_bold_is_one_run() -> None:
    assert texts(glyphs("合计", 10, 30), glyphs("合计", 10.4, 30.2), glyphs("合计", 10, 40.5)) == ["合计", "合计"]


def test_a_run_has_the_box_of_its_glyphs_as_fractions_of_the_sheet() -> None:
    (word,) = runs(glyphs("合计", 10, 30), 100, 200)
    assert word.box == Box(0.1, 0.15, 0.3, 0.2)


def test_a_run_knows_where_each_of_its_characters_begins() -> None:
    places = (("税", 0, 10), (":", 10, 12), (" ℃", 16, 26), ("1", 25, 30))
    (word,) = runs([Glyph(text, left, 0, right, 10) for text, left, right in places], 100, 100)
    assert word.text == "税: °C1"
    assert word.edges == pytest.approx((0, 0.10, 0.12, 0.16, 0.21, 0.25, 0.30))


def test_look_alike_radicals_become_the_characters_they_stand_for() -> None:
    assert texts(glyphs("⻰⾦⻓⼤", 0, 0)) == ["龙金长大"]


@pytest.mark.parametrize(
    ("text", "has_symbol", "expected"),
    [
        (LABELS, True, True),
        ("A letter in plain words. " * 20, False, True),
        ("A letter in plain words. " * 20, True, False),
        ("26117000000123456789 1130.00", True, False),
        ("", False, False),
        (LABELS + "ق ࢵ ᕹ " * 5, True, False),
        (LABELS + "\ue001\ue002\ue003", True, False),
        (LABELS + "(cid:12)(cid:99)", True, False),
        (LABELS + "\ufffd\ufffd\ufffd", True, False),
    ],
)
def test_a_layer_is_trusted_for_its_labels_or_its_plain_words(text: str, has_symbol: bool, expected: bool) -> None:
    assert trustworthy([Word(text, Box(0, 0, 1, 1))], has_symbol) is expected


def test_the_order_in_which_a_program_writes_does_not_matter() -> None:
    cut = [glyphs("1487", 0, 0), glyphs(".76", 40, 0), glyphs("合计", 0, 40)]
    assert set(texts(*cut)) == set(texts(*reversed(cut))) == {"1487.76", "合计"}


def test_cells_that_were_written_apart_stay_apart() -> None:
    assert texts(glyphs("台", 12.8, 0), glyphs("DN50", 0, 0, step=2.5)) == ["台", "DN50"]


def test_letters_of_another_size_are_another_text() -> None:
    assert texts(glyphs("12", 20, 0), glyphs("合计", 0, 0, height=8)) == ["12", "合计"]


def test_headings_written_downwards_do_not_run_into_the_labels_beside_them() -> None:
    heading = [glyphs(character, 0, place * 12) for place, character in enumerate("购买方")]
    rows = [glyphs("名称", 14, 0), glyphs("识别号", 14, 12)]
    found = texts(heading[0], rows[0], heading[1], rows[1], heading[2])
    assert sorted(found) == sorted(["购", "买", "方", "名称", "识别号"])


def test_a_second_copy_of_the_whole_page_adds_nothing() -> None:
    page = [glyphs("合计", 0, 0), glyphs("11", 30, 0, step=3)]
    copy = [glyphs("合计", 0.3, 0.2), glyphs("11", 30.3, 0.2, step=3)]
    assert texts(*page, *copy) == ["合计", "11"]


def test_a_space_that_only_the_library_saw_is_dropped() -> None:
    assert texts([Glyph("1", 0, 0, 5, 10), Glyph(" 2", 5, 0, 10, 10)]) == ["12"]
