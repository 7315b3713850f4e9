"""财政电子票据: bills of public bodies, of the form that the Ministry of Finance set (财综〔2018〕62 号 and later)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from archive.model.evidence import Reading, Source
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece, find_labels, rows, text_of
from ingest.extraction.roll import words
from ingest.model.draft import Item
from ingest.model.page import Page, Symbol

TITLE = re.compile(r"(?:票据|收据)\(电子\)|财政(?:电子)?票据")

_DECODED = Decimal("0.99")  # the symbol's own error correction held; nothing else checks it
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_AMOUNT = re.compile(r"-?[\d,]+\.\d\d", re.ASCII)
_COLUMNS = {
    "name": ("项目名称",),
    "unit": ("单位",),
    "quantity": ("数量", "数量/单位"),
    "amount": ("金额(元)", "金额"),
}
_PASSAGE = (
    ("plate_number", re.compile(r"车牌号:([\u4e00-\u9fff][A-Z][A-Z0-9]{5,6})", re.ASCII)),
    ("vehicle_type", re.compile(r"车型:([^:]+?)(?=入口站|出口站|出口时间|$)")),
    ("departure", re.compile(r"入口站:([^:]+?)站?(?=出口站|出口时间|$)")),
    ("destination", re.compile(r"出口站:([^:]+?)站?(?=出口时间|$)")),
    ("passage_end", re.compile(r"出口时间:(20\d\d-\d\d-\d\d)", re.ASCII)),
)
_LINK = re.compile(r"https?://\S+/(\d{8})/(\d{10})/([0-9A-Za-z]{6})", re.ASCII)


def _code(text: str) -> str | None:
    return _exactly(r"\d{8}", text)


def _number(text: str) -> str | None:
    return _exactly(r"\d{10}", text)


def _check_code(text: str) -> str | None:
    return _exactly(r"[0-9A-Za-z]{6}", text)


def _exactly(pattern: str, text: str) -> str | None:
    squeezed = re.sub(r"\s", "", text)
    return squeezed if re.fullmatch(pattern, squeezed, re.ASCII) else None


def _sum(text: str) -> str | None:
    return normalise.money(text) if re.search(r"\d\.\d\d$", text.strip()) else None


_FORM: tuple[Spec, ...] = (
    ("invoice_code", ("票据代码",), _code),
    ("invoice_number", ("票据号码",), _number),
    ("check_code", ("校验码",), _check_code),
    ("issue_date", ("开票日期",), normalise.issue_date),
    ("buyer_tax_id", ("交款人统一社会信用代码", "交款人纳税人识别号"), normalise.tax_id),
    ("buyer_name", ("交款人",), normalise.company_name),
    ("seller_name", ("收款单位(章):", "收款单位(章)", "收款单位"), normalise.company_name),
    ("total_amount_cn", ("金额合计(大写)", "金额合计(大写"), words),
    ("total_amount", ("(小写)", "(小写"), _sum),
    ("reviewer", ("复核人", "复核"), normalise.company_name),
    ("payee", ("收款人",), normalise.company_name),
)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a bill shows. One for tolls tells of the passage among 其他信息."""
    yield from labelled(page, pieces, _FORM)
    for row in rows(pieces):
        text = "".join(piece.squeezed for piece in row)
        for field, pattern in _PASSAGE:
            if found := pattern.search(text):
                yield reading(page, field, found[1], row)


def lines(pieces: Sequence[Piece]) -> tuple[Item, ...]:
    """What was charged, from left to right where bills of hospitals set two tables beside each other."""
    ends = [label.piece.y0 for label in find_labels(pieces, "金额合计(大写)", "金额合计")]
    names = find_labels(pieces, *_COLUMNS["name"])
    if not ends or not names:
        return ()
    top = names[0].piece
    heads = sorted((piece for piece in pieces if piece.is_beside(top)), key=lambda piece: piece.x0)
    body = [piece for piece in pieces if top.y1 < piece.middle < min(ends)]
    starts = [index for index, head in enumerate(heads) if head.as_label in _COLUMNS["name"]]
    tables = [heads[start:end] for start, end in zip(starts, [*starts[1:], len(heads)], strict=True)]
    return tuple(item for table in tables for item in _table(table, heads, body))


def _table(table: Sequence[Piece], heads: Sequence[Piece], body: Sequence[Piece]) -> Iterator[Item]:
    """A row begins with each amount; a name that wraps belongs to the row above."""
    columns = {head.x0: field for head in table for field, names in _COLUMNS.items() if head.as_label in names}
    cells: list[dict[str, list[Piece]]] = []
    for row in rows(piece for piece in body if _head_of(piece, heads).x0 in columns):
        placed = [(columns[_head_of(piece, heads).x0], piece) for piece in row]
        if any(field == "amount" and _AMOUNT.fullmatch(piece.squeezed) for field, piece in placed):
            cells.append({})
        for field, piece in placed if cells else ():
            cells[-1].setdefault(field, []).append(piece)
    for cell in cells:
        texts = {field: text_of(own) for field, own in cell.items()}
        yield Item(
            name=normalise.company_name(texts["name"]) if "name" in texts else None,
            unit=texts.get("unit"),
            quantity=_counted(texts.get("quantity")),
            amount=normalise.money(texts["amount"]),
        )


def _head_of(piece: Piece, heads: Sequence[Piece]) -> Piece:
    return min(heads, key=lambda head: max(piece.x0, head.x0) - min(piece.x1, head.x1))


def _counted(text: str | None) -> str | None:
    return text if text and _NUMBER.fullmatch(text) else None


def link_readings(symbol: Symbol, page: int) -> Iterator[Reading]:
    """Code, number and check code, where the QR code's address ends with them; the address is never called."""
    found = _LINK.fullmatch(symbol.text.strip())
    if found:
        for field, value in zip(("invoice_code", "invoice_number", "check_code"), found.groups(), strict=True):
            yield Reading(field, value, Source.QR, _DECODED, page, symbol.box)
