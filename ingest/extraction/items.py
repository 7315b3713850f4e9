"""The lines of goods and services: columns by the heads above them, rows by the amounts in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.extraction import normalise
from ingest.extraction.amounts import sums_place
from ingest.extraction.layout import Piece, find_labels, text_of
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
_WRAPPING = {"name", "spec"}
_REACH = 0.55  # of a line's height, by which wrapped text may stand above the middle of its own line's amount
_RATE = re.compile(r"\d+(?:\.\d+)?%|免税|不征税|\*+", re.ASCII)
_MONEY = re.compile(r"-?[\d,]+\.\d\d+", re.ASCII)  # right-aligned amounts reach under the head of the rates beside them
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_FIGURES = re.compile(rf"{_MONEY.pattern}|{_NUMBER.pattern}|{_RATE.pattern}", re.ASCII)
_LAST_ROW = ("小计", "价税合计")

Cells = dict[str, list[Piece]]


def items(pieces: Sequence[Piece]) -> tuple[Item, ...]:
    """The lines between the heads and 合计, from top to bottom; empty where the heads are not found.

    Columns of special businesses (plate, dates of passage) belong to no field and are left out.
    """
    heads = _heads(pieces)
    if not heads:
        return ()
    top = max(head.y1 for head in heads.values())
    bottom = _bottom(pieces, top)
    body = [part for piece in pieces if top - 0.2 * piece.height < piece.middle < bottom for part in _parts(piece)]
    columns = _columns(body, heads, _other_heads(pieces, heads))
    amounts = [piece for piece in columns.get("amount", ()) if _is_amount(piece)]
    lines = sorted(amounts, key=lambda piece: piece.middle)
    return tuple(_item(cells) for cells in _cells(columns, lines))


def _is_amount(piece: Piece) -> bool:
    return bool(_MONEY.fullmatch(piece.squeezed)) and normalise.money(piece.text) is not None


def _heads(pieces: Sequence[Piece]) -> dict[str, Piece]:
    """The head of each column, all on the row of 税额."""
    for tax in find_labels(pieces, *_HEADS["tax_amount"]):
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
    ends = [sums_place(pieces), *(label.piece for label in find_labels(pieces, *_LAST_ROW))]
    below = [piece for piece in ends if piece and piece.middle > top]
    return min((piece.middle - 0.8 * piece.height for piece in below), default=float("inf"))


def _parts(piece: Piece) -> list[Piece]:
    """Cells that came as one run: figures of neighbouring columns, and single characters of a narrow column, such as
    units, that a scan reads downwards."""
    text = piece.squeezed
    words = list(re.finditer(r"\S+", piece.text))
    if len(words) > 1 and all(_FIGURES.fullmatch(word[0]) for word in words):
        return [piece.cut(*word.span()) for word in words]
    if len(text) < 2 or piece.height < 1.5 * (piece.x1 - piece.x0):
        return [piece]
    step = piece.height / len(text)
    return [
        replace(piece, text=character, edges=(), y0=piece.y0 + index * step, y1=piece.y0 + (index + 1) * step)
        for index, character in enumerate(text)
    ]


def _columns(body: Iterable[Piece], heads: dict[str, Piece], others: Sequence[Piece]) -> Cells:
    columns: Cells = {}
    for piece in body:
        fitting = [column for column in heads if column != "tax_rate" or not _MONEY.fullmatch(piece.squeezed)]
        column = min(fitting, key=lambda column: _distance(piece, heads[column]))
        foreign = min((_distance(piece, other) for other in others), default=(float("inf"), 0.0))
        if foreign >= _distance(piece, heads[column]):
            columns.setdefault(column, []).append(piece)
    return columns


def _distance(piece: Piece, head: Piece) -> tuple[float, float]:
    """How far apart across; of two heads that a piece touches, the one it shares more with is nearer."""
    shared = min(piece.x1, head.x1) - max(piece.x0, head.x0)
    return (max(0.0, -shared), -shared)


def _cells(columns: Cells, lines: Sequence[Piece]) -> list[Cells]:
    """Each line's cells. Figures belong to the nearest amount; names and types, which wrap, to the last one above."""
    found: list[Cells] = [{"amount": [amount]} for amount in lines]
    for column, pieces in columns.items():
        for piece in pieces if lines and column != "amount" else ():
            line = _line_above(piece, lines) if column in _WRAPPING else _nearest_line(piece, lines)
            found[line].setdefault(column, []).append(piece)
    return found


def _line_above(piece: Piece, lines: Sequence[Piece]) -> int:
    above = [index for index, line in enumerate(lines) if line.middle <= piece.middle + _REACH * line.height]
    return above[-1] if above else 0


def _nearest_line(piece: Piece, lines: Sequence[Piece]) -> int:
    return min(range(len(lines)), key=lambda index: abs(lines[index].middle - piece.middle))


def _item(cells: Cells) -> Item:
    texts = {column: text_of(pieces) for column, pieces in cells.items()}
    amount = normalise.money(texts["amount"])
    price, quantity = _match(_NUMBER, texts.get("unit_price")), _match(_NUMBER, texts.get("quantity"))
    if amount and price and not quantity:
        quantity, price = _parted(price, Decimal(amount))
    return Item(
        name=_name(texts["name"]) if "name" in texts else None,
        spec=texts.get("spec"),
        unit=texts.get("unit"),
        quantity=quantity,
        unit_price=price,
        amount=amount,
        tax_rate=_match(_RATE, texts.get("tax_rate")),
        tax_amount=normalise.money(texts["tax_amount"]) if "tax_amount" in texts else None,
    )


def _name(text: str) -> str | None:
    """``*class*goods`` (税收分类编码 names its class before the goods); the first star is often lost on scans."""
    name = normalise.company_name(text)
    return f"*{name}" if name and name.count("*") == 1 and not name.startswith("*") else name


def _parted(figures: str, amount: Decimal) -> tuple[str | None, str]:
    """Quantity and price where their columns touch and a scan reads them as one: the only parting whose product is the
    amount. Else no quantity, and the figures as they are."""
    partings = [
        (figures[:cut], figures[cut:])
        for cut in range(1, len(figures))
        if _NUMBER.fullmatch(figures[:cut])
        and _NUMBER.fullmatch(figures[cut:])
        and abs(Decimal(figures[:cut]) * Decimal(figures[cut:]) - amount) <= Decimal("0.01")
    ]
    return partings[0] if len(partings) == 1 else (None, figures)


def _match(pattern: re.Pattern[str], text: str | None) -> str | None:
    squeezed = re.sub(r"\s", "", text or "")
    return squeezed if pattern.fullmatch(squeezed) else None
