"""Slips of taxis 出租汽车专用发票: a form with labels, printed on by the meter, often a line too high or too low.

How far the print is off is measured by values that cannot be mistaken (date, distance, waiting time); the fare is what
stands that far off its label, with its ¥, so that no digit before it was lost.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from archive.model.evidence import Reading, Source
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Label, Piece, find_labels, rows
from ingest.model.page import Page

TITLE = re.compile(r"出租(?:汽车|车)\w{0,5}(?:发票|专用)|发票\w{0,4}\(?出租|的士|TAXI", re.IGNORECASE)

_FORM: tuple[Spec, ...] = (
    ("invoice_code", ("发票代码",), normalise.invoice_code),
    ("invoice_number", ("发票号码",), normalise.invoice_number),
    ("seller_name", ("单位名称", "企业名称", "公司名称"), normalise.company_name),
)
_DATE = re.compile(r"(20\d\d)(?:年(\d\d)月(\d\d)[日8B口曰]|-(\d\d)-(\d\d))", re.ASCII)
_DISTANCE = re.compile(r"(\d{1,3}\.\d{1,2})(?:KM|公里)", re.ASCII | re.IGNORECASE)
_WAITING = re.compile(r"\d\d:\d\d:\d\d", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_FARE = re.compile(r"[¥Y](\d{1,4}\.\d\d)元?", re.ASCII)
_PLATE = re.compile(r"[\u4e00-\u9fff]?[A-Z][A-Z0-9]{5,6}", re.ASCII)
_LEAST = 0.5  # confidence; a character less sure than that is more often wrong than right
_AGREEING = 0.4  # of the distance of two lines


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a slip shows. What the meter printed is read only where its offset from the labels is known."""
    yield from labelled(page, pieces, _FORM)
    pitch = _pitch(pieces)
    offset = _offset(pieces, pitch)
    if offset is None:
        return
    for field, names, value in _PRINTED:
        for label in find_labels(pieces, *names)[:1]:
            found = _at(label, pieces, offset, pitch, value)
            if found and (page.source is not Source.OCR or found[1].confidence >= _LEAST):
                yield reading(page, field, found[0], [found[1]])


def _date(text: str) -> str | None:
    """The mark 日 of a dot matrix is easily taken for 8; three digits for a day are one too many."""
    found = _DATE.fullmatch(text)
    return normalise.issue_date("-".join(part for part in found.groups() if part)) if found else None


def _fare(text: str) -> str | None:
    found = _FARE.fullmatch(text)
    value = normalise.money(found[1]) if found else None
    return value if value != "0.00" else None


def _time(text: str) -> str | None:
    return text if _TIME.fullmatch(text) else None


def _distance(text: str) -> str | None:
    found = _DISTANCE.fullmatch(text)
    return found[1] if found else None


def _waiting(text: str) -> str | None:
    return text if _WAITING.fullmatch(text) else None


def _plate(text: str) -> str | None:
    return text if _PLATE.fullmatch(text) and any(map(str.isdigit, text)) else None


_DATE_LABELS, _DISTANCE_LABELS, _WAITING_LABELS = ("日期",), ("里程",), ("等候",)
_MARKS = ((_DATE_LABELS, _date), (_DISTANCE_LABELS, _distance), (_WAITING_LABELS, _waiting))
_PRINTED = (
    ("issue_date", _DATE_LABELS, _date),
    ("total_amount", ("金额", "总金额", "实收金额"), _fare),
    ("plate_number", ("车号", "车牌号"), _plate),
    ("boarding_time", ("上车",), _time),
    ("alighting_time", ("下车",), _time),
    ("mileage", _DISTANCE_LABELS, _distance),
)


def _pitch(pieces: Sequence[Piece]) -> float:
    """The distance of two printed lines, by the labels."""
    labels = find_labels(pieces, "车号", "证号", "日期", "上车", "下车", "单价", "里程", "等候", "金额")
    steps = [lower.piece.middle - upper.piece.middle for upper, lower in pairwise(labels)]
    return median(steps) if steps else 0.0


def _offset(pieces: Sequence[Piece], pitch: float) -> float | None:
    """How far below its labels the meter printed; None where the marks do not agree."""
    offsets = []
    for names, value in _MARKS:
        for label in find_labels(pieces, *names)[:1]:
            marks = [piece for piece in _values(label, pieces) if value(piece.squeezed)]
            if len(marks) == 1:
                offsets.append(marks[0].middle - label.piece.middle)
    if not offsets or pitch <= 0:
        return None
    middle = median(offsets)
    return middle if all(abs(offset - middle) < _AGREEING * pitch for offset in offsets) else None


def _values(label: Label, pieces: Sequence[Piece]) -> list[Piece]:
    """What stands right of a label's edge, on any line, and what follows the label in its own run."""
    right = [piece for piece in pieces if piece not in label.runs and piece.x0 > label.piece.x1 - label.piece.height]
    return right + ([label.rest] if label.rest else []) + _rests(pieces, label)


def _rests(pieces: Sequence[Piece], label: Label) -> list[Piece]:
    """Values that share a run with the label of another line."""
    others = find_labels(pieces, *(name for _, names, _ in _PRINTED for name in names), "等候", "单价", "证号")
    return [other.rest for other in others if other.rest and other.runs != label.runs]


def _at(
    label: Label, pieces: Sequence[Piece], offset: float, pitch: float, value: Callable[[str], str | None]
) -> tuple[str, Piece] | None:
    middle = label.piece.middle + offset
    near = [piece for piece in _values(label, pieces) if abs(piece.middle - middle) < _AGREEING * pitch]
    found = [(value(piece.squeezed), piece) for row in rows(near) for piece in row]
    sound = [(text, piece) for text, piece in found if text is not None]
    return sound[0] if len(sound) == 1 else None
