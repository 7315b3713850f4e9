"""The port of OCR engines: a picture in, lines of text with their corners out.

An engine of one's own, a service in the cloud among them, keeps these promises (tests/conformance/test_engines.py):

* ``lines`` takes a picture of any mode, size and shape within the limits of ``readers/limits.py`` and changes nothing
  in it; the same picture brings the same lines. A picture without text brings none.
* It bounds its own time and raises where it cannot read. An exception, a crash or a hang costs one attempt at one
  document: readers work in a process of their own that is ended at the limits of ``ingest/sandbox.py``.
* Confidence is that of the least sure character, and low where the engine does not tell: what is not sure goes to a
  person, what is claimed falsely may be believed.

Readers have no network. So an engine in the cloud needs a broker outside the reading process that alone may speak to
it, over a descriptor passed to the child; the owner's consent, because pages hold names, bank accounts and prices; a
budget per document; and an answer kept with its page, since a page that is read again must not differ. None is built
in, and none is called by default.
"""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from PIL import Image

Point = tuple[float, float]

_STRAY = 8  # pixels that a corner may lie outside the picture: boxes are drawn a little larger than their text
_ODD = frozenset({"Cc", "Cn", "Co", "Cs"})  # categories of signs that no page shows


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


class NonsenseError(Exception):
    """An engine's answer breaks the port's promises; the message says how, without the page's text."""


def faults(lines: Sequence[TextLine], width: int, height: int) -> Iterator[str]:
    """What is wrong with an engine's answer on a picture of this size."""
    for line in lines:
        if not line.text.strip():
            yield "a line without text"
        if not 0 <= line.confidence <= 1:
            yield "a confidence outside 0 to 1"
        if not all(-_STRAY <= x <= width + _STRAY and -_STRAY <= y <= height + _STRAY for x, y in line.corners):
            yield "a corner outside the picture"
        elif _area(line.corners) <= 0:
            yield "corners that do not run clockwise"
        if line.cuts and (len(line.cuts) != len(line.text) + 1 or not _rise(line.cuts)):
            yield "cuts that do not part the characters"
    signs = [sign for line in lines for sign in line.text]
    if 2 * sum(unicodedata.category(sign) in _ODD for sign in signs) > len(signs):
        yield "signs that no page shows"


def _area(corners: Sequence[Point]) -> float:
    """Positive where the corners run clockwise, y counting downwards."""
    ring = pairwise((*corners, corners[0]))
    return math.fsum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in ring) / 2


def _rise(cuts: Sequence[float]) -> bool:
    return all(0 <= before <= after <= 1 for before, after in pairwise(cuts))
