"""Several forms on one sheet: where one ends and the next begins, and each as a page of its own.

Forms show the same labels. A sheet is cut along white gaps, again and again, wherever both sides of a gap have labels
of their own; text set sideways beside upright text is another form.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, mode

from archive.model.evidence import Box
from ingest.extraction.layout import Piece, find_labels, pieces_of
from ingest.model.page import Page, Placement, Symbol, Word

_LABELS = (
    "发票代码", "发票号码", "票据代码", "票据号码", "电子客票号", "开票日期", "价税合计", "收款人", "开票人",
)  # fmt: skip
_TITLE = re.compile(r"\w{4,}(?:发票|票据)(?:\(.{1,14})?")
_GAP = 0.3  # median heights of text; forms that lie side by side leave at least that between their words
_SMALLEST = 6  # median heights across or down; what is lower is a row of a table
_REPEATED = 3  # times; two forms may lie too close to be parted, three are rows
_SIDEWAYS_LINES = 6  # margins of upright forms have fewer lines of their own that run downwards
_MOSTLY = 0.6  # of a side's telling lines
_SURELY = 1000
_LEGIBLE = 0.8  # confidence; text upside down is read, if at all, with less
_TELLING = 3  # characters; the sign of a currency tells no direction
_ENOUGH = 2  # labels that both sides show; one alone may be named in remarks
_MOST_FORMS = 24  # on one sheet; what would be more is a table


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A label or title that every form of its kind shows once."""

    name: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class _Cut:
    """A gap between two sides. ``merit``: labels of which the first side has as many as it has forms, less the others.
    Rows (axis 1) are parted before columns, as they are read."""

    merit: int
    axis: int
    width: float
    sides: tuple[Box, Box]


def areas(pieces: Sequence[Piece], width: float, height: float) -> list[Box]:
    """The area of each form in the order in which they are read, in the unit of the pieces. One where nothing parts."""
    whole, anchors = Box(0, 0, width, height), _anchors(pieces)
    is_single = len({anchor.name for anchor in anchors}) == len(anchors) and not _has_sideways(pieces)
    if is_single or len(anchors) > _MOST_FORMS * (len(_LABELS) + 1):
        return [whole]
    found = list(_divided(pieces, anchors, whole))
    return [whole] if len(found) > _MOST_FORMS or any(_is_table(anchors, area) for area in found) else found


def parts(page: Page) -> tuple[Page, ...]:
    """The forms of a page as pages: those its reader told apart, else its words by their places. Data that comes with
    a page is of one invoice, so such a page is one form."""
    if page.parts or page.statements or not page.words:
        return page.parts or (page,)
    codes = [
        Piece("", s.box.x0 * page.width, s.box.y0 * page.height, s.box.x1 * page.width, s.box.y1 * page.height)
        for s in page.symbols
    ]
    found = areas([*pieces_of(page), *codes], page.width, page.height)
    if len(found) == 1:
        return (page,)
    return tuple(_part(page, area) for area in found)


def _is_table(anchors: Sequence[_Anchor], area: Box) -> bool:
    """Whether labels still repeat where nothing parts them any more."""
    inside = Counter(anchor.name for anchor in anchors if _is_inside(anchor.piece, area))
    return max(inside.values(), default=0) >= _REPEATED


def _divided(pieces: Sequence[Piece], anchors: Sequence[_Anchor], area: Box) -> Iterator[Box]:
    cuts = [cut for axis in (0, 1) for cut in _cuts(pieces, anchors, area, axis)]
    best = max(cuts, key=lambda cut: (cut.merit, cut.axis, cut.width), default=None)
    if best is None:
        yield area
        return
    for side in best.sides:
        inside = [anchor for anchor in anchors if _is_inside(anchor.piece, side)]
        yield from _divided([piece for piece in pieces if _is_inside(piece, side)], inside, side)


def _cuts(pieces: Sequence[Piece], anchors: Sequence[_Anchor], area: Box, axis: int) -> Iterator[_Cut]:
    """The gaps across one axis (0: between columns, 1: between rows) that part forms."""
    if not pieces:
        return
    letter = median(min(piece.height, piece.x1 - piece.x0) for piece in pieces)
    first, last = _extent(pieces, axis)
    turned = pieces if _has_sideways(pieces) else ()
    for end, start in _gaps(pieces, axis):
        if start - end < _GAP * letter or min(end - first, last - start) < _SMALLEST * letter:
            continue
        place = (end + start) / 2
        sides = _sides(area, axis, place)
        merit = _merit(turned, anchors, sides)
        if merit >= _ENOUGH:
            yield _Cut(merit, axis, start - end, sides)


def _extent(pieces: Sequence[Piece], axis: int) -> tuple[float, float]:
    if axis == 0:
        return min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    return min(piece.y0 for piece in pieces), max(piece.y1 for piece in pieces)


