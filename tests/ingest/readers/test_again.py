"""Strips for the second look: cut where the page says, level, without anything of the page around them."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Placement, Spot
from ingest.readers import registry
from ingest.readers.ocr.again import with_second_look
from ingest.readers.ocr.engine import TextLine
from ingest.readers.ocr.last_resort import LAST_RESORT, with_last_resort

WIDTH, HEIGHT = 800, 400
PRINT = Box(0.25, 0.5, 0.5, 0.55)


class Strips:
    """Keeps what it is shown, and reads the place of each strip in its batch."""

    def __init__(self) -> None:
        self.shown: dict[str, list[Image.Image]] = {}

    def __call__(self, strips: Sequence[Image.Image], signs: str) -> list[tuple[str, float]]:
        self.shown[signs] = list(strips)
        return [(f"{signs}{number}", 0.5) for number in range(len(strips))]


def sheet(shade: int = 250) -> Image.Image:
    """A page with a black bar where ``PRINT`` is."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (shade,) * 3)
    ImageDraw.Draw(picture).rectangle((200, 200, 399, 219), fill="black")
    return picture


def look(page: Page, picture: Image.Image, strips: Strips) -> Page:
    read = with_second_look(lambda *_: (page, picture), strips)
    return read(picture, 1, None)[0]


def test_a_strip_holds_the_print_and_a_margin_of_its_own_paper() -> None:
    strips = Strips()
    page = look(Page(1, WIDTH, HEIGHT, Source.OCR, ()), sheet(), strips)
    assert page.look_again is not None
    page.look_again([Spot(PRINT, "0")])
    (strip,) = strips.shown["0"]
    grey = np.asarray(strip)
    assert (strip.mode, strip.height) == ("L", 36 + 2 * 12)
    assert strip.width == pytest.approx(36 * 206 / 22 + 24, abs=6)
    assert grey[strip.height // 2, strip.width // 2] < 30
    assert grey[:8].min() == grey[:, :8].min() == grey[:8].max()


def test_the_strip_of_a_turned_part_is_upright() -> None:
    strips = Strips()
    turned = sheet().rotate(90, expand=True)  # the part's upper left corner now lies at the lower left
    place = Placement(((0, 1), (0, 0), (1, 0), (1, 1)))
    part = Page(1, WIDTH, HEIGHT, Source.OCR, (), place=place)
    page = look(Page(1, *turned.size, Source.OCR, (), parts=(part,)), turned, strips)
    assert page.parts[0].look_again is not None
    page.parts[0].look_again([Spot(PRINT, "0")])
    (strip,) = strips.shown["0"]
    assert strip.width > 4 * strip.height
    assert np.asarray(strip)[strip.height // 2, 30 : strip.width - 30].max() < 60


def test_answers_keep_the_order_of_the_spots_whatever_their_signs() -> None:
    strips = Strips()
    page = look(Page(1, WIDTH, HEIGHT, Source.OCR, ()), sheet(), strips)
    assert page.look_again is not None
    answers = page.look_again([Spot(PRINT, "a"), Spot(PRINT, "b"), Spot(PRINT, "a")])
    assert [text for text, _ in answers] == ["a0", "b0", "a1"]


@pytest.mark.parametrize("error", [OSError("no such program"), RuntimeError("Tesseract process timeout")])
def test_a_second_engine_that_fails_confirms_nothing(error: Exception) -> None:
    def failing(strips: Sequence[Image.Image], signs: str) -> list[tuple[str, float]]:
        raise error

    read = with_second_look(lambda picture, *_: (Page(1, WIDTH, HEIGHT, Source.OCR, ()), picture), failing)
    page, _ = read(sheet(), 1, None)
    assert page.look_again is not None
    assert page.look_again([Spot(PRINT, "0")]) == [("", 0.0)]


def test_a_page_that_the_first_engine_fails_on_is_marked_with_its_parts() -> None:
    def failing(*_: object) -> tuple[Page, Image.Image]:
        raise RuntimeError("no model")

    spare = Page(1, WIDTH, HEIGHT, Source.OCR, (), parts=(Page(1, 9, 9, Source.OCR, ()),))
    page, _ = with_last_resort(failing, lambda picture, *_: (spare, picture))(sheet(), 1, None)
    assert page.findings == page.parts[0].findings == (LAST_RESORT,)


def test_without_tesseract_pages_are_read_and_nobody_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Engine:
        def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
            return (TextLine("发票", ((1, 1), (90, 1), (90, 20), (1, 20)), 0.9),)

    found = []
    for installed in (True, False):
        monkeypatch.setattr(registry, "is_installed", lambda installed=installed: installed)
        reader = next(reader for reader in registry.readers(Engine()) if "image/png" in reader.media_types)
        found += list(reader.pages(_png(sheet()), None))
    with_it, without = found
    assert with_it.look_again is not None
    assert without.look_again is None
    assert with_it == without


def _png(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()
