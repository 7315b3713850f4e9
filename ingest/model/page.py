"""Pages as readers see them: words with places, codes with their text."""

from dataclasses import dataclass

from archive.model.evidence import Box, Source
from ingest.model.statement import Statement


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text on one line without a wide gap, after NFKC. ``confidence`` is 0 to 1 as the reader states it.

    ``edges`` are where its characters begin, from left to right, and where the last one ends, as fractions of the page's
    width: one more than there are characters, or none where the reader cannot tell.
    """

    text: str
    box: Box
    confidence: float = 1.0
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A decoded QR code: its text and its place."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``number`` counts from 1, ``width`` and ``height`` are in pixels of the picture that was read.

    ``source`` says who read the words (text layer or OCR). ``dpi`` is the picture's resolution where it is known.
    ``statements`` are the machine-readable parts of the document that belong to this page. A data file has a page
    without words, of no size, for each invoice in it.
    """

    number: int
    width: int
    height: int
    source: Source
    words: tuple[Word, ...]
    symbols: tuple[Symbol, ...] = ()
    dpi: float | None = None
    statements: tuple[Statement, ...] = ()