def _gaps(pieces: Sequence[Piece], axis: int) -> Iterator[tuple[float, float]]:
    spans = sorted((piece.x0, piece.x1) if axis == 0 else (piece.y0, piece.y1) for piece in pieces)
    reach = spans[0][1]
    for _, (start, end) in pairwise(spans):
        if start > reach:
            yield reach, start
        reach = max(reach, end)


def _sides(area: Box, axis: int, place: float) -> tuple[Box, Box]:
    if axis == 0:
        return replace(area, x1=place), replace(area, x0=place)
    return replace(area, y1=place), replace(area, y0=place)


def _merit(turned: Sequence[Piece], anchors: Sequence[_Anchor], sides: tuple[Box, Box]) -> int:
    """How surely the cut parts forms. Sideways text is parted first: no other cut may run through it.

    ``turned`` are the pieces of an area with sideways text, none of one without.
    """
    own = [[anchor.name for anchor in anchors if _is_inside(anchor.piece, side)] for side in sides]
    inside = [[piece for piece in turned if _is_inside(piece, side)] for side in sides]
    lying = [_is_sideways(own_pieces) for own_pieces in inside]
    if lying[0] != lying[1]:
        return _SURELY if own[lying[0]] else 0
    if all(lying):
        return _opposed(*inside)
    before, after = Counter(own[0]), Counter(own[1])
    repeated = [name for name in before | after if before[name] + after[name] > 1]
    shared = [before[name] for name in repeated if before[name] and after[name]]
    if len(shared) < _ENOUGH:
        return 0
    whole = mode(shared)
    return sum(1 if before[name] == whole else -1 for name in repeated)


def _opposed(first: Sequence[Piece], second: Sequence[Piece]) -> int:
    """Above zero where two sideways sides are turned against each other: one of them can be read, the other hardly."""
    sides = [[piece.confidence >= _LEGIBLE for piece in side if _lies(piece)] for side in (first, second)]
    shares = [sum(side) / len(side) for side in sides]
    if max(shares) < _MOSTLY or min(shares) > 1 - _MOSTLY:
        return 0
    alike = [
        sum(side) if share == max(shares) else len(side) - sum(side) for side, share in zip(sides, shares, strict=True)
    ]
    return round(100 * sum(alike) / (len(sides[0]) + len(sides[1])))


def _lies(piece: Piece) -> bool:
    return piece.height > 1.5 * (piece.x1 - piece.x0)


def _has_sideways(pieces: Sequence[Piece]) -> bool:
    return sum(map(_lies, pieces)) >= _SIDEWAYS_LINES


def _is_sideways(pieces: Sequence[Piece]) -> bool:
    telling = [piece for piece in pieces if len(piece.squeezed) >= _TELLING]
    lying = sum(_lies(piece) for piece in telling)
    return lying >= _SIDEWAYS_LINES and lying > _MOSTLY * len(telling)


def _anchors(pieces: Sequence[Piece]) -> list[_Anchor]:
    upright = [piece for piece in pieces if not _lies(piece)]
    found = [_Anchor(name, label.piece) for name in _LABELS for label in find_labels(upright, name)]
    return found + [_Anchor("title", piece) for piece in upright if _TITLE.fullmatch(piece.squeezed)]


def _is_inside(piece: Piece, area: Box) -> bool:
    return area.x0 <= (piece.x0 + piece.x1) / 2 < area.x1 and area.y0 <= piece.middle < area.y1


def _part(page: Page, area: Box) -> Page:
    """The part of a page that lies in the area, of the same scale."""
    box = Box(area.x0 / page.width, area.y0 / page.height, area.x1 / page.width, area.y1 / page.height)
    place = Placement(((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)))
    words = tuple(_moved(word, box) for word in page.words if _has(box, word.box))
    symbols = tuple(Symbol(s.text, _inner(s.box, box)) for s in page.symbols if _has(box, s.box))
    width, height = round(area.x1 - area.x0), round(area.y1 - area.y0)
    return replace(page, width=width, height=height, words=words, symbols=symbols, place=place)


def _has(area: Box, box: Box) -> bool:
    return area.x0 <= (box.x0 + box.x1) / 2 < area.x1 and area.y0 <= (box.y0 + box.y1) / 2 < area.y1


def _moved(word: Word, area: Box) -> Word:
    edges = tuple((edge - area.x0) / (area.x1 - area.x0) for edge in word.edges)
    return replace(word, box=_inner(word.box, area), edges=edges)


def _inner(box: Box, area: Box) -> Box:
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    return Box(
        (box.x0 - area.x0) / wide, (box.y0 - area.y0) / high, (box.x1 - area.x0) / wide, (box.y1 - area.y0) / high
    )
