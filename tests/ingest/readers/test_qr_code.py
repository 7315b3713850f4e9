"""QR codes are found where they are, at the sizes at which they are printed and photographed."""

import io

import pytest
import segno
from PIL import Image

from ingest.readers.qr_code import find_symbols

PAYLOAD = "01,32,,26117000000123456789,1130.00,20261120,,46BD"


def sheet(*codes: tuple[str, int, int], scale: int = 4, size: tuple[int, int] = (800, 600)) -> Image.Image:
    page = Image.new("RGB", size, "white")
    for text, x, y in codes:
        drawn = io.BytesIO()
        segno.make_qr(text).save(drawn, kind="png", scale=scale, border=2)
        page.paste(Image.open(drawn).convert("RGB"), (x, y))
    return page


@pytest.mark.parametrize("scale", [1, 2, 4, 8])
def test_a_code_is_read_at_every_usual_size(scale: int) -> None:
    (symbol,) = find_symbols(sheet((PAYLOAD, 40, 30), scale=scale))
    assert symbol.text == PAYLOAD
    assert symbol.box.x0 == pytest.approx(40 / 800, abs=0.03)
    assert symbol.box.y0 == pytest.approx(30 / 600, abs=0.04)
    assert symbol.box.x1 < 0.6


def test_all_codes_are_told_from_top_to_bottom() -> None:
    found = find_symbols(sheet(("lower", 40, 300), ("upper", 300, 30)))
    assert [symbol.text for symbol in found] == ["upper", "lower"]


@pytest.mark.parametrize("degrees", [7, 90, 180])
def test_a_turned_code_is_read(degrees: int) -> None:
    turned = sheet((PAYLOAD, 300, 200)).rotate(degrees, expand=True, fillcolor="white")
    assert [symbol.text for symbol in find_symbols(turned)] == [PAYLOAD]


def test_a_page_without_a_code_has_none() -> None:
    assert find_symbols(Image.new("RGB", (300, 200), "white")) == ()
