"""Pages whose letters stand far apart: what a detector takes for single letters is read as lines, in their places."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.model.page import Page, Word
from ingest.readers.ocr.engine import TextLine
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.ocr.raster import picture_reader
from ingest.readers.ocr.spaced import is_spaced

FONT = Path("/usr/share/fonts/truetype/arphic/uming.ttc")  # Debian's fonts-arphic-uming
SIZE, STEP = 13, 42
WIDTH, HEIGHT = 2200, 1400
ROWS = (
    ("发票号码:26117000000123456789", 1300, 100),
    ("开票日期:2026年04月07日", 1300, 180),
    ("名称:上海青禾物流有限公司", 60, 380),
    ("纳税人识别号:91310101MA1FTET38D", 60, 460),
    ("价税合计(大写)壹仟壹佰叁拾圆整", 60, 900),
    ("开票人:田野", 60, 1120),
)


@pytest.fixture(scope="module")
def page() -> Page:
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONT), SIZE)
    for text, x, y in ROWS:
        for letter in text:
            draw.text((x, y), letter, fill="black", font=font)
            x += STEP if letter > "\u2e7f" else STEP // 2
    draw.rectangle((60, 60, 200, 200), outline="black", width=12)
    return picture_reader(RapidEngine(), lambda _picture: ())(sheet, 1, None)[0]


def row(page: Page, y: float) -> list[Word]:
    """The words of a row, from left to right. A run ends where the distance of its letters changes."""
    found = [word for word in page.words if abs(word.box.y0 * HEIGHT - y) < SIZE]
    return sorted(found, key=lambda word: word.box.x0)


@pytest.mark.parametrize(("text", "x", "y"), ROWS)
def test_letters_set_far_apart_are_read_as_lines(page: Page, text: str, x: float, y: float) -> None:
    found = row(page, y)
    assert "".join(word.text.replace(" ", "") for word in found) == text
    assert len(found) <= 4
    assert found[0].box.x0 * WIDTH == pytest.approx(x, abs=SIZE)


def test_each_letter_lies_where_the_page_shows_it(page: Page) -> None:
    text, x, _ = ROWS[2]
    (found,) = row(page, ROWS[2][2])
    places = [edge * WIDTH for edge in found.edges[: len(text)]]
    steps = [STEP if letter > "\u2e7f" else STEP // 2 for letter in text]
    for place, edge in enumerate(places):
        assert edge == pytest.approx(x + sum(steps[:place]), abs=STEP)


def test_an_ordinary_page_is_not_suspected() -> None:
    def line(text: str) -> TextLine:
        return TextLine(text, ((0, 0), (10, 0), (10, 10), (0, 10)), 0.9)

    assert is_spaced([line("票")] * 20)
    assert not is_spaced([line("票")] * 11)
    assert not is_spaced([line("票")] * 20 + [line("发票号码")] * 20)
