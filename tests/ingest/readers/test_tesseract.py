"""The installed Tesseract: strips of figures in one start of the program, nothing left behind, no harm without it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytesseract
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.readers.ocr import tesseract
from ingest.readers.ocr.tesseract import is_installed, read_strips

FONT = Path("/usr/share/fonts/truetype/arphic/uming.ttc")
needs_tesseract = pytest.mark.skipif(not is_installed(), reason="Tesseract with chi_sim and eng is not installed")


@pytest.fixture
def fresh() -> Iterator[Callable[[], bool]]:
    """``is_installed`` as a new process asks it."""
    is_installed.cache_clear()
    yield is_installed
    is_installed.cache_clear()


def strip(text: str) -> Image.Image:
    picture = Image.new("L", (30 + 20 * len(text), 60), 250)
    ImageDraw.Draw(picture).text((12, 12), text, font=ImageFont.truetype(FONT, 32), fill=0)
    return picture


@needs_tesseract
def test_strips_are_read_in_their_order_by_one_start(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = []
    real = pytesseract.pytesseract.subprocess.Popen

    def counted(command: list[str], **settings: object) -> object:
        starts.append(command)
        return real(command, **settings)

    monkeypatch.setattr(pytesseract.pytesseract.subprocess, "Popen", counted)
    numbers = ["00472703", "011001900311", "91827364"]
    read = read_strips([strip(numbers[0]), Image.new("L", (200, 60), 250), *map(strip, numbers[1:])], "0123456789")
    assert [text for text, _ in read] == [numbers[0], "", *numbers[1:]]
    assert all(0 <= confidence <= 1 for _, confidence in read)
    assert sum("--version" not in command for command in starts) == 1


@needs_tesseract
def test_only_the_signs_asked_for_are_read() -> None:
    ((figures, _),) = read_strips([strip("2026年11月20日")], "0123456789年月日-")
    assert figures == "2026年11月20日"
    ((letters, _),) = read_strips([strip("ABBA")], "0123456789")
    assert not set(letters) - set("0123456789")


@needs_tesseract
def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract.tempfile, "tempdir", str(tmp_path))
    read_strips([strip("00472703")], "0123456789")
    tesseract.TesseractEngine().lines(strip("00472703"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_read_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert read_strips([], "0123456789") == ()


def test_a_machine_without_tesseract_has_none(fresh: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert fresh() is False


@needs_tesseract
def test_a_tesseract_without_chinese_is_none(fresh: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract, "get_languages", lambda config: ["eng", "osd"])
    assert fresh() is False
