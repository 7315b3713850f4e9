"""From a picture to a page: turned upright, read by an engine, with boxes that fit the upright picture."""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from PIL import Image

from archive.model.evidence import Box, Source
from ingest.extraction.layout import Piece
from ingest.extraction.sheet import areas
from ingest.model.page import Page, Placement, Word
from ingest.readers.ocr.engine import Engine, Point, TextLine
from ingest.readers.picture import FindSymbols, ReadPicture

_LEAST_TILT, _MOST_TILT = 0.007, 0.35  # slopes; 0.007 shifts a line across a page by half its height
_OUTLIER = 0.06  # slope; lines that differ so from most are a seal's or another sheet's
_FEWEST_LINES = 5  # for a slope to be measured by
_SURE = 0.5  # confidence from which a line counts as read
_TELLING_LENGTH = 4  # characters; shorter lines say nothing of their direction
_DEEPEST = 3  # times that a sheet is cut and its parts, turned upright, are cut again
_TALL = 1.2  # times its width; two characters side by side are wider than tall
_BLANK = 6  # grey levels; a page of less spread shows nothing


def picture_reader(engine: Engine, find_symbols: FindSymbols) -> ReadPicture:
    """The reading of pictures with this engine."""

    def read(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
        upright = _upright(engine, picture)
        return replace(page(upright, number, dpi), parts=tuple(parts(upright, number, dpi, _DEEPEST))), upright.picture

    def page(upright: _Upright, number: int, dpi: float | None) -> Page:
        width, height = upright.picture.size
        words = tuple(_word(line, width, height) for line in upright.lines)
        return Page(number, width, height, Source.OCR, words, find_symbols(upright.picture), dpi)

    def parts(sheet: _Upright, number: int, dpi: float | None, depth: int) -> Iterator[Page]:
        """The forms of a sheet that shows several, each read once more on its own, turned and levelled for itself."""
        found = areas([_piece(line) for line in sheet.lines], *sheet.picture.size)
        for area in found if len(found) > 1 and depth else ():
            part = _upright(engine, sheet.picture.crop(_pixels(area)))
            place = _place(part, area, sheet.picture)
            inner = [
                replace(form, place=form.place.within(place) if form.place else place)
                for form in parts(part, number, dpi, depth - 1)
            ]
            yield from inner or (replace(page(part, number, dpi), place=place),)

    return read


@dataclass(frozen=True, slots=True)
class _Upright:
    """A picture as people hold it, its lines, and the map from its pixels to those of the picture as it was given."""

    picture: Image.Image
    lines: tuple[TextLine, ...]
    back: np.ndarray


def _piece(line: TextLine) -> Piece:
    xs, ys = [x for x, _ in line.corners], [y for _, y in line.corners]
    return Piece(unicodedata.normalize("NFKC", line.text), min(xs), min(ys), max(xs), max(ys), line.confidence)


def _pixels(area: Box) -> tuple[int, int, int, int]:
    return round(area.x0), round(area.y0), round(area.x1), round(area.y1)


def _place(part: _Upright, area: Box, sheet: Image.Image) -> Placement:
    width, height = part.picture.size
    corners = _moved(((0, 0), (width, 0), (width, height), (0, height)), part.back)
    left, top, _, _ = _pixels(area)
    first, second, third, fourth = (((left + x) / sheet.width, (top + y) / sheet.height) for x, y in corners)
    return Placement((first, second, third, fourth))


def _upright(engine: Engine, picture: Image.Image) -> _Upright:
    """The picture as people hold it, and its lines.

    Recognition is dear, so a page is read again only where its lines run downwards (turned by a quarter) or cannot be
    read (upside down). A tilt is taken out of picture and corners alike, without reading again.
    """
    if _is_blank(picture):
        return _Upright(picture, (), np.eye(3))
    best = _Upright(picture, engine.lines(picture), np.eye(3))
    for degrees in _other_turns(best.lines):
        turned = picture.rotate(degrees, expand=True)
        candidate = _Upright(turned, engine.lines(turned), _turned_back(degrees, *picture.size))
        best = max(best, candidate, key=lambda upright: _legible(upright.lines))
    return _levelled(best)


def _turned_back(degrees: int, width: int, height: int) -> np.ndarray:
    """The map from a turned picture to the one of this size that was turned counter-clockwise."""
    return np.array(
        {
            90: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
            180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
            270: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        }[degrees],
        dtype=np.float64,
    )


def _is_blank(picture: Image.Image) -> bool:
    grey = np.asarray(picture.convert("L").reduce(4 if min(picture.size) >= 16 else 1))
    return int(grey.max()) - int(grey.min()) < _BLANK


def _other_turns(lines: tuple[TextLine, ...]) -> tuple[int, ...]:
    telling = [line for line in lines if len(line.text) >= _TELLING_LENGTH]
    if not telling:
        return ()
    downwards = sum(_runs_down(line) for line in telling) / len(telling)
    if downwards > 0.5:
        return 90, 270
    sure = sum(line.confidence >= _SURE for line in telling) / len(telling)
    return (180,) if sure < 0.25 else ()


def _runs_down(line: TextLine) -> bool:
    (x0, y0), (x1, y1), _, (x3, y3) = line.corners
    return len(line.text) > 1 and math.hypot(x3 - x0, y3 - y0) > _TALL * math.hypot(x1 - x0, y1 - y0)


def _legible(lines: tuple[TextLine, ...]) -> int:
    return sum(len(line.text) for line in lines if line.confidence >= _SURE and not _runs_down(line))


def _levelled(upright: _Upright) -> _Upright:
    """Picture and lines with the lines of text made level, as after a straight look from above."""
    picture, lines = upright.picture, upright.lines
    tilt = _tilt(lines, *picture.size)
    if tilt is None:
        return upright
    matrix = _levelling(*tilt, *picture.size)
    pixels = cv2.warpPerspective(
        np.asarray(picture.convert("RGB")), matrix, picture.size, borderMode=cv2.BORDER_REPLICATE
    )
    moved = tuple(replace(line, corners=_moved(line.corners, matrix)) for line in lines)
    return _Upright(Image.fromarray(pixels), moved, upright.back @ np.linalg.inv(matrix))


def _tilt(lines: tuple[TextLine, ...], width: int, height: int) -> tuple[float, float] | None:
    """The slope of lines in the middle of the page, and how it grows per pixel downwards; None where it is slight.

    A page seen aslant has lines that run together, so the slope is fitted over the height, long lines counting most.
    """
    telling = [line for line in lines if len(line.text) >= _TELLING_LENGTH and not _runs_down(line)]
    if len(telling) < _FEWEST_LINES:
        return None
    slopes, lengths, heights = np.array([_slope(line, height) for line in telling]).T
    near = abs(slopes - np.median(slopes)) < _OUTLIER
    growth, slope = np.polyfit(heights[near], slopes[near], 1, w=lengths[near])
    steepest = abs(slope) + abs(growth) * height / 2
    return (float(slope), float(growth)) if _LEAST_TILT < steepest < _MOST_TILT else None


def _slope(line: TextLine, height: int) -> tuple[float, float, float]:
    """A line's slope, its length, and how far below the page's middle it lies."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = line.corners
    rise, run = (y1 - y0 + y2 - y3) / 2, (x1 - x0 + x2 - x3) / 2
    return rise / run, run, (y0 + y1 + y2 + y3) / 4 - height / 2


def _levelling(slope: float, growth: float, width: int, height: int) -> np.ndarray:
    """The projective map that makes lines of slope ``slope + growth * v`` level, v being down from the middle.

    A point (u, v) on such a line lies, at the page's middle, at v0 = (v - slope * u) / (1 + growth * u).
    """
    to_middle = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    level = np.array([[1, slope, 0], [-slope, 1, 0], [growth, 0, 1]])
    return np.asarray(np.linalg.inv(to_middle) @ level @ to_middle)


def _moved(corners: tuple[Point, Point, Point, Point], matrix: np.ndarray) -> tuple[Point, Point, Point, Point]:
    moved = cv2.perspectiveTransform(np.array([corners], dtype=np.float64), matrix)[0]
    first, second, third, fourth = ((float(x), float(y)) for x, y in moved)
    return first, second, third, fourth


def _word(line: TextLine, width: int, height: int) -> Word:
    xs, ys = [x for x, _ in line.corners], [y for _, y in line.corners]
    box = Box(
        max(0.0, min(xs) / width), max(0.0, min(ys) / height), min(1.0, max(xs) / width), min(1.0, max(ys) / height)
    )
    parts = [unicodedata.normalize("NFKC", character) for character in line.text]
    downwards = _runs_down(line)
    start, end = (box.y0, box.y1) if downwards else (box.x0, box.x1)
    edges = tuple(start + (end - start) * cut for cut in _cuts(line, parts))
    return Word("".join(parts), box, line.confidence, edges, downwards)


def _cuts(line: TextLine, parts: Sequence[str]) -> tuple[float, ...]:
    """The line's cuts after NFKC: what one sign stands for (``…``) shares its width."""
    if not line.cuts:
        return ()
    places = (
        left + (right - left) * place / len(part)
        for part, (left, right) in zip(parts, pairwise(line.cuts), strict=True)
        for place in range(len(part))
    )
    return (*places, line.cuts[-1])
