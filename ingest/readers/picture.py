"""Pictures of pages, as all readers share them: how they are looked at, fitted to the limits, and kept for people."""

import io
import math
from collections.abc import Callable

from PIL import Image

from ingest.model.page import Page, Symbol
from ingest.readers.limits import KEPT_SIDE, MAX_PIXELS, MAX_READING_PIXELS, MAX_SIDE
from ingest.readers.unreadable import image_too_large

FindSymbols = Callable[[Image.Image], tuple[Symbol, ...]]
"""Takes a picture to the QR codes on it."""

ReadPicture = Callable[[Image.Image, int, float | None], tuple[Page, Image.Image]]
"""Takes a picture, a page number and a resolution (dpi) to the page read by OCR and the picture as it was read: turned
upright, so that the boxes of the page fit it."""


def check_size(width: int, height: int) -> None:
    """Raise ``IMAGE-TOO-LARGE`` before a picture is decoded that would fill the memory."""
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise image_too_large(f"{width} × {height}")


def reading_scale(width: float, height: float) -> float:
    """The factor, at most 1, that brings a picture below the number of pixels that is read."""
    return min(1.0, math.sqrt(MAX_READING_PIXELS / (width * height)))


def on_white(picture: Image.Image) -> Image.Image:
    """Transparent parts are shown on white, as on paper; left alone they would turn black and hide black text."""
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda level: level / 256).convert("L")  # converted as it is, all but black turns white
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    sheet = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(sheet, picture.convert("RGBA")).convert("RGB")


def kept(picture: Image.Image) -> bytes:
    """The picture kept for people: WebP, at most 1,600 pixels a side."""
    small = picture if picture.mode == "RGB" else picture.convert("RGB")
    if max(small.size) > KEPT_SIDE:
        small = small.copy()
        small.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    encoded = io.BytesIO()
    small.save(encoded, "WEBP", quality=80, method=0)
    return encoded.getvalue()
