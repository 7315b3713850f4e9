"""Every OCR engine keeps the promises of its port, and one that breaks them costs an attempt at one document only."""

import io
import math
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.errors import ReaderFailedError
from ingest.model.decision import Known
from ingest.pipeline import decide
from ingest.readers.ocr import tesseract
from ingest.readers.ocr.engine import Engine, TextLine, faults
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.ocr.tesseract import TesseractEngine
from ingest.sandbox import Limits, Sandbox
from tests.conformance.known_words import KnownWords

TODAY = date(2026, 11, 20)
FONT = Path("/usr/share/fonts/truetype/arphic/uming.ttc")
NUMBER, AMOUNT = "26117000000123456789", "1130.00"
WIDTH, HEIGHT = 900, 300


def engines() -> Iterator[object]:
    for engine in (RapidEngine, TesseractEngine, KnownWords):
        absent = engine is TesseractEngine and not tesseract.is_installed()
        reason = "Tesseract with chi_sim and eng is not installed (tests/system_packages.sh)"
        yield pytest.param(engine, id=engine.__name__, marks=[pytest.mark.skip(reason=reason)] if absent else [])


@pytest.fixture(scope="module", params=engines())
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


def sheet(size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """A white page with two lines of clean print."""
    page = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 36)
    draw.text((60, 60), NUMBER, font=font, fill="black")
    draw.text((60, 180), AMOUNT, font=font, fill="black")
    return page


def text_of(lines: tuple[TextLine, ...]) -> list[str]:
    return ["".join(line.text.split()) for line in lines]


def test_clean_lines_are_read_where_they_stand(engine: Engine) -> None:
    lines = engine.lines(sheet())
    assert sorted(text_of(lines)) == sorted([NUMBER, AMOUNT])
    for line in lines:
        (x0, y0), (x1, _), (x2, y2), _ = line.corners
        middle = 78 if NUMBER in text_of((line,)) else 198
        assert abs((y0 + y2) / 2 - middle) < 20
        assert 40 < x0 < 70 < x1
        assert math.isclose(x1, x2, abs_tol=5)


def test_an_answer_has_no_faults(engine: Engine) -> None:
    for turn in (0, 90, 180, 270):
        page = sheet().rotate(turn, expand=True)
        assert list(faults(engine.lines(page), *page.size)) == []


def test_cuts_part_the_characters_where_they_are_given(engine: Engine) -> None:
    for line in engine.lines(sheet()):
        assert len(line.cuts) in (0, len(line.text) + 1)
        assert all(before <= after for before, after in pairwise(line.cuts))


@pytest.mark.parametrize("colour", ["white", "black", (250, 249, 240)])
def test_a_blank_page_has_no_lines(engine: Engine, colour: str) -> None:
    assert engine.lines(Image.new("RGB", (WIDTH, HEIGHT), colour)) == ()


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 2), (31, 31), (6000, 40), (40, 6000)])
def test_a_picture_of_any_shape_is_taken(engine: Engine, size: tuple[int, int]) -> None:
    assert engine.lines(Image.new("RGB", size, "white")) == ()


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "CMYK"])
def test_a_picture_of_any_mode_is_read_and_left_alone(engine: Engine, mode: str) -> None:
    page = sheet().convert("RGBA").convert(mode)
    before = page.tobytes()
    assert NUMBER in text_of(engine.lines(page))
    assert (page.tobytes(), page.mode) == (before, mode)


def test_the_same_picture_brings_the_same_lines(engine: Engine) -> None:
    assert engine.lines(sheet()) == engine.lines(sheet())


