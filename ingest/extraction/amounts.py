"""The sums of an invoice: 合计 amount and tax, 价税合计 in words and in figures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.model.evidence import Reading
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.layout import Label, Piece, between, find_labels, rows
from ingest.model.draft import EXEMPT
from ingest.model.page import Page

_WORDS = re.compile(r"(?:\(负数\)|负数?)?[零〇壹贰貳叁叄參肆伍陆陸柒捌玖拾佰仟万萬亿億圆圓元角分整正]{2,}")
_SIGNED = re.compile(r"^[¥Yy](?=-?\d)")  # a scan may take the sign for a letter
_EXEMPT = re.compile(r"\*{2,}|免税|不征税")


def amounts(page: Page, pieces: Sequence[Piece]) -> list[Reading]:
    """The readings of the sums. The tax of an exempt invoice reads ``***``."""
    total = _lowest(find_labels(pieces, "价税合计"))
    return [*_sums(page, pieces, total), *(_total(page, pieces, total) if total else ())]


def _total(page: Page, pieces: Sequence[Piece], label: Label) -> Iterator[Reading]:
    place = label.piece
    row = [p for p in pieces if abs(p.middle - place.middle) < 0.9 * max(p.height, place.height) and p.x1 > place.x1]
    for piece in row:
        words = _WORDS.search(piece.squeezed)
        if words:
            yield reading(page, "total_amount_cn", words[0], [piece])
    figures = find_labels(row, "(小写", "小写")
    start = figures[0].piece.x1 if figures else place.x1
    candidates = [label.rest for label in figures if label.rest]
    candidates += between(row, 0, float("inf"), start - place.height, float("inf"))
    value = _best(candidates, place, needs_sign=not figures)
    if value:
        yield reading(page, "total_amount", *value)


def _sums(page: Page, pieces: Sequence[Piece], total: Label | None) -> Iterator[Reading]:
    """合计 stands at the foot of the goods; its sums stand under the heads 金额 and 税额."""
    place = sums_place(pieces)
    if place is None:
        return
    bottom = (total.piece.y0 + 0.2 * place.height) if total else place.y1 + place.height
    band = list(between(pieces, place.middle - 1.6 * place.height, bottom, place.x1, float("inf")))
    for field, column in zip(("amount_without_tax", "tax_amount"), _columns(band, _heads(pieces, place)), strict=True):
        value = _best(column, place, needs_sign=False)
        stars = [piece for piece in column if _EXEMPT.fullmatch(piece.squeezed)]
        if value:
            yield reading(page, field, *value)
        elif stars and field == "tax_amount":
            yield reading(page, field, EXEMPT, stars[-1:])


def sums_place(pieces: Sequence[Piece]) -> Piece | None:
    """Where the row of sums begins: 合计; where a scan lost a character of it, the lowest ¥ above 价税合计."""
    total = _lowest(find_labels(pieces, "价税合计"))
    bottom = total.piece.y0 + 0.2 * total.piece.height if total else float("inf")
    label = _lowest([label for label in find_labels(pieces, "合计") if label.piece.middle < bottom])
    if label or not total:
        return label.piece if label else None
    signed = [piece for piece in pieces if _SIGNED.match(piece.squeezed) and piece.middle < bottom]
    sums = max(signed, key=lambda piece: piece.middle, default=None)
    return replace(sums, x0=total.piece.x0, x1=total.piece.x1, edges=()) if sums else None


def _lowest(labels: Sequence[Label]) -> Label | None:
    return labels[-1] if labels else None


def _heads(pieces: Sequence[Piece], place: Piece | None) -> tuple[Piece, Piece] | None:
    """The heads of the columns for amount and tax: the pair on one row, nearest above the sums."""
    pairs = [
        (amount.piece, tax.piece)
        for amount in find_labels(pieces, "金额")
        for tax in find_labels(pieces, "税额")
        if amount.piece.is_beside(tax.piece) and amount.piece.x0 < tax.piece.x0
    ]
    above = [pair for pair in pairs if place is None or pair[0].middle < place.middle]
    return above[-1] if above else None


def _columns(band: Sequence[Piece], heads: tuple[Piece, Piece] | None) -> tuple[list[Piece], list[Piece]]:
    """The pieces under amount and under tax. Where a head is illegible, two signed amounts stand in this order."""
    columns: tuple[list[Piece], list[Piece]] = ([], [])
    if heads is None:
        signed = sorted((piece for piece in band if _SIGNED.match(piece.squeezed)), key=lambda piece: piece.x0)
        return ([signed[0]], [signed[1]]) if len(signed) == 2 else columns
    for piece in band:
        distances = [abs((piece.x0 + piece.x1) - (head.x0 + head.x1)) for head in heads]
        columns[distances[1] < distances[0]].append(piece)
    return columns


def _best(pieces: Sequence[Piece], place: Piece, *, needs_sign: bool) -> tuple[str, list[Piece]] | None:
    """The amount with ¥ nearest the row of ``place``; where the sign may be drawn as a shape, also one without."""
    candidates = []
    for row in rows(pieces):
        for index, piece in enumerate(row):
            text = _SIGNED.sub("¥", piece.squeezed)
            signed = text.startswith("¥") or (index > 0 and row[index - 1].squeezed == "¥")
            value = normalise.money(text) if re.search(r"[.,]\d\d$", text) else None
            if value and (signed or not needs_sign):
                candidates.append((not signed, abs(piece.middle - place.middle), value, piece))
    if not candidates:
        return None
    _, _, value, piece = min(candidates, key=lambda candidate: candidate[:2])
    return value, [piece]
