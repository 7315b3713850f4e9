"""The text of a page: each character at its place, then runs, as from any text layer."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

from ingest.model.page import Word
from ingest.readers.limits import MAX_CHARACTERS
from ingest.readers.markup import Element, name
from ingest.readers.ofd.objects import Matrix, Placed
from ingest.readers.ofd.package import OfdPage, number, rectangle
from ingest.readers.text_layer import Glyph, runs

_ASCENT, _DESCENT = 0.86, 0.14  # of the size, above and below the line that characters stand on: 宋体 and 楷体
_NARROW = 0.5  # of the size: the width of a Latin character where the file gives no distances
_FORMATTING = re.compile(r"\s*\n\s*")
_WIDE = frozenset("WFA")  # East Asian width


def words(placed: Sequence[Placed], page: OfdPage) -> tuple[Word, ...]:
    """The runs of text of a page."""
    _, _, width, height = page.area
    seen = (glyph for glyph in _glyphs(placed) if _is_on(glyph, width, height))
    return runs(seen, width, height)


def text_of(element: Element) -> str:
    """All characters of a text object."""
    return "".join(_characters(code)[0] for code in _codes(element))


def characters(element: Element) -> Iterator[tuple[str, float, float]]:
    """The characters of a text object with the point where each stands, in the object's own coordinates."""
    size, x, y = size_of(element), 0.0, 0.0
    for code in _codes(element):
        text, across, down = _characters(code)
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        if len(across) < len(text) - 1 and not down:
            across += [advance(character, size) for character in text[len(across) : -1]]
        xs = list(accumulate(across, initial=x))
        ys = list(accumulate(down, initial=y))
        for index, character in enumerate(text):
            yield character, xs[min(index, len(xs) - 1)], ys[min(index, len(ys) - 1)]
        x, y = xs[-1], ys[-1]


def size_of(element: Element) -> float:
    """The size of characters in millimetres; where a writer left it out, the height of the object's boundary."""
    _, _, _, height = rectangle(element.get("Boundary", "")) or (0.0, 0.0, 0.0, 3.0)
    size = _number(element.get("Size"), 0.0)
    return size if size > 0 else height


def advance(character: str, size: float) -> float:
    return size * (1.0 if unicodedata.east_asian_width(character) in _WIDE else _NARROW)


def _glyphs(placed: Sequence[Placed]) -> Iterator[Glyph]:
    count = 0
    for text in placed:
        if text.kind != "TextObject" or _is_unpainted(text.element):
            continue
        size, space = size_of(text.element), ""
        # Without a size, the boundary holds the characters and their line is its upper edge.
        ascent, descent = (_ASCENT, _DESCENT) if text.element.get("Size") else (0.0, 1.0)
        scale = _number(text.element.get("HScale"), 1.0)
        for character, x, y in characters(text.element):
            count += 1
            if count > MAX_CHARACTERS:
                return
            if character.isspace() or unicodedata.category(character) == "Cc":
                space = " "
                continue
            corners = (x, y - ascent * size, x + advance(character, size) * scale, y + descent * size)
            yield _glyph(space + character, corners, text.matrix)
            space = ""


def _glyph(character: str, box: tuple[float, float, float, float], matrix: Matrix) -> Glyph:
    x0, y0, x1, y1 = box
    (left, top), (right, bottom) = matrix.at(x0, y0), matrix.at(x1, y1)
    return Glyph(character, min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _is_on(glyph: Glyph, width: float, height: float) -> bool:
    return 0 <= (glyph.x0 + glyph.x1) / 2 <= width and 0 <= (glyph.y0 + glyph.y1) / 2 <= height


def _is_unpainted(element: Element) -> bool:
    return bool(element.get("Fill") == "false" and element.get("Stroke") != "true")


def _codes(element: Element) -> list[Element]:
    return [code for code in element if name(code) == "TextCode"]


def _characters(code: Element) -> tuple[str, list[float], list[float]]:
    """Text and the distances between its characters. White space that only formats the file is no text: line breaks,
    and spaces at the ends that there are no distances for."""
    text = _FORMATTING.sub(" ", (code.text or "").strip("\r\n\t"))
    across, down = _distances(code.get("DeltaX")), _distances(code.get("DeltaY"))
    if len(text) != max(len(across), len(down)) + 1:
        text = text.strip()
    return text, across, down


def _distances(written: str | None) -> list[float]:
    """``3.2 g 4 1.6`` → 3.2 and four times 1.6: ``g`` begins a count and a distance."""
    found: list[float] = []
    parts = iter((written or "").split())
    for part in parts:
        if part == "g":
            count, distance = _number(next(parts, None), 0.0), _number(next(parts, None), 0.0)
            found += [distance] * min(int(count), MAX_CHARACTERS - len(found))
        elif len(found) < MAX_CHARACTERS:
            found.append(_number(part, 0.0))
    return found


def _number(written: str | None, otherwise: float) -> float:
    try:
        return number(written) if written else otherwise
    except ValueError:
        return otherwise
