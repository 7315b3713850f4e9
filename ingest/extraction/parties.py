"""Buyer 购买方 and seller 销售方: names, tax ids, addresses and accounts, wherever the form puts the two blocks."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.model.evidence import Reading, Source
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.layout import Label, Piece, between, find_labels, longest, stacked, unbroken
from ingest.model.page import Page

_TAX_ID_LABELS = ("统一社会信用代码/纳税人识别号", "纳税人识别号", "统一社会信用代码")
_OTHER_ROWS = (("address_phone", ("地址、电话", "地址电话")), ("bank_account", ("开户行及账号",)))
_NEIGHBOURS = ("密码区", "备注")
_CIPHER = re.compile(r"(?=.*[<>*/+])[0-9<>*/+-]{10,}|[密码区]", re.ASCII)  # of the cipher area and its heading
_FORMS = {  # an address with its telephone, a bank with its account
    "address_phone": re.compile(r"(?=.*[\u4e00-\u9fff])[^<>*+]+\d{4}"),
    "bank_account": re.compile(r"(?=.*[\u4e00-\u9fff])[^<>*+]+\d{5}"),
}
_HEADING_REACH = 8  # heights from a heading to the labels beside it
_FIRST_GAP, _GAP = 12, 3  # heights, before a value and inside it


@dataclass(frozen=True, slots=True)
class _Block:
    """The rows of one party, from top to bottom: the field's ending and its label."""

    rows: tuple[tuple[str, Label], ...]

    @property
    def place(self) -> Piece:
        return self.rows[0][1].piece

    @property
    def bottom(self) -> float:
        return self.rows[-1][1].piece.y1


def parties(page: Page, pieces: Sequence[Piece]) -> tuple[list[Reading], frozenset[str]]:
    """The readings of both parties, and the fields whose places on the form are blank."""
    found: list[Reading] = []
    blank: set[str] = set()
    blocks = _blocks(pieces)
    for party, block in _roles(blocks, pieces):
        limit = _right_limit(block, blocks, pieces)
        for (ending, label), (top, bottom) in zip(block.rows, _bands(block), strict=True):
            field = f"{party}_{ending}"
            beside = [
                piece
                for piece in between(pieces, top, bottom, label.piece.x1 - 0.5 * label.piece.height, limit)
                if (piece.middle > label.piece.y0 or piece.x0 > label.piece.x1) and piece.squeezed != ":"
            ]
            value = unbroken(label, beside, _FIRST_GAP, _GAP)
            taken = longest(value, _NORMALISERS.get(ending, _plain)) if value else None
            if taken and (page.source is not Source.OCR or _is_plausible(ending, taken[0])):
                found.append(reading(page, field, *taken))
            elif not value:
                blank.add(field)
    return found, frozenset(blank)


def _is_plausible(ending: str, value: str) -> bool:
    """Whether what a scan shows beside a label is of its kind, not the cipher or a seal: nothing else confirms it."""
    form = _FORMS.get(ending)
    return form is None or bool(form.fullmatch(value))


def _plain(text: str) -> str | None:
    return text.strip().removeprefix(":").lstrip() or None


_NORMALISERS: dict[str, Callable[[str], str | None]] = {
    "name": normalise.company_name,
    "tax_id": normalise.tax_id,
}


def _blocks(pieces: Sequence[Piece]) -> list[_Block]:
    """A block is a tax id label with the name label above it; 名称 alone is also the head of a column of goods.

    Where the label of the tax id takes two rows, the lower one counts.
    """
    names = find_labels(pieces, "名称")
    others = [(ending, find_labels(pieces, *labels)) for ending, labels in _OTHER_ROWS]
    blocks: dict[Piece, _Block] = {}
    for tax_id in find_labels(pieces, *_TAX_ID_LABELS):
        name = _nearest(tax_id, names, above=True)
        below = [(ending, _nearest(tax_id, labels, above=False)) for ending, labels in others]
        rows = [("name", name), ("tax_id", tax_id), *below]
        if name:
            blocks[name.piece] = _Block(tuple((ending, label) for ending, label in rows if label))
    return list(blocks.values())


def _nearest(anchor: Label, labels: Sequence[Label], *, above: bool) -> Label | None:
    """The label of the same block: left edges line up, and only a few rows lie between."""
    place, aligned = anchor.piece, []
    for label in labels:
        distance = (place.middle - label.piece.middle) * (1 if above else -1)
        height = max(place.height, label.piece.height)  # long labels are set smaller, to fit their place
        if abs(label.piece.x0 - place.x0) < 3 * height and 0 < distance < 6 * height:
            aligned.append((distance, label))
    return min(aligned, key=lambda pair: pair[0])[1] if aligned else None


def _roles(blocks: Sequence[_Block], pieces: Sequence[Piece]) -> Iterator[tuple[str, _Block]]:
    """Who is who: by the heading written downwards on the left of a block, else by order.

    Fully digitalised invoices have the buyer on the left, older forms have it on top.
    """
    headings = [(party, stacked(pieces, name)) for party, name in (("buyer", "购买方"), ("seller", "销售方"))]
    order = sorted(blocks, key=lambda block: block.place.middle + block.place.x0)
    named = {party: block for party, heading in headings if heading and (block := _headed(heading, blocks))}
    if len(named) == 1 and len(order) == 2:
        (party, block), other = next(iter(named.items())), {"buyer": "seller", "seller": "buyer"}
        named[other[party]] = order[0] if block is order[1] else order[1]
    distinct = len({id(block) for block in named.values()}) == len(named)
    if named and distinct:
        yield from named.items()
    elif len(order) == 2:
        yield from zip(("buyer", "seller"), order, strict=True)


def _headed(heading: Piece, blocks: Sequence[_Block]) -> _Block | None:
    beside = [
        block
        for block in blocks
        if 0 < block.place.x0 - heading.x0 < _HEADING_REACH * block.place.height
        and block.place.y0 < heading.y1
        and heading.y0 < block.bottom
    ]
    return min(beside, key=lambda block: block.place.x0, default=None)


def _right_limit(block: _Block, blocks: Sequence[_Block], pieces: Sequence[Piece]) -> float:
    """Where the next column of the form begins."""
    place = block.place
    headings = [stacked(pieces, name) for name in ("销售方", *_NEIGHBOURS)]
    starts = [other.place for other in blocks if other is not block] + [heading for heading in headings if heading]
    starts += [piece for piece in pieces if _CIPHER.fullmatch(piece.squeezed)]
    right = [start.x0 for start in starts if start.x0 > place.x1 and start.y0 < block.bottom and start.y1 > place.y0]
    return min(right, default=float("inf"))


def _bands(block: _Block) -> list[tuple[float, float]]:
    """The height that belongs to each row: up to the middle between two labels, as far again at the ends."""
    middles = [label.piece.middle for _, label in block.rows]
    halves = [(lower - upper) / 2 for upper, lower in pairwise(middles)]
    tops = [middles[0] - halves[0], *(middle - half for middle, half in zip(middles[1:], halves, strict=True))]
    bottoms = [*(middle + half for middle, half in zip(middles, halves, strict=False)), middles[-1] + halves[-1]]
    return list(zip(tops, bottoms, strict=True))
