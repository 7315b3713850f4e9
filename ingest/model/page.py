"""Pages as readers see them: words with places, codes with their text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from archive.model.evidence import Box, Finding, Source
from ingest.model.statement import Statement


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text on one line without a wide gap, after NFKC. ``confidence`` is 0 to 1 as the reader states it.

    ``edges`` are where its characters begin, in the direction of writing, and where the last one ends, as fractions of
    the page's width: one more than there are characters, or none where the reader cannot tell. Of a run written
    ``downwards`` they are fractions of the height.
    """

    text: str
    box: Box
    confidence: float = 1.0
    edges: tuple[float, ...] = ()
    downwards: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """A decoded QR code: its text and its place."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page where one line is printed that holds nothing but ``signs``."""

    box: Box
    signs: str


LookAgain = Callable[[Sequence[Spot]], Sequence[tuple[str, float]]]
"""Takes places on a page to what a second engine reads there, without spaces, and how surely (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a part lies on its page: its corners, clockwise from its own upper left, as fractions of the page."""

    corners: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the part, in fractions of it, on the page."""
        weights = ((1 - x) * (1 - y), x * (1 - y), x * y, (1 - x) * y)
        across = sum(weight * corner[0] for weight, corner in zip(weights, self.corners, strict=True))
        down = sum(weight * corner[1] for weight, corner in zip(weights, self.corners, strict=True))
        return across, down

    def box(self, box: Box) -> Box:
        """The upright rectangle of the page about a box of the part."""
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
        xs, ys = zip(*(self.point(x, y) for x, y in corners), strict=True)
        return Box(max(0.0, min(xs)), max(0.0, min(ys)), min(1.0, max(xs)), min(1.0, max(ys)))

    def within(self, outer: "Placement") -> "Placement":
        """This placement, made on a part, as one on the page that ``outer`` puts the part on."""
        first, second, third, fourth = (outer.point(x, y) for x, y in self.corners)
        return Placement((first, second, third, fourth))


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``number`` counts from 1, ``width`` and ``height`` are in pixels of the picture that was read.

    ``source`` says who read the words (text layer or OCR). ``dpi`` is the picture's resolution where it is known.
    ``statements`` are the machine-readable parts of the document that belong to this page. A data file has a page
    without words, of no size, for each invoice in it.

    ``parts`` are the forms of a sheet that shows several, each a page of its own size, upright, with the sheet's number
    and ``place``, its place on the sheet. ``lies`` is where the page lies on its picture as the document holds it, if
    that had to be turned or made level; None where the two are the same.

    ``looks`` are the words of further looks at print that is hard to read, each at their places on this page.

    ``findings`` are what the reader has to say of the page. ``look_again`` is the second look at its picture, None
    where there is no second engine or the page was not read from a picture; it holds the picture, so that it is dropped
    with the page.
    """

    number: int
    width: int
    height: int
    source: Source
    words: tuple[Word, ...]
    symbols: tuple[Symbol, ...] = ()
    dpi: float | None = None
    statements: tuple[Statement, ...] = ()
    parts: tuple["Page", ...] = ()
    place: Placement | None = None
    lies: Placement | None = None
    findings: tuple[Finding, ...] = ()
    look_again: LookAgain | None = field(default=None, compare=False, repr=False)
    looks: tuple[tuple[Word, ...], ...] = ()
