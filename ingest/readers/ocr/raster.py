"""From a picture to a page: turned upright, read by an engine, with boxes that fit the upright picture."""

import math
import unicodedata
from statistics import median

import cv2
import numpy as np
from PIL import Image

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Word
from ingest.readers.ocr.engine import Engine, Point, TextLine
from ingest.readers.picture import FindSymbols, ReadPicture

_LEAST_SKEW = 0.4  # degrees; below it the lines of a page stay apart without correction
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
    read (upside down). A slight skew is taken out of picture and corners alike, without reading again.
    """
    if _is_blank(picture):
        return picture, ()
    best = (picture, engine.lines(picture))
    for degrees in _other_turns(best[1]):
        turned = picture.rotate(degrees, expand=True)
        best = max(best, (turned, engine.lines(turned)), key=lambda candidate: _legible(candidate[1]))
    return _deskewed(*best)


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


def _deskewed(picture: Image.Image, lines: tuple[TextLine, ...]) -> tuple[Image.Image, tuple[TextLine, ...]]:
    angles = [_slope(line) for line in lines if len(line.text) >= _TELLING_LENGTH and not _runs_down(line)]
    skew = median(angles) if angles else 0.0
    if abs(skew) < _LEAST_SKEW or abs(skew) > 20:
        return picture, lines
    matrix, size = _rotation(skew, *picture.size)
    pixels = cv2.warpAffine(np.asarray(picture.convert("RGB")), matrix, size, borderMode=cv2.BORDER_REPLICATE)
    moved = tuple(TextLine(line.text, _moved(line.corners, matrix), line.confidence) for line in lines)
    return Image.fromarray(pixels), moved


def _slope(line: TextLine) -> float:
    (x0, y0), (x1, y1) = line.corners[0], line.corners[1]
    return math.degrees(math.atan2(y1 - y0, x1 - x0))


def _rotation(degrees: float, width: int, height: int) -> tuple[np.ndarray, tuple[int, int]]:
    """The affine map that turns a picture about its middle onto a sheet large enough for all of it."""
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos))
    matrix[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return matrix, size


def _moved(corners: tuple[Point, Point, Point, Point], matrix: np.ndarray) -> tuple[Point, Point, Point, Point]:
    first, second, third, fourth = ((float(x), float(y)) for x, y in np.c_[np.array(corners), np.ones(4)] @ matrix.T)
    return first, second, third, fourth


def _word(line: TextLine, width: int, height: int) -> Word:
    xs, ys = [x for x, _ in line.corners], [y for _, y in line.corners]
    box = Box(
        max(0.0, min(xs) / width), max(0.0, min(ys) / height), min(1.0, max(xs) / width), min(1.0, max(ys) / height)
    )
    return Word(unicodedata.normalize("NFKC", line.text), box, line.confidence)
