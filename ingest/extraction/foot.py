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
    right = _seal_edge(page, pieces)
    people = [label.piece.y0 for label in find_labels(pieces, "开票人") if label.piece.middle > heading.y1]
    top, bottom = totals[-1].piece.y1, min(people, default=heading.y1 + heading.height)
    inside = between(pieces, top, bottom, heading.x1, right)
    box = [p for p in inside if not (_is_upright_margin(p, page) or _SEAL.fullmatch(p.text))]
    if box:
        yield reading(page, "remarks", "\n".join(text_of(row) for row in rows(box)), box)


def _seal_edge(page: Page, pieces: Sequence[Piece]) -> float:
    """Where the seller's seal begins on a scan: about its label 销售方（章）, over the right end of the remarks."""
    labels = find_labels(pieces, "销售方:(章)", "销售方:", "销货单位:") if page.source is Source.OCR else []
    return min((label.piece.x0 - label.piece.height for label in labels), default=float("inf"))


def _is_upright_margin(piece: Piece, page: Page) -> bool:
    """Text that runs down the right edge: the copy's name, the number of downloads."""
    return piece.x0 > 0.96 * page.width and (len(piece.text) == 1 or piece.height > piece.x1 - piece.x0)
