"""The lines of goods and services: columns by the heads above them, rows by the amounts in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from ingest.extraction import normalise
from ingest.extraction.amounts import sums_place
from ingest.extraction.layout import Piece, find_labels, rows, text_of
from ingest.model.draft import Item

_HEADS = {
    "name": ("货物或应税劳务、服务名称", "货物或应税劳务名称", "货物(劳务)名称", "项目名称"),
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
_NO_WORDS = {"quantity", "unit_price", "amount", "tax_amount"}  # what stands there is in the margin of a paper form
_CELL_GAP = 1.5  # heights
_LARGER = 1.6  # times the lowest piece's height
_HALF_FEN = Decimal("0.005")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OWN_ROW = 0.7  # of a line's height; nearer than that stands what belongs to it
_REACH = 0.55  # of a line's height, by which wrapped text may stand above the middle of its own line's amount
_RATE = re.compile(r"\d+(?:\.\d+)?%|免税|不征税|\*+", re.ASCII)
_MONEY = re.compile(r"-?[\d,]+\.\d\d+", re.ASCII)  # right-aligned amounts reach under the head of the rates beside them
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_JOINED = re.compile(r"[\d.]+", re.ASCII)
# Of the least sure character of a text that nothing can confirm. Types below it were wrong in three cases of five
# (``500m1`` for ``500ml``); names go wrong at their ends and stars, whatever the confidence.
_SURE = {"name": 0.5, "spec": 0.9, "unit": 0.9}
_WIDEST_FIGURE = 0.72  # of its height, for one character; right figures of scans measured 0.64 at most, a cut one 0.82
_MEASURABLE = 5  # characters from which the margin of an OCR box does not count
_FIGURES = re.compile(rf"{_MONEY.pattern}|{_NUMBER.pattern}|{_RATE.pattern}", re.ASCII)
_LAST_ROW = ("小计", "总计", "价税合计")
# Heads of the table of travellers or vehicles that transport invoices print below their lines.
_BLOCK_HEADS = ("出行人", "有效身份证件号", "出行日期", "运输工具种类", "运输工具牌号")

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
    ends = [sums_place(pieces), *(label.piece for label in find_labels(pieces, *_LAST_ROW, *_BLOCK_HEADS))]
    below = [piece for piece in ends if piece and piece.middle > top]
    return min((piece.middle - 0.8 * piece.height for piece in below), default=float("inf"))


def _parts(piece: Piece) -> list[Piece]:
    """Cells that came as one run: figures of neighbouring columns, and single characters of a narrow column, such as
    units, that a scan reads downwards."""
    text = piece.squeezed
    words = list(re.finditer(r"\S+", piece.text))
    if len(words) > 1 and all(_FIGURES.fullmatch(word[0]) for word in words):
        return [piece.cut(*word.span()) for word in words]
    if not piece.downwards or len(text) != len(piece.text):
        return [piece]
    return [piece.cut(place, place + 1) for place in range(len(text))]


def _columns(body: Iterable[Piece], heads: dict[str, Piece], others: Sequence[Piece]) -> Cells:
    columns: Cells = {}
    for piece in body:
        fitting = [column for column in heads if column != "tax_rate" or not _MONEY.fullmatch(piece.squeezed)]
        column = min(fitting, key=lambda column: _distance(piece, heads[column]))
        foreign = min((_distance(piece, other) for other in others), default=(float("inf"), 0.0))
        if column == "name" and piece.confidence < 1 and "spec" in heads and piece.x1 > heads["spec"].x1:
            piece = replace(piece, confidence=0.0)  # a scan read two cells as one
        if foreign >= _distance(piece, heads[column]) and not (column in _NO_WORDS and _HAN.search(piece.text)):
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
    (line,) = cells["amount"]
    texts = {column: text_of(pieces) for column, pieces in cells.items() if _is_whole(column, pieces, line)}
    amount = normalise.money(texts["amount"])
    quantity, price = _quantity_and_price(texts, amount)
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


def _is_whole(column: str, pieces: Sequence[Piece], line: Piece) -> bool:
    """Whether a cell shows all its characters surely. What cannot be checked is right or left out."""
    fallen = [piece for piece in pieces if piece.downwards]
    if len(fallen) > 1 or any(abs(piece.middle - line.middle) > _OWN_ROW * line.height for piece in fallen):
        return False
    if min(piece.confidence for piece in pieces) < _SURE.get(column, 0.0):
        return False
    if column in _WRAPPING and not _is_one_text(pieces):
        return False
    return column not in ("quantity", "unit_price") or all(
        len(piece.text) < _MEASURABLE or piece.x1 - piece.x0 <= _WIDEST_FIGURE * piece.height * len(piece.text)
        for piece in pieces
    )


def _is_one_text(pieces: Sequence[Piece]) -> bool:
    """Whether what a scan shows under one head is one text: a wide gap parts two cells, larger letters are a seal's."""
    if all(piece.confidence == 1 for piece in pieces):
        return True
    lowest = min(piece.height for piece in pieces)
    gaps = (right.x0 - left.x1 for row in rows(pieces) for left, right in pairwise(row))
    return max(piece.height for piece in pieces) < _LARGER * lowest and all(gap < _CELL_GAP * lowest for gap in gaps)


def _quantity_and_price(texts: dict[str, str], amount: str | None) -> tuple[str | None, str | None]:
    """Where their columns touch and a scan reads them as one, they are parted by their product."""
    quantity, price = _match(_NUMBER, texts.get("quantity")), _match(_NUMBER, texts.get("unit_price"))
    figures = _match(_JOINED, texts.get("quantity", "") + texts.get("unit_price", ""))
    if figures and amount and not (quantity and price) and not _divides(price, Decimal(amount)):
        return _parted(figures, Decimal(amount)) or (quantity, price)
    return quantity, price


def _divides(price: str | None, amount: Decimal) -> bool:
    """Whether a price makes the amount with a whole quantity, so that it is whole itself and only its quantity lost."""
    return bool(price) and Decimal(price or 0) != 0 and amount % Decimal(price or 1) == 0


def _parted(figures: str, amount: Decimal) -> tuple[str, str] | None:
    """The only parting whose product is the amount."""
    partings = [
        (figures[:cut], figures[cut:])
        for cut in range(1, len(figures))
        if _NUMBER.fullmatch(figures[:cut])
        and _NUMBER.fullmatch(figures[cut:])
        and abs(Decimal(figures[:cut]) * Decimal(figures[cut:]) - amount) <= _HALF_FEN
    ]
    return partings[0] if len(partings) == 1 else None


def _match(pattern: re.Pattern[str], text: str | None) -> str | None:
    squeezed = re.sub(r"\s", "", text or "")
    return squeezed if pattern.fullmatch(squeezed) else None
