"""电子发票（航空运输电子客票行程单）: the airline's page, since December 2024 (国家税务总局公告 2024 年第 9 号)."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from archive.model.evidence import Reading, Source
from archive.model.particulars import in_order
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.header import header
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece, find_labels, rows
from ingest.extraction.rail import is_whole
from ingest.model.page import Page

TITLE = re.compile(r"电子发票\W{0,2}航空运输电子客票行程单")

_SUMS = ("fare", "fuel_surcharge", "tax_amount", "development_fund", "other_taxes", "total_amount")
_AMOUNT = re.compile(r"(?:CNY)?(-?\d[\d,]*\.\d\d)(?!\d)", re.ASCII)
_BELOW = 4  # heights from the heads of the sums to the sums
_FLIGHTS = (
    ("carrier_no", "航班号", re.compile(r"[A-Z0-9]{2}\d{3,4}[A-Z]?", re.ASCII)),
    ("seat_class", "座位等级", re.compile(r"[A-Z]\d?", re.ASCII)),
    ("departure_date", "日期", re.compile(r"20\d\d(?:-\d\d-\d\d|年\d\d月\d\d日)", re.ASCII)),
    ("departure_time", "时间", re.compile(r"\d\d:\d\d", re.ASCII)),
)
_ENDS = (("departure", "自"), ("destination", "至"))
_TRAVELLER = (
    ("passenger_name", "旅客姓名", re.compile(r"[\u4e00-\u9fffA-Za-z/·]{2,40}")),
    ("passenger_id_no", "有效身份证件号码", re.compile(r"[0-9A-Z*]{5,20}", re.ASCII)),
)


def _ticket(text: str) -> str | None:
    found = re.fullmatch(r"(\d{13})(?:\D.*)?", text.strip(), re.ASCII)
    return found[1] if found else None


_FORM: tuple[Spec, ...] = (
    ("ticket_no", ("电子客票号码",), _ticket),
    ("seller_name", ("填开单位",), normalise.company_name),
    ("buyer_name", ("购买方名称",), normalise.company_name),
    ("buyer_tax_id", ("统一社会信用代码/纳税人识别号", "统一社会信用代码", "纳税人识别号"), normalise.tax_id),
    # Labels without a field of ours: no value reaches beyond them.
    ("", ("验证码", "提示信息", "保险费", "销售网点代号", "填开日期", "国内国际标识", "开具状态"), _ticket),
)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What an itinerary shows; of several flights all values, in their order."""
    yield from header(page, pieces)
    yield from (found for found in labelled(page, pieces, _FORM) if found.field)
    sums = _heads(pieces, "民航发展基金")
    if not sums:
        return
    yield from _sums(page, pieces, sums[0])
    flights = _heads(pieces, "航班号")
    if flights:
        legs = [piece for piece in pieces if flights[0].y1 < piece.middle < sums[0].y0]
        yield from _columns(page, pieces, legs, _FLIGHTS)
        yield from _route(page, legs, _heads(pieces, "承运人"))
        travellers = [piece for piece in pieces if piece.middle < flights[0].y0]
        yield from _columns(page, pieces, travellers, _TRAVELLER)


def _heads(pieces: Sequence[Piece], name: str) -> list[Piece]:
    return [label.piece for label in find_labels(pieces, name)]


def _sums(page: Page, pieces: Sequence[Piece], head: Piece) -> Iterator[Reading]:
    """The row of sums below their heads; all six of them or none, since what is missing moves the others."""
    below = [piece for piece in pieces if head.y1 <= piece.middle < head.y1 + _BELOW * head.height]
    for row in rows(below):
        found = [(amount[1], piece) for piece in row for amount in _AMOUNT.finditer(piece.squeezed)]
        if len(found) == len(_SUMS):
            for field, (text, piece) in zip(_SUMS, found, strict=True):
                value = normalise.money(text)
                if value:
                    yield reading(page, field, value, [piece])
            return


def _columns(
    page: Page, pieces: Sequence[Piece], body: Sequence[Piece], columns: Sequence[tuple[str, str, re.Pattern[str]]]
) -> Iterator[Reading]:
    """What stands below each head and has the form of its column."""
    for field, name, pattern in columns:
        for head in _heads(pieces, name)[:1]:
            under = [
                piece
                for piece in body
                if piece.middle > head.y1
                and piece.x0 < head.x1 + head.height
                and head.x0 - head.height < piece.x1
                and pattern.fullmatch(piece.squeezed)
            ]
            value = in_order([_dated(piece.squeezed) for piece in sorted(under, key=lambda piece: piece.middle)])
            if value and (page.source is not Source.OCR or is_whole(field, value)):
                yield reading(page, field, value, under)


def _dated(text: str) -> str:
    return normalise.issue_date(text) or text if text.startswith("20") else text


def _route(page: Page, legs: Sequence[Piece], carriers: Sequence[Piece]) -> Iterator[Reading]:
    """From 自 and to 至, in the column left of the carriers."""
    edge = min((head.x0 for head in carriers), default=float("inf"))
    for field, name in _ENDS:
        places = [_place(row, name) for row in rows(piece for piece in legs if piece.x0 < edge)]
        found = [place for place in places if place]
        value = in_order([text for text, _ in found])
        if value:
            yield reading(page, field, value, list(chain.from_iterable(row for _, row in found)))


def _place(row: Sequence[Piece], name: str) -> tuple[str, Sequence[Piece]] | None:
    text = " ".join(piece.text.strip() for piece in row)
    found = re.fullmatch(rf"{name}\s*:\s*(\S.*)", text)
    return (found[1].strip(), row) if found else None
