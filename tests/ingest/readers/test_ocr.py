"""Pictures are read as people hold them, and boxes fit the picture that is kept."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from archive.model.evidence import Source
from ingest.model.page import Page, Symbol
from ingest.readers.ocr.engine import Engine, Point, TextLine
from ingest.readers.ocr.rapid import RapidEngine, _backend
from ingest.readers.ocr.raster import picture_reader

WIDTH, HEIGHT = 600, 400
TEXT = "发票号码一二三四"


def no_symbols(_picture: Image.Image) -> tuple[Symbol, ...]:
    return ()


def read(engine: Engine, picture: Image.Image) -> tuple[Page, Image.Image]:
    return picture_reader(engine, no_symbols)(picture, 1, None)


def marked(corner: tuple[int, int] = (0, 0)) -> Image.Image:
    """A sheet whose black corner tells engines which way is up."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "white")
    ImageDraw.Draw(sheet).rectangle((*corner, corner[0] + 40, corner[1] + 40), fill="black")
    return sheet


class Compass:
    """Reads a marked sheet as real engines do: upright well, sideways as tall lines, upside down not at all."""

    def __init__(self) -> None:
        self.looks = 0

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        self.looks += 1
        width, height = picture.size
        dark = np.argwhere(np.asarray(picture.convert("L")) < 128).mean(axis=0)
        is_top, is_left = dark[0] < height / 2, dark[1] < width / 2
        if width > height:
            return (line(100, 50, 400, 20, confidence=0.99 if is_top and is_left else 0.1),) * 3
        return (line(50, 100, 20, 400, confidence=0.6),) * 3


def line(x: float, y: float, width: float, height: float, *, slope: float = 0, confidence: float = 0.99) -> TextLine:
    rise = slope * width
    corners = ((x, y), (x + width, y + rise), (x + width, y + rise + height), (x, y + height))
    return TextLine(TEXT, corners, confidence)


@pytest.mark.parametrize(("degrees", "looks"), [(0, 1), (90, 3), (180, 2), (270, 3)])
def test_a_turned_sheet_is_set_upright(degrees: int, looks: int) -> None:
    engine = Compass()
    page, picture = read(engine, marked().rotate(degrees, expand=True))
    assert picture.size == (page.width, page.height) == (WIDTH, HEIGHT)
    assert picture.getpixel((20, 20)) == (0, 0, 0)
    assert (page.words[0].confidence, engine.looks) == (0.99, looks)


def test_a_blank_sheet_is_not_read_at_all() -> None:
    engine = Compass()
    page, _ = read(engine, Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 248)))
    assert (page.words, page.source, engine.looks) == ((), Source.OCR, 0)


class Tilted:
    """Finds lines that run together like those of a sheet seen aslant."""

    def __init__(self, slope: float, growth: float) -> None:
        self._slope, self._growth = slope, growth

    def ends(self, level: float) -> tuple[Point, Point]:
        slope = self._slope + self._growth * level
        return tuple((u + WIDTH / 2, level + slope * u + HEIGHT / 2) for u in (-250, 250))  # type: ignore[return-value]

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        found = []
        for level in range(-150, 151, 50):
            (x0, y0), (x1, y1) = self.ends(level)
            for part in (0.0, 0.6):
                start, end = (x0 + part * (x1 - x0), y0 + part * (y1 - y0)), (0.4 + part) * (x1 - x0) + x0
                found.append(line(*start, end - start[0], 10, slope=(y1 - y0) / (x1 - x0)))
        return tuple(found)


@pytest.mark.parametrize(("slope", "growth"), [(0.1, 0), (-0.05, 0), (0, 0.0004), (0.03, -0.0003)])
def test_lines_that_slope_are_made_level_and_the_picture_with_them(slope: float, growth: float) -> None:
    engine = Tilted(slope, growth)
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "white")
    (x, y), _ = engine.ends(50)
    ImageDraw.Draw(sheet).ellipse((x - 3, y - 3, x + 3, y + 3), fill="black")
    page, picture = read(engine, sheet)
    for left, right in zip(page.words[::2], page.words[1::2], strict=True):
        assert right.box.y0 * HEIGHT == pytest.approx(left.box.y0 * HEIGHT, abs=1.5)
    dot = np.argwhere(np.asarray(picture.convert("L")) < 128).mean(axis=0)
    own = page.words[8].box
    assert dot[1] == pytest.approx(own.x0 * WIDTH, abs=2)
    assert dot[0] == pytest.approx(own.y0 * HEIGHT, abs=2)


def test_a_level_sheet_is_left_as_it_is() -> None:
    sheet = marked()
    _, picture = read(Tilted(0.001, 0), sheet)
    assert picture is sheet