BREAKING = {
    "nonsense boxes": "return (TextLine('1', ((-900, 0), (9, 0), (9, 9), (0, 9)), 0.9),)",
    "no numbers": "return (TextLine('1', ((float('nan'), 0), (9, 0), (9, 9), (0, 9)), 0.9),)",
    "overconfidence": "return (TextLine('1', ((0, 0), (9, 0), (9, 9), (0, 9)), 7.5),)",
    "garbage": "return (TextLine('\\x07\\ue000\\x00', ((0, 0), (9, 0), (9, 9), (0, 9)), 0.9),)",
    "an exception": "raise RuntimeError('no model')",
}
DEADLY = {
    "a crash": ("os.kill(os.getpid(), 11)", "READER-DIED"),
    "too much memory": ("return bytearray(64 << 30)", "READER-DIED"),
    "a hang": ("time.sleep(600)", "READER-HUNG"),
    "a hang of what it started": ("subprocess.run(['sleep', '600.125'])", "READER-HUNG"),
}
CHILD = """
import os, subprocess, sys, time
from ingest import reading_process
from ingest.readers import registry
from ingest.readers.ocr.engine import TextLine
from tests.conformance.known_words import KnownWords

class Failing(KnownWords):
    def lines(self, picture):
        if picture.getpixel((0, 0))[0] < 128:  # the page that is deadly has a black corner
            {failure}
        return super().lines(picture)

registry.is_installed = lambda: {spare}
made = registry.readers
registry.readers = lambda _engine: made(Failing())
reading_process.main()
"""


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Sandbox]]:
    """Makes the real sandbox around an engine that fails on pages with a black corner."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    made: list[Sandbox] = []

    def make(failure: str, *, spare: bool, seconds: float = 60) -> Sandbox:
        script = tmp_path / "child.py"
        script.write_text(CHILD.format(failure=failure, spare=spare))
        made.append(Sandbox(Limits(wall_seconds=seconds), program=(sys.executable, str(script))))
        return made[-1]

    yield make
    for one in made:
        one.close()


def file_of(page: Image.Image, *, deadly: bool = False) -> bytes:
    if deadly:
        ImageDraw.Draw(page).rectangle((0, 0, 12, 12), fill="black")
    content = io.BytesIO()
    page.save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize("failure", BREAKING)
def test_without_a_spare_engine_a_failing_one_costs_one_attempt(sandbox: Callable[..., Sandbox], failure: str) -> None:
    reading = sandbox(BREAKING[failure], spare=False)
    with pytest.raises(ReaderFailedError) as failed:
        reading.examine(file_of(sheet(), deadly=True), TODAY, None)
    assert (failed.value.code, failed.value.retry_can_help) == ("READER-DIED", True)
    assert reading.examine(file_of(sheet()), TODAY, None).page_count == 1


@pytest.mark.parametrize("failure", DEADLY)
def test_an_engine_that_kills_or_hangs_costs_one_attempt(sandbox: Callable[..., Sandbox], failure: str) -> None:
    lines, code = DEADLY[failure]
    reading = sandbox(lines, spare=False, seconds=12 if "HUNG" in code else 60)
    started = time.monotonic()
    with pytest.raises(ReaderFailedError) as failed:
        reading.examine(file_of(sheet(), deadly=True), TODAY, None)
    assert failed.value.code == code
    assert time.monotonic() - started < 60
    assert not any("600.125" in command for command in commands())
    assert reading.examine(file_of(sheet()), TODAY, None).page_count == 1


def commands() -> Iterator[str]:
    """The command lines of all living processes."""
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield line.read_text()
        except OSError:
            continue


@pytest.mark.skipif(not tesseract.is_installed(), reason="Tesseract with chi_sim and eng is not installed")
@pytest.mark.parametrize("failure", ["an exception", "no numbers"])
def test_the_spare_engine_reads_the_page_of_a_failing_one(sandbox: Callable[..., Sandbox], failure: str) -> None:
    """What it reads becomes a draft, and the draft says who read it."""
    page = Image.new("RGB", (900, 400), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 36)
    for row, text in enumerate((f"发票号码:{NUMBER}", "开票日期:2026年11月20日", "校验码:12345678901234567890")):
        draw.text((60, 40 + 80 * row), text, font=font, fill="black")
    (draft,) = sandbox(BREAKING[failure], spare=True).examine(file_of(page, deadly=True), TODAY, None).drafts
    assert draft.value("invoice_number") == NUMBER
    assert "OCR-LAST-RESORT" in {reason.code for reason in decide(draft, Known(), TODAY).reasons}
