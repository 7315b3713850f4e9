"""Special businesses 特定业务 on 数电票: their name at the upper left, columns of their own among the lines, or a table
below them, such as that of travellers or vehicles."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.model.evidence import Reading
from archive.model.particulars import in_order
from ingest.extraction import normalise
from ingest.extraction.amounts import sums_place
from ingest.extraction.found import reading
from ingest.extraction.layout import Piece, find_labels, rows, text_of
from ingest.model.page import Page

_HEAD = 0.4  # of the page's height
_BUSINESS = re.compile(
    r"成品油|稀土|建筑服务|货物运输(?:服务)?|不动产(?:销售|(?:经营)?租赁(?:服务)?)|代收车船税|通行费|旅客运输(?:服务)?|"
    r"医疗(?:服务)?(?:\((?:住院|门诊)\))?|自产农产品销售|拖拉机和联合收割机|机动车|二手车|卷烟|民宿(?:服务)?|"
    r"(?P<purchase>(?:农产品|光伏|报废产品)?收购)|(?P<agency>代开)|(?P<differential>差额征税(?:-(?:差额|全额)开票)?)"
)
_MARKS = {"purchase": "is_purchase_invoice", "agency": "is_agency_issued", "differential": "is_differential"}


@dataclass(frozen=True, slots=True)
class _Table:
    """``anchor`` is the head of the column whose cells begin a row each and have the form ``begins``."""

    anchor: str
    begins: re.Pattern[str]
    columns: Mapping[str, tuple[str, ...]]


_DAY = re.compile(r"20\d\d(?:\d{4}|-\d\d-\d\d|年\d\d月\d\d日)(?:\D.*)?", re.ASCII)
_TABLES = (
    _Table(
        "金额",
        re.compile(r"-?[\d,]+\.\d\d", re.ASCII),
        {
            "plate_number": ("车牌号",),
            "vehicle_type": ("类型",),
            "passage_start": ("通行日期起",),
            "passage_end": ("通行日期止",),
            "construction_place": ("建筑服务发生地",),
            "construction_project": ("建筑项目名称",),
            "property_certificate_no": ("产权证书/不动产权证号码", "产权证书/不动产权证号", "不动产权证号"),
            "area_unit": ("面积单位",),
        },
    ),
    _Table(
        "出行日期",
        _DAY,
        {
            "passenger_name": ("出行人",),
            "passenger_id_no": ("有效身份证件号",),
            "departure_date": ("出行日期",),
            "departure": ("出发地",),
            "destination": ("到达地",),
            "seat_class": ("等级",),
            "conveyance": ("交通工具类型",),
        },
    ),
    _Table(
        "运输工具牌号",
        re.compile(r"\S{3,}"),
        {
            "transport_kind": ("运输工具种类",),
            "transport_no": ("运输工具牌号",),
            "loading_place": ("起运地",),
            "unloading_place": ("到达地",),
            "goods_carried": ("运输货物名称",),
        },
    ),
)


def business(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a page says of the special business it is issued for."""
    yield from _marks(page, pieces)
    for table in _TABLES:
        yield from _cells(page, pieces, table)


def _marks(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    for piece in (piece for piece in pieces if piece.middle < _HEAD * page.height):
        found = _BUSINESS.fullmatch(piece.as_label)
        if found:
            yield reading(page, _MARKS.get(found.lastgroup or "", "special_business"), found[0], [piece])


def _cells(page: Page, pieces: Sequence[Piece], table: _Table) -> Iterator[Reading]:
    """A reading a column, of all its cells in their order."""
    for anchor in find_labels(pieces, table.anchor):
        heads = [piece for piece in pieces if piece.is_beside(anchor.piece)]
        columns = {field: head for field, names in table.columns.items() if (head := _head(heads, names))}
        if not columns:
            continue
        body = [p for p in pieces if anchor.piece.y1 < p.middle < _end(pieces, anchor.piece)]
        lines = _lines(body, anchor.piece, [anchor.piece, *columns.values(), *heads], table.begins)
        for field, head in columns.items():
            cells = [[piece for place, piece in line if place == head.x0] for line in lines]
            value = in_order([_value(field, text_of(cell)) if cell else None for cell in cells])
            if value:
                yield reading(page, field, value, [piece for cell in cells for piece in cell])
        return


def _head(heads: Sequence[Piece], names: Sequence[str]) -> Piece | None:
    """Letter for letter: 通行日期起 and 通行日期止 differ in one."""
    return next((label.piece for label in find_labels(heads, *names) if label.piece.as_label in names), None)


def _end(pieces: Sequence[Piece], head: Piece) -> float:
    """The sums, a subtotal, or the heads of another table end a table."""
    others = [name for table in _TABLES[1:] for name in (table.anchor,)]
    ends = [sums_place(pieces), *(label.piece for label in find_labels(pieces, "小计", "价税合计", *others))]
    return min((end.y0 for end in ends if end and end.y0 > head.y1), default=float("inf"))


def _lines(
    body: Sequence[Piece], anchor: Piece, heads: Sequence[Piece], begins: re.Pattern[str]
) -> list[list[tuple[float, Piece]]]:
    """The rows of a table, each piece with the place of its column; what wraps belongs to the row above."""
    lines: list[list[tuple[float, Piece]]] = []
    for row in rows(body):
        placed = [(_column(piece, heads), piece) for piece in row]
        if any(place == anchor.x0 and begins.fullmatch(piece.squeezed) for place, piece in placed):
            lines.append(placed)
        elif lines:
            lines[-1] += placed
    return lines


def _column(piece: Piece, heads: Sequence[Piece]) -> float:
    """The left edge of the head nearest to a piece; of two that it touches, the one it shares more with."""
    return min(heads, key=lambda head: max(piece.x0, head.x0) - min(piece.x1, head.x1)).x0


def _value(field: str, text: str) -> str | None:
    return _NORMALISERS.get(field, _plain)(text)


def _plain(text: str) -> str | None:
    return text.strip() or None


def _day(text: str) -> str | None:
    digits = re.sub(r"\D", "", text)[:8]
    return normalise.issue_date(digits) if len(digits) == len("20260101") else None


_NORMALISERS: Mapping[str, Callable[[str], str | None]] = {
    "passage_start": _day,
    "passage_end": _day,
    "departure_date": _day,
    "departure": lambda text: _plain(text.strip().removesuffix("站")),
    "destination": lambda text: _plain(text.strip().removesuffix("站")),
}
