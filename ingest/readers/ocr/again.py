"""The second look at a picture: lines cut from it, for a second engine that reads figures well and pages badly."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import structlog
from PIL import Image, ImageOps

from archive.model.evidence import Box
from ingest.model.page import LookAgain, Page, Placement, Spot
from ingest.readers.picture import ReadPicture

ReadStrips = Callable[[Sequence[Image.Image], str], Sequence[tuple[str, float]]]
"""Takes pictures of one line each, and the signs that they may hold, to what they say and how surely (0 to 1)."""

_log = structlog.get_logger()
_HEIGHT = 36  # pixels; of 36 and 48, with and without thresholding, this was read right most often
_LONGEST = 60 * _HEIGHT  # no value is longer
_PAD = 0.15, 0.05  # heights, along and across the line
_MARGIN = 12  # pixels of paper about a strip
_WHOLE = Placement(((0, 0), (1, 0), (1, 1), (0, 1)))


def with_second_look(read: ReadPicture, read_strips: ReadStrips) -> ReadPicture:
    """The same reading, of pages that can be looked at again."""

    def read_again(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
        page, upright = read(picture, number, dpi)
        parts = tuple(replace(part, look_again=_look(part, upright, read_strips)) for part in page.parts)
        return replace(page, parts=parts, look_again=_look(page, upright, read_strips)), upright

    return read_again


def _look(page: Page, upright: Image.Image, read_strips: ReadStrips) -> LookAgain:
    """The second look at a page of this picture, or at the part of it that ``page`` is."""
    place = page.place or _WHOLE

    def look(spots: Sequence[Spot]) -> Sequence[tuple[str, float]]:
        found: dict[int, tuple[str, float]] = {}
        for signs in dict.fromkeys(spot.signs for spot in spots):
            own = [number for number, spot in enumerate(spots) if spot.signs == signs]
            strips = [_strip(upright, place, _padded(spots[number].box, page)) for number in own]
            found |= zip(own, _read(read_strips, strips, signs), strict=True)
        return [found[number] for number in range(len(spots))]

    return look


def _read(read_strips: ReadStrips, strips: Sequence[Image.Image], signs: str) -> Sequence[tuple[str, float]]:
    """What the strips say; nothing where the second engine fails, for then nothing is confirmed and a person looks."""
    try:
        return read_strips(strips, signs)
    except (OSError, RuntimeError, ValueError, LookupError) as error:
        _log.warning("second look failed", engine_error=type(error).__name__)
        return [("", 0.0)] * len(strips)


def _padded(box: Box, page: Page) -> Box:
    height = (box.y1 - box.y0) * page.height
    along, across = _PAD[0] * height / page.width, _PAD[1] * height / page.height
    return Box(max(0.0, box.x0 - along), max(0.0, box.y0 - across), min(1.0, box.x1 + along), min(1.0, box.y1 + across))


def _strip(upright: Image.Image, place: Placement, box: Box) -> Image.Image:
    """A line in grey, level, of the usual height, on a margin of its own paper's grey."""
    corners = [place.point(x, y) for x, y in ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))]
    pixels = np.array([(x * upright.width, y * upright.height) for x, y in corners], dtype=np.float32)
    left, top = (int(edge) for edge in np.maximum(np.floor(pixels.min(axis=0)), 0))
    right, bottom = (math.ceil(edge) + 1 for edge in pixels.max(axis=0))
    near = np.asarray(upright.crop((left, top, min(right, upright.width), min(bottom, upright.height))).convert("L"))
    width, height = (max(1, round(math.dist(pixels[0], pixels[end]))) for end in (1, 3))
    level = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(pixels - np.array((left, top), dtype=np.float32), level)
    flat = cv2.warpPerspective(near, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    length = min(_LONGEST, max(1, round(width * _HEIGHT / height)))
    sized = Image.fromarray(flat).resize((length, _HEIGHT), Image.Resampling.BICUBIC)
    return ImageOps.expand(sized, border=_MARGIN, fill=int(np.percentile(np.asarray(sized), 90)))
