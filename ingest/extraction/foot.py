"""The foot of an invoice: payee, reviewer, drawer, remarks."""

import re
from collections.abc import Iterator, Sequence

from archive.model.evidence import Reading, Source
from ingest.extraction.found import reading
from ingest.extraction.layout import Label, Piece, between, find_labels, rows, stacked, text_of, unbroken
from ingest.model.page import Page

_PEOPLE = (
    ("payee", ("收款人",)),
    ("reviewer", ("复核人", "复核")),
    ("drawer", ("开票人",)),
)
_FIRST_GAP, _GAP = 6, 1.5  # heights, before a name and inside it
_SEAL_MARGIN = 8  # heights by which a seal reaches left beyond its label
_MOST_LETTERS = 30
_SEAL = re.compile(r"发票专用章|[0-9A-HJ-NP-RTUW-Y]{18}")  # the seller's seal reaches into the box of remarks
_NEXT_LABEL = re.compile(r"[;；]|收款人|复核|开票人|销售方")


def foot(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    yield from _people(page, pieces)
    yield from _remarks(page, pieces)


def _people(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """Each person from the lowest place that names one; remarks higher up may name them too."""
    for field, names in _PEOPLE:
        for label in reversed(find_labels(pieces, *names)):
            value = _person(label, pieces)
            if value:
                yield reading(page, field, *value)
                break


def _person(label: Label, pieces: Sequence[Piece]) -> tuple[str, list[Piece]] | None:
    place = label.piece
    beside = between(
        pieces, place.middle - 0.9 * place.height, place.middle + 0.9 * place.height, place.x1 - 5, float("inf")
    )
    taken = unbroken(label, beside, _FIRST_GAP, _GAP)
    name = _NEXT_LABEL.split(text_of(taken))[0].strip() if taken else ""
    return (name, taken) if 0 < len(name) <= _MOST_LETTERS else None


def _remarks(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """The box right of 备注: from the row of 价税合计 down to that of the people."""
    heading, totals = stacked(pieces, "备注"), find_labels(pieces, "价税合计")
    if not heading or not totals:
        return
    right = _right_edge(page, pieces)
    people = [label.piece.y0 for label in find_labels(pieces, "开票人") if label.piece.middle > heading.y1]
    top, bottom = totals[-1].piece.y1, min(people, default=heading.y1 + heading.height)
    inside = between(pieces, top, bottom, heading.x1, right)
    box = [piece for piece in inside if not (_SEAL.fullmatch(piece.text) or _runs_down(piece, pieces))]
    if box and max(piece.x1 for piece in box) < right:
        yield reading(page, "remarks", "\n".join(text_of(row) for row in rows(box)), box)


def _right_edge(page: Page, pieces: Sequence[Piece]) -> float:
    """Where a scan's remarks end: the seller's seal lies over them, about its label 销售方（章）, with a margin.

    What runs under the seal cannot be read whole.
    """
    seals = find_labels(pieces, "销售方:", "销货单位:") if page.source is Source.OCR else []
    return min((label.piece.x0 - _SEAL_MARGIN * label.piece.height for label in seals), default=float("inf"))


def _runs_down(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Upright print in the right margin: a tall run, or single characters below each other."""
    if len(piece.squeezed) > 1:
        return piece.height > 1.5 * (piece.x1 - piece.x0)
    return any(
        len(other.squeezed) == 1
        and abs(other.x0 - piece.x0) < 0.5 * piece.height
        and 0 < abs(other.middle - piece.middle) < 3 * piece.height
        for other in pieces
    )
