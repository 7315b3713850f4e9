"""The lines of goods and services: columns by the heads above them, wrapped names joined to their line."""

import re
from collections.abc import Sequence

from ingest.extraction import normalise
from ingest.extraction.layout import Piece, find_labels, rows, text_of
from ingest.model.draft import Item

_HEADS = {
    "name": ("货物或应税劳务、服务名称", "货物或应税劳务名称", "项目名称"),
    "spec": ("规格型号",),
    "unit": ("单位",),
    "quantity": ("数量",),
    "unit_price": ("单价",),
    "amount": ("金额",),
    "tax_rate": ("税率/征收率", "税率"),
    "tax_amount": ("税额",),
}
_ESSENTIAL = {"name", "amount", "tax_amount"}
_WRAPPING = {"name", "spec", "unit"}
_RATE = re.compile(r"\d+(?:\.\d+)?%|免税|不征税|\*+", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_LAST_ROW = ("合计", "小计", "价税合计")


def items(pieces: Sequence[Piece]) -> tuple[Item, ...]:
    """The lines between the heads and 合计, from top to bottom; empty where the heads are not found.

    Columns of special businesses (plate, dates of passage) belong to no field and are left out.
    """
    heads = _heads(pieces)
    if not heads:
        return ()
    top = max(head.y1 for head in heads.values())
    bottom = _bottom(pieces, top)
    others = _other_heads(pieces, heads)
    body = [p for p in pieces if top - 0.2 * p.height < p.middle < bottom and p.x1 > heads["name"].x0 - 20 * p.height]
    lines: list[dict[str, list[Piece]]] = []
    for row in rows(body):
        cells = _cells(row, heads, others)
        if _begins_line(cells) or not lines:
            lines.append({})
        for column, cell in cells.items():
            if column in _WRAPPING or column not in lines[-1]:
                lines[-1].setdefault(column, []).extend(cell)
    return tuple(_item(line) for line in lines if "amount" in line)


def _heads(pieces: Sequence[Piece]) -> dict[str, Piece]:
    """The head of each column, all on the row of 税额."""
    taxes = find_labels(pieces, *_HEADS["tax_amount"])
    for tax in taxes:
        found = {}
        for column, names in _HEADS.items():
            beside = [label.piece for label in find_labels(pieces, *names) if label.piece.is_beside(tax.piece)]
            if beside:
                found[column] = beside[0]
        if found.keys() >= _ESSENTIAL:
            return found
    return {}


def _other_heads(pieces: Sequence[Piece], heads: dict[str, Piece]) -> list[Piece]:
    """Heads of columns that have no field, on the row of the others."""
    known = list(heads.values())
    return [
        piece
        for piece in pieces
        if piece.is_beside(heads["amount"]) and not any(piece.x0 < k.x1 and k.x0 < piece.x1 for k in known)
    ]


def _bottom(pieces: Sequence[Piece], top: float) -> float:
    below = [label.piece for label in find_labels(pieces, *_LAST_ROW) if label.piece.middle > top]
    return min((piece.middle - 0.8 * piece.height for piece in below), default=float("inf"))


def _cells(row: Sequence[Piece], heads: dict[str, Piece], others: Sequence[Piece]) -> dict[str, list[Piece]]:
    cells: dict[str, list[Piece]] = {}
    for piece in row:
        column = min(heads, key=lambda column: _distance(piece, heads[column]))
        foreign = min((_distance(piece, other) for other in others), default=(float("inf"), 0.0))
        if foreign >= _distance(piece, heads[column]):
            cells.setdefault(column, []).append(piece)
    return cells


def _distance(piece: Piece, head: Piece) -> tuple[float, float]:
    """How far apart across; of two heads that a piece touches, the one it shares more with is nearer."""
    shared = min(piece.x1, head.x1) - max(piece.x0, head.x0)
    return (max(0.0, -shared), -shared)


def _begins_line(cells: dict[str, list[Piece]]) -> bool:
    return "amount" in cells and normalise.money(text_of(cells["amount"])) is not None


def _item(line: dict[str, list[Piece]]) -> Item:
    texts = {column: text_of(cell) for column, cell in line.items()}
    return Item(
        name=normalise.company_name(texts["name"]) if "name" in texts else None,
        spec=texts.get("spec"),
        unit=texts.get("unit"),
        quantity=_match(_NUMBER, texts.get("quantity")),
        unit_price=_match(_NUMBER, texts.get("unit_price")),
        amount=normalise.money(texts["amount"]),
        tax_rate=_match(_RATE, texts.get("tax_rate")),
        tax_amount=normalise.money(texts["tax_amount"]) if "tax_amount" in texts else None,
    )


def _match(pattern: re.Pattern[str], text: str | None) -> str | None:
    squeezed = re.sub(r"\s", "", text or "")
    return squeezed if pattern.fullmatch(squeezed) else None
