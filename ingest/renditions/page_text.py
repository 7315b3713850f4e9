"""What was read on a page: its words with their places, as compact JSON.

To read a scan again takes seconds a page, so its words are kept: for the readable copy, and for search in full text.
"""

import json
from dataclasses import dataclass

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Placement, Word

FORMAT = "piaoku-page-text/1"
_FINENESS = 5  # digits of a fraction of the page: a tenth of a pixel on a page of 10,000
WHOLE = Placement(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


@dataclass(frozen=True, slots=True)
class Plane:
    """Words that were read together: those of a page, or of one form on a sheet. ``lies`` is where their rectangle lies
    on the page's picture as the document holds it; the boxes of the words are fractions of that rectangle."""

    lies: Placement
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read on a page. ``width`` and ``height`` are in pixels of the upright picture, 0 on a page of data.

    ``lies`` is where the upright page lies on its picture as the document holds it.
    """

    number: int
    source: Source
    width: int
    height: int
    lies: Placement
    planes: tuple[Plane, ...]

    @property
    def is_shown(self) -> bool:
        return self.width > 0


def of_page(page: Page) -> PageText:
    """The words of a page. Those of a sheet are the words of its forms, each read upright for itself."""
    lies = page.lies or WHOLE
    forms = page.parts or (page,)
    planes = tuple(Plane(form.place.within(lies) if form.place else lies, form.words) for form in forms)
    return PageText(page.number, page.source, page.width, page.height, lies, planes)


def to_json(text: PageText) -> bytes:
    written = {
        "format": FORMAT,
        "page": text.number,
        "source": text.source,
        "size": [text.width, text.height],
        "lies": _corners(text.lies),
        "planes": [{"lies": _corners(plane.lies), "words": list(map(_word, plane.words))} for plane in text.planes],
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(written: bytes) -> PageText:
    """Raises ValueError where this is no page text of a format that is known."""
    try:
        told = json.loads(written)
        if told["format"] != FORMAT:
            raise ValueError(f"not {FORMAT}")
        planes = tuple(Plane(_placement(p["lies"]), tuple(map(_from_word, p["words"]))) for p in told["planes"])
        width, height = map(int, told["size"])
        return PageText(int(told["page"]), Source(told["source"]), width, height, _placement(told["lies"]), planes)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("no page text") from error


def _corners(place: Placement) -> list[float]:
    return [round(edge, _FINENESS) for corner in place.corners for edge in corner]


def _placement(edges: list[float]) -> Placement:
    x0, y0, x1, y1, x2, y2, x3, y3 = map(float, edges)
    return Placement(((x0, y0), (x1, y1), (x2, y2), (x3, y3)))


def _word(word: Word) -> list[object]:
    """Text, box and confidence, and how it is written where that is not across. Halves of surrogate pairs, which some
    PDFs and fonts name, are joined, and are no characters where the other half is missing."""
    box = (round(edge, _FINENESS) for edge in (word.box.x0, word.box.y0, word.box.x1, word.box.y1))
    text = word.text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return [text, *box, round(word.confidence, 4), *(["down"] if word.downwards else [])]


def _from_word(told: list[object]) -> Word:
    text, x0, y0, x1, y1, confidence, *written = told
    box = Box(*(float(str(edge)) for edge in (x0, y0, x1, y1)))
    return Word(str(text), box, float(str(confidence)), downwards=bool(written))
