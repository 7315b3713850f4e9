"""From a picture to a page: turned upright, read by an engine, with boxes that fit the upright picture."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from PIL import Image

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Word
from ingest.readers.ocr.engine import Engine, Point, TextLine
from ingest.readers.picture import FindSymbols, ReadPicture

_LEAST_TILT, _MOST_TILT = 0.007, 0.35  # slopes; 0.007 shifts a line across a page by half its height
_OUTLIER = 0.06  # slope; lines that differ so from most are a seal's or another sheet's
_FEWEST_LINES = 5  # for a slope to be measured by
_SURE = 0.5  # confidence from which a line counts as read
_TELLING_LENGTH = 4  # characters; shorter lines say nothing of their direction
_BLANK = 6  # grey levels; a page of less spread shows nothing


def picture_reader(engine: Engine, find_symbols: FindSymbols) -> ReadPicture:
    """The reading of pictures with this engine."""

    def read(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
        upright, lines = _upright(engine, picture)
        width, height = upright.size
        words = tuple(_word(line, width, height) for line in lines)
        return Page(number, width, height, Source.OCR, words, find_symbols(upright), dpi), upright

    return read


def _upright(engine: Engine, picture: Image.Image) -> tuple[Image.Image, tuple[TextLine, ...]]:
    """The picture as people hold it, and its lines.

    Recognition is dear, so a page is read again only where its lines run downwards (turned by a quarter) or cannot be
    read (upside down). A tilt is taken out of picture and corners alike, without reading again.
    """
    if _is_blank(picture):
        return picture, ()
    best = (picture, engine.lines(picture))
    for degrees in _other_turns(best[1]):
        turned = picture.rotate(degrees, expand=True)
        best = max(best, (turned, engine.lines(turned)), key=lambda candidate: _legible(candidate[1]))
    return _levelled(*best)


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
    return math.hypot(x3 - x0, y3 - y0) > 1.5 * math.hypot(x1 - x0, y1 - y0)


def _legible(lines: tuple[TextLine, ...]) -> int:
    return sum(len(line.text) for line in lines if line.confidence >= _SURE and not _runs_down(line))


def _levelled(picture: Image.Image, lines: tuple[TextLine, ...]) -> tuple[Image.Image, tuple[TextLine, ...]]:
    """Picture and lines with the lines of text made level, as after a straight look from above."""
    tilt = _tilt(lines, *picture.size)
    if tilt is None:
        return picture, lines
    matrix = _levelling(*tilt, *picture.size)
    pixels = cv2.warpPerspective(
        np.asarray(picture.convert("RGB")), matrix, picture.size, borderMode=cv2.BORDER_REPLICATE
    )
    moved = tuple(replace(line, corners=_moved(line.corners, matrix)) for line in lines)
    return Image.fromarray(pixels), moved


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
    return Word("".join(parts), box, line.confidence, _edges(line, parts, box))


def _edges(line: TextLine, parts: Sequence[str], box: Box) -> tuple[float, ...]:
    """Where each character of a level line begins, and where the last one ends. What one sign stands for (``…``) shares
    its width."""
    if not line.cuts or _runs_down(line):
        return ()
    places = (
        left + (right - left) * place / len(part)
        for part, (left, right) in zip(parts, pairwise(line.cuts), strict=True)
        for place in range(len(part))
    )
    return tuple(box.x0 + (box.x1 - box.x0) * place for place in (*places, 1.0))
