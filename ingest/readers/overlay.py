"""Text laid over a picture of its form: what OCR reads of the form, with the text layer's own characters for the rest.

Many issuers print values as text onto a form that is a picture. A scanner's text under or over a scan looks alike, so
text counts only where OCR sees the same at its place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ingest.model.page import Page, Word

_AGREEING = 0.7  # of a word's characters, and of all of a page's, that OCR sees likewise at their places
_BEYOND = 0.35  # of a word's height, by which OCR's boxes are off
_DOUBTED = 0.5  # confidence in text at whose place OCR reads something else
_SHORT = 2  # characters; OCR misses lone figures, and where it sees nothing else they are believed


@dataclass(frozen=True, slots=True)
class _Sign:
    """A character that OCR read, by its word and place in it, with its middle as fractions of the page."""

    word: int
    place: int
    text: str
    x: float
    y: float


def overlaid(page: Page, words: Sequence[Word]) -> Page:
    """``page`` as OCR read it, with those of ``words`` that it confirms instead of its own characters."""
    if page.parts or page.place or not words:
        return page
    signs = [sign for index, word in enumerate(page.words) for sign in _signs(index, word)]
    seen = [(word, _under(word, signs, page)) for word in words]
    total = sum(len(_squeezed(word.text)) for word in words)
    if sum(_shared(word, under) for word, under in seen) < _AGREEING * total:
        return page
    confirmed = [(word, under) for word, under in seen if _is_confirmed(word, under)]
    replaced = {(sign.word, sign.place) for _, under in confirmed for sign in under}
    left = (part for index, word in enumerate(page.words) for part in _left(word, index, replaced))
    return replace(page, words=(*left, *(_believed(word, under) for word, under in confirmed)))


def _signs(index: int, word: Word) -> Iterator[_Sign]:
    across, down = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
    for place, (start, end) in enumerate(_spans(word)):
        middle = (start + end) / 2
        x, y = (across, middle) if word.downwards else (middle, down)
        yield _Sign(index, place, word.text[place], x, y)


def _spans(word: Word) -> Iterator[tuple[float, float]]:
    """Where each character begins and ends in the direction of writing."""
    start, end = (word.box.y0, word.box.y1) if word.downwards else (word.box.x0, word.box.x1)
    step = (end - start) / max(1, len(word.text))
    edges = word.edges or tuple(start + step * place for place in range(len(word.text) + 1))
    yield from pairwise(edges)


def _under(word: Word, signs: Iterable[_Sign], page: Page) -> list[_Sign]:
    down = _BEYOND * (word.box.y1 - word.box.y0)
    across = down * page.height / page.width
    return [
        sign
        for sign in signs
        if word.box.x0 - across < sign.x < word.box.x1 + across and word.box.y0 - down < sign.y < word.box.y1 + down
    ]


def _is_confirmed(word: Word, under: Sequence[_Sign]) -> bool:
    text = _squeezed(word.text)
    if not under:
        return len(text) <= _SHORT
    return _shared(word, under) >= _AGREEING * len(text)


def _believed(word: Word, under: Sequence[_Sign]) -> Word:
    """A word in doubt where OCR has not only missed characters or seen more: a scanner's text may err in a few."""
    across = sorted(under, key=lambda sign: sign.y if word.downwards else sign.x)
    text, seen = _squeezed(word.text), "".join(sign.text for sign in across if sign.text.strip())
    agree = _is_part(seen, text) or _is_part(text, seen)
    return word if agree else replace(word, confidence=min(word.confidence, _DOUBTED))


def _is_part(part: str, whole: str) -> bool:
    """Whether the characters of ``part`` occur in ``whole`` in their order."""
    rest = iter(whole)
    return all(character in rest for character in part)


def _shared(word: Word, under: Iterable[_Sign]) -> int:
    """How many of a word's characters OCR saw at its place."""
    return (Counter(_squeezed(word.text)) & Counter(sign.text for sign in under)).total()


def _left(word: Word, index: int, replaced: set[tuple[int, int]]) -> Iterator[Word]:
    """The parts of an OCR word that no text replaces."""
    if not any((index, place) in replaced for place in range(len(word.text))):
        yield word
        return
    spans = list(_spans(word))
    for kept, group in groupby(range(len(word.text)), lambda place: (index, place) not in replaced):
        places = list(group)
        first, last = places[0], places[-1]
        text = word.text[first : last + 1]
        if kept and text.strip(" :"):
            start, end = spans[first][0], spans[last][1]
            box = replace(word.box, y0=start, y1=end) if word.downwards else replace(word.box, x0=start, x1=end)
            edges = (*(spans[place][0] for place in places), end)
            yield replace(word, text=text, box=box, edges=edges)


def _squeezed(text: str) -> str:
    return "".join(text.split())
