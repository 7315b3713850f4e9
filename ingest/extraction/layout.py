"""Geometry of a page: pieces of text, what stands beside what, and labels however they are set.

Everything that looks for a value works on pieces, in pixels, so that distances across and down are of one unit.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from statistics import median

from archive.model.evidence import Box
from ingest.model.page import Page

_LABEL_GAP = 7  # heights; 名　　称 and 合　　计 are set up to five apart
_LONG_LABEL = 5  # characters
_WORD_GAP = 0.3  # heights; from here on a space is meant
_SAME_ROW = 0.6  # of the taller height, between middles of a label's characters
_MELTED = 3.3  # widths of a figure for a ¥ and the figure after it; real print takes 2.2 to 3.25
_ROW_REACH = 0.5  # of the taller height, from a row's mean middle; OCR boxes are a third taller than their line's pitch

# Characters of old forms and slips of OCR that stand for the label's own.
_LABEL_VARIANTS = str.maketrans("額帐號稱稅貨計購銷復", "额账号称税货计购销复")

_REMEMBERED = 4096  # runs; a page has some hundred, and each is asked whether it is any of sixty labels


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and its place in pixels. ``edges`` part its characters, as those of a ``Word`` do."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float = 1.0
    edges: tuple[float, ...] = ()
    downwards: bool = False

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def squeezed(self) -> str:
        return _squeezed(self.text)

    @property
    def as_label(self) -> str:
        return _modern(_squeezed(self.text))

    def cut(self, start: int, end: int | None = None) -> "Piece":
        """Part of the text in its own place."""
        end = len(self.text) if end is None else end
        edges = (self.edges or self._usual_edges())[start : end + 1]
        part = replace(self, text=self.text[start:end], edges=edges)
        if self.downwards:
            return replace(part, y0=edges[0], y1=edges[-1])
        return replace(part, x0=edges[0], x1=edges[-1])

    def _usual_edges(self) -> tuple[float, ...]:
        """Estimated from the usual widths: a Chinese character is as wide as two others."""
        widths = accumulate((2 if character > "\u2e7f" else 1 for character in self.text), initial=0)
        *shares, whole = widths
        start, end = (self.y0, self.y1) if self.downwards else (self.x0, self.x1)
        step = (end - start) / max(1, whole)
        return tuple(start + step * share for share in (*shares, whole))

    def is_beside(self, other: "Piece") -> bool:
        return abs(self.middle - other.middle) < _SAME_ROW * max(self.height, other.height)


@lru_cache(_REMEMBERED)
def _squeezed(text: str) -> str:
    return "".join(text.split())


@lru_cache(_REMEMBERED)
def _modern(text: str) -> str:
    return text.translate(_LABEL_VARIANTS)


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label: the piece it fills, what follows it in the same run of text, if anything does, and the runs it
    was found in."""

    piece: Piece
    rest: Piece | None
    runs: tuple[Piece, ...]


def pieces_of(page: Page) -> tuple[Piece, ...]:
    return tuple(
        Piece(
            word.text,
            word.box.x0 * page.width,
            word.box.y0 * page.height,
            word.box.x1 * page.width,
            word.box.y1 * page.height,
            word.confidence,
            tuple(edge * (page.height if word.downwards else page.width) for edge in word.edges),
            word.downwards,
        )
        for word in page.words
    )


def box_of(pieces: Sequence[Piece], page: Page) -> Box:
    return Box(
        min(piece.x0 for piece in pieces) / page.width,
        min(piece.y0 for piece in pieces) / page.height,
        max(piece.x1 for piece in pieces) / page.width,
        max(piece.y1 for piece in pieces) / page.height,
    )


def may_lack_a_figure(amount: Piece) -> bool:
    """Whether an amount's ¥ takes more room than is its due: a narrow 1 beside it is easily taken for a part of it."""
    widths = [after - before for before, after in pairwise(amount.edges)]
    figures = [width for character, width in zip(amount.text, widths, strict=False) if character.isdigit()]
    if not figures or not amount.text[1:2].isdigit():
        return False
    return widths[0] + widths[1] > _MELTED * median(figures)


def union(pieces: Sequence[Piece]) -> Piece:
    return Piece(
        "".join(piece.text for piece in pieces),
        min(piece.x0 for piece in pieces),
        min(piece.y0 for piece in pieces),
        max(piece.x1 for piece in pieces),
        max(piece.y1 for piece in pieces),
        min(piece.confidence for piece in pieces),
    )


def find_labels(pieces: Sequence[Piece], *names: str) -> list[Label]:
    """All places where one of the names is printed as a label, from top to bottom.

    A label begins its run of text, or follows something that is no word in it and has a colon; its characters may be
    set wide, as runs of their own.
    """
    found = []
    for piece in pieces:
        text = _modern(piece.text)
        for name in names:
            # Of its first two characters at most one is misread. Most runs have neither, and this is asked most of all.
            if name[0] not in text and name[1:2] not in text:
                continue
            label = _within(piece, name) or _spread(piece, name, pieces)
            if label:
                found.append(label)
                break
    return sorted(found, key=lambda label: (label.piece.middle, label.piece.x0))


