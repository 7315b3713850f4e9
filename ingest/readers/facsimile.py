"""Pages as the document shows them: their pictures, and the document's own compressed bytes where PDF takes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image

Affine = tuple[float, float, float, float, float, float]
"""``a b c d e f``: takes (x, y) to (a·x + c·y + e, b·x + d·y + f), as PDF writes it (ISO 32000-1, 8.3.3)."""

_LONG_SIDE = 841.9  # points; A4, what most paper invoices are scanned on
_POINTS_PER_INCH = 72
_LIKELY = (72.0, 3400.0)  # points of a longer side; a file that states another resolution is wrong about it


@dataclass(frozen=True, slots=True)
class Encoded:
    """A compressed picture that PDF takes as it is.

    ``filter`` and ``parameters`` are PDF's names for how ``data`` is compressed (ISO 32000-1, 7.4), ``colours`` the
    channels of a pixel (1 grey, 3 RGB). ``matrix`` takes the unit square of the picture, its first row on top, to the
    page as it is shown, in fractions of it from the lower left.
    """

    data: bytes
    width: int
    height: int
    colours: int
    bits: int
    filter: str
    parameters: Mapping[str, int]
    matrix: Affine = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Facsimile:
    """One page: its size in points as it is shown, its picture in full resolution, and the picture's own bytes if PDF
    takes them. ``picture`` is good until the next page is asked for."""

    width: float
    height: float
    picture: Callable[[], Image.Image]
    encoded: Encoded | None = None


def size_in_points(width: int, height: int, dpi: tuple[float, float] | None) -> tuple[float, float]:
    """The size of a picture of so many pixels on paper; that of an A4 sheet where its resolution is not known."""
    if dpi is not None:
        stated = width * _POINTS_PER_INCH / dpi[0], height * _POINTS_PER_INCH / dpi[1]
        if _LIKELY[0] <= max(stated) <= _LIKELY[1]:
            return stated
    scale = _LONG_SIDE / max(width, height)
    return width * scale, height * scale
