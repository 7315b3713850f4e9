"""The port of OCR engines: a picture in, lines of text with their corners out."""

from dataclasses import dataclass
from typing import Protocol

from PIL import Image

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A run of text as an engine found it.

    ``corners`` are pixels, clockwise from the text's own upper left, so that they tell the direction of writing.
    ``confidence`` is that of the least sure character: one doubtful digit makes a number doubtful, however long it is.
    ``cuts`` part its characters, 0 and 1 being the ends of the line; none where the engine cannot tell.
    """

    text: str
    corners: tuple[Point, Point, Point, Point]
    confidence: float
    cuts: tuple[float, ...] = ()


class Engine(Protocol):
    """Reads a picture. Engines know nothing of invoices."""

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        """All text of the picture, empty where there is none."""
        ...
