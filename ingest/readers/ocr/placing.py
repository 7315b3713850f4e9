"""Where lines of text lie, and where they come to lie when their picture is moved, turned or shrunk."""

import math
from dataclasses import replace

import cv2
import numpy as np

from ingest.readers.ocr.engine import Point, TextLine

_TALL = 1.2  # times its width; two characters side by side are wider than tall

Corners = tuple[Point, Point, Point, Point]


def runs_down(line: TextLine) -> bool:
    """Whether a line of several characters is taller than wide: written downwards, or its page lies on a side."""
    (x0, y0), (x1, y1), _, (x3, y3) = line.corners
    return len(line.text) > 1 and math.hypot(x3 - x0, y3 - y0) > _TALL * math.hypot(x1 - x0, y1 - y0)


def height_of(line: TextLine) -> float:
    """The height of its characters, in pixels."""
    (x0, y0), _, _, (x3, y3) = line.corners
    return math.hypot(x3 - x0, y3 - y0)


def corners_moved(corners: Corners, matrix: np.ndarray) -> Corners:
    """Where a projective map brings them."""
    moved = cv2.perspectiveTransform(np.array([corners], dtype=np.float64), matrix)[0]
    first, second, third, fourth = ((float(x), float(y)) for x, y in moved)
    return first, second, third, fourth


def line_moved(line: TextLine, matrix: np.ndarray) -> TextLine:
    """The line with its corners where a projective map brings them."""
    return replace(line, corners=corners_moved(line.corners, matrix))


def shrunk(pixels: np.ndarray, scale: float) -> np.ndarray:
    """By averaging areas: what shrinks by picking pixels picks the gaps between the dots of a printer."""
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=method))
