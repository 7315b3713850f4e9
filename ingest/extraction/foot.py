"""The foot of an invoice: payee, reviewer, drawer, remarks."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
_ROW = 2  # heights by which a label may stand above the lowest one of the row of people
_INDENT = 3  # heights
_MOST_LETTERS = 30
_SEAL = re.compile(r"发票专用章|[0-9A-HJ-NP-RTUW-Y]{18}")  # the seller's seal reaches into the box of remarks
_NEXT_LABEL = re.compile(r"[;；]|收款人|复核|开票人|销售方")


def foot(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    yield from _people(page, pieces)
    yield from _remarks(page, pieces)


def _people(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """Each person from the lowest place that names one, and all from one row; remarks higher up may name them too."""
    drawers = find_labels(pieces, "开票人")
    for field, names in _PEOPLE:
        for label in reversed(find_labels(pieces, *names)):
            if drawers and drawers[-1].piece.middle - label.piece.middle > _ROW * label.piece.height:
                break
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
    name = _NEXT_LABEL.split(text_of(taken))[0].strip(" :") if taken else ""
    return (name, taken) if 0 < len(name) <= _MOST_LETTERS else None


def _remarks(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """The box right of 备注: from the row of 价税合计 down to that of the people."""
    heading, totals = stacked(pieces, "备注"), find_labels(pieces, "价税合计")
    if not heading or not totals:
        return
    if page.source is Source.OCR and _bears_seal(page, pieces):
        return
    people = [label.piece.y0 for label in find_labels(pieces, "开票人") if label.piece.middle > heading.y1]
    top, bottom = totals[-1].piece.y1, min(people, default=heading.y1 + heading.height)
    inside = between(pieces, top, bottom, heading.x1, float("inf"))
    box = rows(piece for piece in inside if not (_SEAL.fullmatch(piece.text) or _runs_down(piece, pieces)))
    if box and (page.source is not Source.OCR or _is_paragraph(box)):
        yield reading(page, "remarks", "\n".join(text_of(row) for row in box), [piece for row in box for piece in row])


def _bears_seal(page: Page, pieces: Sequence[Piece]) -> bool:
    """Forms of the tax control system, which alone have rows for the buyer's address and bank, bear the seller's seal
    on their remarks. A scan cannot tell its letters from theirs, nor read what runs under it."""
    rows_of_buyer = find_labels(pieces, "地址、电话", "地址电话", "开户行及账号")
    return bool(stacked(pieces, "密码区")) or any(label.piece.middle < page.height / 2 for label in rows_of_buyer)


def _is_paragraph(box: Sequence[Sequence[Piece]]) -> bool:
    """Whether rows begin below each other and have no wide gaps, so that none of their pieces is from elsewhere."""
    left = min(row[0].x0 for row in box)
    aligned = all(row[0].x0 - left < _INDENT * row[0].height for row in box)
    return aligned and all(b.x0 - a.x1 < _INDENT * a.height for row in box for a, b in pairwise(row))


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
