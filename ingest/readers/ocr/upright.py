"""A picture as people hold it: turned upright, its lines made level, its print brought to a size that reads well."""

from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
from PIL import Image

from ingest.readers.ocr.engine import Engine, TextLine
from ingest.readers.ocr.placing import height_of, line_moved, runs_down, shrunk
from ingest.readers.ocr.spaced import is_spaced, spaced_lines

_LEAST_TILT, _MOST_TILT = 0.007, 0.35  # slopes; 0.007 shifts a line across a page by half its height
_OUTLIER = 0.06  # slope; lines that differ so from most are a seal's or another sheet's
_FEWEST_LINES = 5  # for a slope to be measured by
_SURE = 0.5  # confidence from which a line counts as read
_CERTAIN = 0.8  # upside down, no line of five measured pages was as sure, and upright at least 88 of 100
_TELLING_LENGTH = 4  # characters; shorter lines say nothing of their direction
_BLANK = 6  # grey levels; a page of less spread shows nothing
_LARGE, _FITTING = 64, 36  # pixels of a line's height: the networks see gaps between dots in print that is larger


@dataclass(frozen=True, slots=True)
class Upright:
    """A picture as people hold it, its lines, and the map from its pixels to those of the picture as it was given."""

    picture: Image.Image
    lines: tuple[TextLine, ...]
    back: np.ndarray


def upright_reading(engine: Engine, picture: Image.Image) -> Upright:
    """The picture as people hold it, and its lines.

    Recognition is dear, so a page is read again only where its lines run downwards (turned by a quarter) or cannot be
    read (upside down). A tilt is taken out of picture and corners alike, without reading again.
    """
    if _is_blank(picture):
        return Upright(picture, (), np.eye(3))
    best = Upright(picture, engine.lines(picture), np.eye(3))
    for degrees in _other_turns(best.lines):
        turned = picture.rotate(degrees, expand=True)
        candidate = Upright(turned, engine.lines(turned), _turned_back(degrees, *picture.size))
        best = max(best, candidate, key=lambda upright: _legible(upright.lines))
    if is_spaced(best.lines):
        return replace(best, lines=spaced_lines(engine, best.picture, best.lines))
    return _levelled(_at_a_distance(engine, best))


def _at_a_distance(engine: Engine, upright: Upright) -> Upright:
    """Print far larger than the networks look at is read again, smaller."""
    heights = [height_of(line) for line in upright.lines if len(line.text) > 1]
    if not heights or median(heights) < _LARGE:
        return upright
    scale = _FITTING / median(heights)
    smaller = Image.fromarray(shrunk(np.asarray(upright.picture.convert("RGB")), scale))
    lines = tuple(line_moved(line, np.diag([1 / scale, 1 / scale, 1])) for line in engine.lines(smaller))
    return max(upright, replace(upright, lines=lines), key=lambda either: _legible(either.lines))


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
    downwards = sum(runs_down(line) for line in telling) / len(telling)
    if downwards > 0.5:
        return 90, 270
    certain = sum(line.confidence >= _CERTAIN for line in telling) / len(telling)
    return (180,) if certain < 0.25 else ()


def _legible(lines: tuple[TextLine, ...]) -> int:
    return sum(len(line.text) for line in lines if line.confidence >= _SURE and not runs_down(line))


def _levelled(upright: Upright) -> Upright:
    """Picture and lines with the lines of text made level, as after a straight look from above."""
    picture, lines = upright.picture, upright.lines
    tilt = _tilt(lines, *picture.size)
    if tilt is None:
        return upright
    matrix = _levelling(*tilt, *picture.size)
    pixels = cv2.warpPerspective(
        np.asarray(picture.convert("RGB")), matrix, picture.size, borderMode=cv2.BORDER_REPLICATE
    )
    moved = tuple(line_moved(line, matrix) for line in lines)
    return Upright(Image.fromarray(pixels), moved, upright.back @ np.linalg.inv(matrix))


def _tilt(lines: tuple[TextLine, ...], width: int, height: int) -> tuple[float, float] | None:
    """The slope of lines in the middle of the page, and how it grows per pixel downwards; None where it is slight.

    A page seen aslant has lines that run together, so the slope is fitted over the height, long lines counting most.
    """
    telling = [line for line in lines if len(line.text) >= _TELLING_LENGTH and not runs_down(line)]
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
