"""Further looks at print of dots, as meters and tickets have it: smaller, so that the dots run together, and without
the red and brown ink of stamps and forms."""

from statistics import median

import cv2
import numpy as np
from PIL import Image

from archive.model.evidence import Box
from ingest.readers.ocr.engine import Engine, TextLine
from ingest.readers.ocr.placing import height_of, line_moved, shrunk

_JOINED = 28  # pixels of a line's height at which dots run together
_STAMPED = 40  # the same without red ink, which leaves edges
_PAPER_REACH = 17  # pixels; within it the brightest is paper
_INK = 0.02  # share of the pixels, the darkest, that is taken for full ink


def looks(
    engine: Engine, picture: Image.Image, lines: tuple[TextLine, ...], area: Box
) -> tuple[tuple[TextLine, ...], ...]:
    """The lines of an area as two further looks find them, in the pixels of the picture."""
    left, top = max(0, round(area.x0)), max(0, round(area.y0))
    pixels = np.asarray(picture.convert("RGB").crop((left, top, round(area.x1), round(area.y1))))
    height = median(height_of(line) for line in lines if len(line.text) > 1)
    small, stamped = _JOINED / height, _STAMPED / height
    seen = ((small, shrunk(pixels, small)), (stamped, _without_red(shrunk(pixels, stamped))))
    return tuple(
        tuple(
            line_moved(line, np.array([[1 / scale, 0, left], [0, 1 / scale, top], [0, 0, 1]]))
            for line in engine.lines(Image.fromarray(sight))
        )
        for scale, sight in seen
    )


def _without_red(pixels: np.ndarray) -> np.ndarray:
    """The light that red ink throws back like paper: stamps fade, blue and black print stays, shadows are evened."""
    light = pixels[:, :, 0].astype(np.float32)
    paper = cv2.GaussianBlur(cv2.dilate(light, np.ones((_PAPER_REACH, _PAPER_REACH))), (0, 0), _PAPER_REACH)
    share = np.minimum(light / np.maximum(paper, 1), 1)
    ink = min(0.95, float(np.quantile(share, _INK)))
    grey = np.clip((share - ink) / (1 - ink), 0, 1) * 255
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)