def _within(piece: Piece, name: str) -> Label | None:
    for match in _pattern(name).finditer(_modern(piece.text)):
        before, after = piece.text[: match.start()].rstrip(), piece.text[match.end() :].lstrip()
        if before and (not after.startswith(":") or before[-1] > "\u2e7f" or before[-1].isalnum()):
            continue
        return Label(piece.cut(match.start(), match.end()), _rest(piece, match.end()), (piece,))
    return None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """A label with spaces anywhere; in a long one, one character may be misread."""
    spellings = [list(map(re.escape, name))]
    if len(name) >= _LONG_LABEL:
        spellings += [[*spellings[0][:place], r"\w", *spellings[0][place + 1 :]] for place in range(len(name))]
    return re.compile("|".join(r"\s*".join(spelling) for spelling in spellings))


def _rest(piece: Piece, start: int) -> Piece | None:
    """What follows a label in its run, without the colon and the bracket that belong to the label."""
    while start < len(piece.text) and piece.text[start] in " :;)":
        start += 1
    return piece.cut(start) if start < len(piece.text) else None


def _spread(piece: Piece, name: str, pieces: Sequence[Piece]) -> Label | None:
    """A label whose first characters are a run of their own, followed by the others on the same row."""
    text = piece.as_label
    if not text or len(text) >= len(name) or not name.startswith(text):
        return None
    missing = name[len(text) :]
    following = [
        other
        for other in pieces
        if 0 <= other.x0 - piece.x1 + piece.height < _LABEL_GAP * piece.height and other.is_beside(piece)
    ]
    for other in sorted(following, key=lambda other: other.x0):
        label = _within(other, missing) if other.as_label.startswith(missing) else _spread(other, missing, pieces)
        if label:
            return Label(union([piece, label.piece]), label.rest, (piece, *label.runs))
    return None


def stacked(pieces: Sequence[Piece], name: str) -> Piece | None:
    """A heading written downwards: one tall run, or single characters below each other. None where it is not found.

    In a tall run, which OCR reads with difficulty, one of the first three characters may be wrong.
    """
    for piece in pieces:
        alike = sum(a == b for a, b in zip(piece.as_label, name, strict=False))
        if alike >= min(2, len(name)) and piece.height > piece.x1 - piece.x0:
            return piece
    for top in (piece for piece in pieces if piece.as_label == name[0]):
        column = [top]
        for character in name[1:]:
            below = [p for p in pieces if p.as_label == character and _is_under(p, column[-1])]
            if not below:
                break
            column.append(min(below, key=lambda p: p.y0))
        if len(column) == len(name):
            return union(column)
    return None


def _is_under(piece: Piece, upper: Piece) -> bool:
    return abs(piece.x0 - upper.x0) < upper.height and 0 < piece.middle - upper.middle < 4 * upper.height


def rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces by row from top to bottom, each row from left to right."""
    found: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if found and _belongs(piece, found[-1]):
            found[-1].append(piece)
        else:
            found.append([piece])
    return [sorted(row, key=lambda piece: piece.x0) for row in found]


def _belongs(piece: Piece, row: Sequence[Piece]) -> bool:
    """Measured against the row's mean, so that a chain of slight steps does not join two rows."""
    middle = sum(other.middle for other in row) / len(row)
    height = sum(other.height for other in row) / len(row)
    return abs(piece.middle - middle) < _ROW_REACH * max(piece.height, height)


def text_of(pieces: Iterable[Piece]) -> str:
    """The text of pieces in reading order, with a space where the print leaves one."""
    return "".join(_row_text(row) for row in rows(pieces))


def _row_text(row: Sequence[Piece]) -> str:
    text = row[0].text
    for last, piece in pairwise(row):
        text += (" " if piece.x0 - last.x1 > _WORD_GAP * piece.height else "") + piece.text
    return text


def unbroken(label: Label, pieces: Iterable[Piece], first_gap: float, gap: float) -> list[Piece]:
    """What follows a label without a wide gap, row by row. Gaps are in heights: before the value, and inside it."""
    taken = []
    others = [piece for piece in pieces if piece not in label.runs]
    for row in rows([*others, *([label.rest] if label.rest else [])]):
        edge, allowed = label.piece.x1, first_gap
        for piece in row:
            if piece.x0 - edge > allowed * label.piece.height:
                break
            taken.append(piece)
            edge, allowed = piece.x1, gap
    return taken


def longest(pieces: Sequence[Piece], normalise: Callable[[str], str | None]) -> tuple[str, list[Piece]] | None:
    """The value of the longest beginning of ``pieces`` that is one, and the pieces it is made of."""
    for end in range(len(pieces), 0, -1):
        value = normalise(text_of(pieces[:end]))
        if value is not None:
            return value, list(pieces[:end])
    return None


def between(pieces: Iterable[Piece], top: float, bottom: float, left: float, right: float) -> Iterator[Piece]:
    """The pieces whose middle lies in the band and that begin between left and right."""
    return (piece for piece in pieces if top <= piece.middle < bottom and left <= piece.x0 < right)
