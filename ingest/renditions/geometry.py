"""Where things lie: pages on their pictures, words on pages. Points are PDF's, 1/72 inch, from the lower left."""

import math
from dataclasses import dataclass

from ingest.model.page import Placement, Word
from ingest.readers.facsimile import Affine

Point = tuple[float, float]

_LEVEL = math.radians(0.3)  # a page that leans less is left as it is
_SMALLEST, _LARGEST = 3.0, 14_400.0  # points; sides of a page in PDF/A-2 (ISO 19005-2, 6.1.13)
_HALF_INCH = 36.0  # shortest side of a page that we make
_TEXT_HEIGHT = 0.5  # points; what is lower cannot be selected


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a copy: its size, and the map from its picture (fractions, from the lower left) to it."""

    width: float
    height: float
    matrix: Affine


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on a page: where its lower left corner is, its direction as cosine and sine, length and height."""

    text: str
    start: Point
    direction: Point
    length: float
    height: float


def upright(width: float, height: float, lies: Placement) -> Sheet:
    """The sheet that shows a picture of this size so that what lies on it there is upright, with nothing cut off.

    The picture is turned, never resampled. What perspective is in it stays in it.
    """
    scale = min(_LARGEST / math.hypot(width, height), max(1.0, _HALF_INCH / min(width, height)))
    width, height = width * scale, height * scale
    angle = _lean(lies, width, height)
    cos, sin = math.cos(angle), math.sin(angle)
    corners = [(x * cos - y * sin, x * sin + y * cos) for x in (0.0, width) for y in (0.0, height)]
    left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
    right, top = max(x for x, _ in corners), max(y for _, y in corners)
    matrix = (width * cos, width * sin, -height * sin, height * cos, -left, -bottom)
    return Sheet(max(right - left, _SMALLEST), max(top - bottom, _SMALLEST), matrix)


def line(word: Word, place: "Projection", sheet: Sheet) -> Line:
    """Where a word stands on a sheet. ``place`` takes its box to the sheet's picture. Text written downwards runs down
    the page."""

    def corner(x: float, y: float) -> Point:
        across, down = place(x, y)
        return applied(sheet.matrix, (across, 1 - down))

    box = word.box
    first, last, over = (
        (corner(box.x0, box.y0), corner(box.x0, box.y1), corner(box.x1, box.y0))
        if word.downwards
        else (corner(box.x0, box.y1), corner(box.x1, box.y1), corner(box.x0, box.y0))
    )
    run, rise = last[0] - first[0], last[1] - first[1]
    length = max(math.hypot(run, rise), _TEXT_HEIGHT)
    direction = (run / length, rise / length) if run or rise else (1.0, 0.0)
    up = (over[0] - first[0], over[1] - first[1])
    height = max(abs(direction[0] * up[1] - direction[1] * up[0]), _TEXT_HEIGHT)
    return Line(word.text, first, direction, length, height)


@dataclass(frozen=True, slots=True)
class Projection:
    """A projective map of the plane: (x, y) to ((a·x + b·y + c) / w, (d·x + e·y + f) / w), w = g·x + h·y + 1."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    g: float
    h: float

    def __call__(self, x: float, y: float) -> Point:
        weight = self.g * x + self.h * y + 1
        return (self.a * x + self.b * y + self.c) / weight, (self.d * x + self.e * y + self.f) / weight


def projection(place: Placement) -> Projection:
    """The projective map that takes the unit square to these corners (P. Heckbert, Fundamentals of Texture Mapping and
    Image Warping, 1989, 2.2.3)."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = place.corners
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    area = dx1 * dy2 - dx2 * dy1
    g, h = ((sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area) if area else (0.0, 0.0)
    return Projection(x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h)


def applied(matrix: Affine, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def joined(first: Affine, second: Affine) -> Affine:
    """The map that does first the one, then the other."""
    origin, right, up = (applied(second, applied(first, point)) for point in ((0, 0), (1, 0), (0, 1)))
    return right[0] - origin[0], right[1] - origin[1], up[0] - origin[0], up[1] - origin[1], origin[0], origin[1]


def _lean(lies: Placement, width: float, height: float) -> float:
    """By how much, counter-clockwise, a picture must be turned for what lies on it to be upright; quarter turns are
    exact."""
    place = projection(lies)
    (x0, y0), (x1, y1) = place(0.25, 0.5), place(0.75, 0.5)
    angle = math.atan2((y1 - y0) * height, (x1 - x0) * width)  # downwards is positive
    quarter = round(angle / (math.pi / 2)) * math.pi / 2
    return quarter if abs(angle - quarter) < _LEVEL else angle