def test_words_are_folded_to_usual_forms() -> None:
    class Wide:
        def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
            return (TextLine("（小写）￥１１３０．００", line(0, 0, 100, 10).corners, 0.9),)

    page, _ = read(Wide(), marked())
    assert page.words[0].text == "(小写)¥1130.00"


def test_the_places_of_characters_follow_the_direction_of_writing() -> None:
    class Knowing:
        def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
            return (
                TextLine("吨℃1", line(60, 40, 120, 20).corners, 0.9, (0.0, 0.5, 0.8, 1.0)),
                TextLine("箱台", line(300, 100, 20, 100).corners, 0.9, (0.0, 0.3, 1.0)),
            )

    page, _ = read(Knowing(), marked())
    level, fallen = page.words
    assert (level.text, level.downwards, fallen.downwards) == ("吨°C1", False, True)
    assert level.edges == pytest.approx([x / WIDTH for x in (60, 120, 138, 156, 180)])
    assert fallen.edges == pytest.approx([y / HEIGHT for y in (100, 130, 200)])


@pytest.fixture(scope="module")
def rapid() -> RapidEngine:
    return RapidEngine()


def printed(*rows: str, size: int = 28) -> Image.Image:
    sheet = Image.new("RGB", (900, 80 + 70 * len(rows)), "white")
    for index, row in enumerate(rows):
        ImageDraw.Draw(sheet).text((60, 40 + 70 * index), row, "black", ImageFont.load_default(size))
    return sheet


def test_the_bundled_models_read_print_and_place_it(rapid: RapidEngine) -> None:
    first, second = sorted(
        rapid.lines(printed("26117000000123456789", "91110105MA00TET16L")), key=lambda f: f.corners[0][1]
    )
    assert (first.text, second.text) == ("26117000000123456789", "91110105MA00TET16L")
    assert min(first.confidence, second.confidence) > 0.8
    (x0, y0), _, (x1, y1), _ = first.corners
    assert (x0, y0) == pytest.approx((60, 45), abs=12)
    assert (x1 - x0, y1 - y0) == pytest.approx((20 * 16, 24), rel=0.35)
    assert math.isclose(first.corners[0][1], first.corners[1][1], abs_tol=4)


def test_the_bundled_models_place_each_character_of_mixed_widths(rapid: RapidEngine) -> None:
    font = ImageFont.load_default(28)
    (found,) = rapid.lines(printed("Hill:WWMM0011223344"))
    label = font.getlength("Hill:") / font.getlength("Hill:WWMM0011223344")
    assert found.cuts[0] == 0
    assert found.cuts[-1] == 1
    by_count = 5 / 19
    assert abs(found.cuts[5] - label) < 0.03 < by_count - label


@pytest.mark.parametrize(
    ("installed", "short_numbers", "backends"),
    [
        (object(), True, ["openvino", "openvino"]),
        (object(), False, ["openvino", "onnxruntime"]),
        (None, True, ["onnxruntime", "onnxruntime"]),
    ],
)
def test_openvino_serves_where_it_is_the_faster(
    monkeypatch: pytest.MonkeyPatch, installed: object, short_numbers: bool, backends: list[str]
) -> None:
    monkeypatch.setattr("ingest.readers.ocr.rapid.find_spec", lambda _name: installed)
    monkeypatch.setattr("ingest.readers.ocr.rapid._has_short_numbers", lambda: short_numbers)
    assert [_backend(task).value for task in ("Det", "Rec")] == backends


def test_both_backends_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for known in (object(), None):
        monkeypatch.setattr("ingest.readers.ocr.rapid.find_spec", lambda _name, known=known: known)
        found.append([line.text for line in RapidEngine().lines(printed("26117000000123456789", "1130.00"))])
    assert sorted(found[0]) == sorted(found[1]) == ["1130.00", "26117000000123456789"]


def test_short_cells_are_read_and_a_lone_stroke_is_never_sure(rapid: RapidEngine) -> None:
    stroke, stars, seven = rapid.lines(printed("1", "***", "7"))
    assert (stars.text, seven.text) == ("***", "7")
    assert stroke.confidence < 0.9  # processors differ in what they make of it


def test_a_warm_engine_reads_as_a_cold_one(rapid: RapidEngine) -> None:
    warm = RapidEngine()
    warm.warm()
    assert warm.lines(printed("1130.00")) == rapid.lines(printed("1130.00"))


def test_an_empty_picture_has_no_lines(rapid: RapidEngine) -> None:
    assert rapid.lines(Image.new("RGB", (200, 100), "white")) == ()


def test_no_model_is_ever_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a model was asked of the network")

    monkeypatch.setattr("rapidocr.utils.download_file.DownloadFile.run", refuse)
    assert RapidEngine().lines(printed("1130.00"))


def test_a_missing_model_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr("rapidocr.main.root_dir", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"PP-OCRv6_det_small\.onnx"):
        RapidEngine().lines(printed("1130.00"))
