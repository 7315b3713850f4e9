"""Print of any size and of dots: looked at from further away, and without the red of stamps, with true places."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.model.evidence import Box
from ingest.readers.ocr.engine import TextLine
from ingest.readers.ocr.looks import looks
from ingest.readers.ocr.upright import upright_reading

WIDTH, HEIGHT = 1200, 2000
TEXT = "发票号码一二三四"


def line(x: float, y: float, width: float, height: float, confidence: float) -> TextLine:
    return TextLine(TEXT, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)), confidence)


def sheet() -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    ImageDraw.Draw(picture).rectangle((100, 400, 700, 500), fill="black")
    return picture


class Nearsighted:
    """Finds the black bar of the sheet, and reads it in full only where it is less than 64 pixels high."""

    def __init__(self) -> None:
        self.seen: list[Image.Image] = []

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        self.seen.append(picture)
        dark = np.argwhere(np.asarray(picture.convert("L")) < 128)
        (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0) + 1
        height = float(bottom - top)
        found = line(float(left), float(top), float(right - left), height, 0.9)
        return (found if height < 64 else replace(found, text=TEXT[:5]),)


def test_large_print_is_read_smaller_with_its_place_on_the_picture_as_it_is() -> None:
    engine, picture = Nearsighted(), sheet()
    upright = upright_reading(engine, picture)
    assert [seen.width for seen in engine.seen] == [WIDTH, pytest.approx(WIDTH * 0.36, abs=6)]
    assert upright.picture is picture
    assert upright.lines[0].text == TEXT
    (x0, y0), _, (x1, y1), _ = upright.lines[0].corners
    assert (x0, y0, x1, y1) == pytest.approx((100, 400, 700, 500), abs=4)


def test_print_of_usual_size_is_read_once() -> None:
    engine = Nearsighted()
    upright_reading(engine, sheet().resize((WIDTH // 2, HEIGHT // 2)))
    assert len(engine.seen) == 1


def test_a_reading_that_is_worse_from_afar_is_not_taken() -> None:
    class Farsighted(Nearsighted):
        def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
            (found,) = super().lines(picture)
            return (replace(found, text=TEXT if picture.width == WIDTH else TEXT[:5]),)

    assert upright_reading(Farsighted(), sheet()).lines[0].text == TEXT


def test_further_looks_tell_places_on_the_whole_page() -> None:
    engine, picture = Nearsighted(), sheet()
    first = (line(100, 400, 600, 100, 0.9),)
    found = looks(engine, picture, first, Box(50, 300, 900, 800))
    assert len(found) == 2
    for (seen,) in found:
        (x0, y0), _, (x1, y1), _ = seen.corners
        assert (x0, y0, x1, y1) == pytest.approx((100, 400, 700, 500), abs=5)


def test_red_and_shadow_are_gone_from_one_of_the_looks() -> None:
    engine, picture = Nearsighted(), sheet()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((100, 600, 700, 700), fill=(214, 48, 52))
    shaded = Image.fromarray((np.asarray(picture) * np.linspace(1, 0.6, WIDTH)[None, :, None]).astype(np.uint8))
    looks(engine, shaded, (line(100, 400, 600, 100, 0.9),), Box(50, 300, 900, 800))
    plain, stamped = engine.seen
    grey = np.asarray(stamped)[:, :, 0]
    across, bar, stamp = grey.shape[1] // 3, round(150 / 500 * grey.shape[0]), round(350 / 500 * grey.shape[0])
    assert grey[bar, across] < 60
    assert grey[stamp, across] > 200
    assert grey[5, -5] > 230
    red = cast(tuple[int, ...], plain.getpixel((plain.width // 3, round(350 / 500 * plain.height))))
    assert red[1] < 100


def test_a_page_upside_down_whose_signs_look_like_letters_is_turned() -> None:
    """Networks take turned figures for other figures, half surely."""

    class Guessing:
        def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
            down = np.argwhere(np.asarray(picture.convert("L")) < 128).mean(axis=0)[0]
            upright = down < picture.height / 2
            return tuple(line(100, y, 300, 30, 0.95 if upright else 0.7) for y in ((400, 500) if upright else (1500,)))

    upright = upright_reading(Guessing(), sheet().rotate(180))
    assert np.array_equal(np.asarray(upright.picture), np.asarray(sheet()))
    assert {found.confidence for found in upright.lines} == {0.95}
