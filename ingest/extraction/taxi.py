"""Slips of taxis 出租汽车专用发票: a form with labels, printed on by the meter, often a line too high or too low.

How far the print is off is measured by values that cannot be mistaken (date, distance, waiting time); the fare is what
stands that far off its label, with its ¥, so that no digit before it was lost. Print of dots is looked at several times
(``Page.looks``); where the looks differ, there is no fare, and of all else what most of them saw, in doubt. A fare is
no less than price and distance beside it demand.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from statistics import median

from archive.model.evidence import Box, Reading, Source
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Label, Piece, find_labels, may_lack_a_figure, pieces_of, rows
from ingest.model.page import Page

TITLE = re.compile(r"出租(?:汽车|车)\w{0,5}(?:发票|专用)|发票\w{0,4}\(?出租|的士|TAXI", re.IGNORECASE)

_FORM: tuple[Spec, ...] = (
    ("invoice_code", ("发票代码",), normalise.invoice_code),
    ("invoice_number", ("发票号码",), normalise.invoice_number),
    ("seller_name", ("单位名称", "企业名称", "公司名称"), normalise.company_name),
)
# What parts the figures of a date is often misread (``2024±01月02a``) and tells nothing that their places do not.
_FULL_DATE = re.compile(r"(20\d\d)[^\d.,:](\d\d)[^\d.,:](\d\d)(?:[^\d.,:]|8)?", re.ASCII)
_POINTED_DATE = re.compile(r"(20\d\d)([./])(\d\d)\2(\d\d)", re.ASCII)
_SHORT_DATE = re.compile(r"(2\d)年(\d\d)月(\d\d)(?:[日B口曰目8])?", re.ASCII)
_BARE_DATE = re.compile(r"(20[12]\d)([01]\d)([0-3]\d)", re.ASCII)
_DISTANCE = re.compile(r"(\d{1,3}\.\d{1,2})(?:KM|公里)", re.ASCII | re.IGNORECASE)
_WAITING = re.compile(r"\d\d:\d\d:\d\d", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_SPAN = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)[-~至一]((?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII)
_FARE = re.compile(r"[¥Y羊米半≤≦]((?:0|[1-9]\d{0,3})\.\d\d)元?", re.ASCII)
_PRICE = re.compile(r"[¥Y]?(\d\.\d{1,2})元(?:/KM|/公里)?", re.ASCII | re.IGNORECASE)
_PLATE = re.compile(r"[\u4e00-\u9fff]?[A-Z][A-Z0-9]{5,6}", re.ASCII)
_SMALLEST_FARE = Decimal(5)  # yuan; no city's flag fall is below
_FREE = Decimal(4)  # kilometres that flag falls include at most
_LEAST = 0.5  # confidence; a character less sure than that, seen once, is more often wrong than right
_AGREEING = 0.4  # of the distance of two lines
_FEWEST_LABELS = 4  # that show where the meter printed


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a slip shows. What the meter printed is read only where its offset from the labels is known."""
    yield from labelled(page, pieces, _FORM)
    sights = [pieces, *(pieces_of(replace(page, words=words)) for words in page.looks)]
    pitch = _pitch(pieces)
    offset = _offset(sights, pitch)
    if offset is None:
        return

    def seen(names: Sequence[str], value: Callable[[str], str | None]) -> list[tuple[str, Piece]]:
        """What each look saw beside the label."""
        label = next(iter(_labels(sights, names)), None)
        found = (_at(label, sight, offset, pitch, value) for sight in sights if label)
        return [each for each in found if each]

    for field, names, value in _PRINTED:
        yield from _settled(page, field, seen(names, value))
    fares = seen(_FARE_LABELS, _fare)
    least = _least_fare(seen(_PRICE_LABELS, _price), seen(_DISTANCE_LABELS, _distance))
    # The first figure of a fare melts into its ¥ for some looks, so that all of them must agree.
    whole = not any(may_lack_a_figure(piece) for _, piece in fares)
    if whole and len({fare for fare, _ in fares}) == 1 and Decimal(fares[0][0]) >= least:
        yield from _settled(page, "total_amount", fares)


def printed_area(pieces: Sequence[Piece]) -> Box | None:
    """Where a meter printed, in the unit of the pieces: from the first of its labels to the last, and a line more, as
    far as anything stands right of them. None where the pieces show no slip, or several."""
    labels = find_labels(pieces, *_ROWS)
    texts = [label.piece.as_label for label in labels]
    pitch = _pitch(pieces)
    if len(set(texts)) < _FEWEST_LABELS or len(set(texts)) < len(texts) or pitch <= 0:
        return None
    tops, bottoms = [label.piece.y0 for label in labels], [label.piece.y1 for label in labels]
    left, right = min(label.piece.x0 for label in labels), max(piece.x1 for piece in pieces)
    return Box(left - pitch, min(tops) - 2 * pitch, right + pitch, max(bottoms) + 2 * pitch)


def _date(text: str) -> str | None:
    """The mark 日 of a dot matrix is easily taken for 8; three digits for a day are one too many."""
    if found := _FULL_DATE.fullmatch(text) or _BARE_DATE.fullmatch(text):
        return normalise.issue_date("-".join(found.groups()))
    if found := _POINTED_DATE.fullmatch(text):
        return normalise.issue_date(f"{found[1]}-{found[3]}-{found[4]}")
    found = _SHORT_DATE.fullmatch(text)
    return normalise.issue_date(f"20{found[1]}-{found[2]}-{found[3]}") if found else None


def _fare(text: str) -> str | None:
    found = _FARE.fullmatch(text)
    value = normalise.money(found[1]) if found else None
    return value if value != "0.00" else None


def _least_fare(prices: Sequence[tuple[str, Piece]], distances: Sequence[tuple[str, Piece]]) -> Decimal:
    """What the distance beyond the flag fall costs. A fare below that has lost its first figure."""
    if len({price for price, _ in prices}) != 1 or len({distance for distance, _ in distances}) != 1:
        return _SMALLEST_FARE
    return _SMALLEST_FARE + Decimal(prices[0][0]) * max(Decimal(0), Decimal(distances[0][0]) - _FREE)


def _time(text: str) -> str | None:
    return text if _TIME.fullmatch(text) else None


def _price(text: str) -> str | None:
    found = _PRICE.fullmatch(text)
    return found[1] if found else None


def _start(text: str) -> str | None:
    found = _SPAN.fullmatch(text)
    return found[1] if found else None


def _end(text: str) -> str | None:
    found = _SPAN.fullmatch(text)
    return found[2] if found else None


def _distance(text: str) -> str | None:
    found = _DISTANCE.fullmatch(text)
    return found[1] if found else None


def _waiting(text: str) -> str | None:
    return text if _WAITING.fullmatch(text) else None


def _plate(text: str) -> str | None:
    return text if _PLATE.fullmatch(text) and any(map(str.isdigit, text)) else None


_FARE_LABELS, _PRICE_LABELS = ("金额", "总金额", "实收金额"), ("单价",)
_DATE_LABELS, _DISTANCE_LABELS, _WAITING_LABELS = ("日期",), ("里程",), ("等候",)
_MARKS = ((_DATE_LABELS, _date), (_DISTANCE_LABELS, _distance), (_WAITING_LABELS, _waiting))
_PRINTED = (
    ("issue_date", _DATE_LABELS, _date),
    ("plate_number", ("车号", "车牌号"), _plate),
    ("boarding_time", ("上车",), _time),
    ("alighting_time", ("下车",), _time),
    ("boarding_time", ("时间",), _start),
    ("alighting_time", ("时间",), _end),
    ("mileage", _DISTANCE_LABELS, _distance),
)
_ROWS = ("车号", "证号", "日期", "上车", "下车", "时间", "单价", "里程", "等候", "金额")


def _labels(sights: Sequence[Sequence[Piece]], names: Sequence[str]) -> list[Label]:
    """As the first look found them; where it did not, as another did."""
    return next((found for sight in sights if (found := find_labels(sight, *names))), [])


def _pitch(pieces: Sequence[Piece]) -> float:
    """The distance of two printed lines, by the labels."""
    steps = [lower.piece.middle - upper.piece.middle for upper, lower in pairwise(find_labels(pieces, *_ROWS))]
    return median(steps) if steps else 0.0


def _offset(sights: Sequence[Sequence[Piece]], pitch: float) -> float | None:
    """How far below its labels the meter printed; None where the marks do not agree."""
    offsets = []
    for names, value in _MARKS:
        for label in _labels(sights, names)[:1]:
            for sight in sights:
                marks = [piece for piece in _values(label, sight) if value(piece.squeezed)]
                if len(marks) == 1:
                    offsets.append(marks[0].middle - label.piece.middle)
    if not offsets or pitch <= 0:
        return None
    middle = median(offsets)
    return middle if all(abs(offset - middle) < _AGREEING * pitch for offset in offsets) else None


def _values(label: Label, pieces: Sequence[Piece]) -> list[Piece]:
    """What stands right of a label's edge, on any line, and what follows a label of any line in its own run."""
    edge = label.piece.x1 - label.piece.height
    right = [piece for piece in pieces if piece not in label.runs and piece.x0 > edge]
    return right + [other.rest for other in find_labels(pieces, *_ROWS) if other.rest]


def _at(
    label: Label, pieces: Sequence[Piece], offset: float, pitch: float, value: Callable[[str], str | None]
) -> tuple[str, Piece] | None:
    middle = label.piece.middle + offset
    near = [piece for piece in _values(label, pieces) if abs(piece.middle - middle) < _AGREEING * pitch]
    found = [(value(piece.squeezed), piece) for row in rows(near) for piece in row]
    sound = [(text, piece) for text, piece in found if text is not None]
    return sound[0] if len(sound) == 1 else None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A value, how many looks saw it, and the surest of them."""

    value: str
    looks: int
    piece: Piece


def _settled(page: Page, field: str, seen: Sequence[tuple[str, Piece]]) -> Iterator[Reading]:
    """The value that most looks saw first, each with its share of the looks for a doubt."""
    claims = []
    for value in dict.fromkeys(text for text, _ in seen):
        own = [piece for text, piece in seen if text == value]
        claims.append(_Claim(value, len(own), max(own, key=lambda piece: piece.confidence)))
    claims.sort(key=lambda claim: (claim.looks, claim.piece.confidence), reverse=True)
    if not claims or (len(claims) > 1 and claims[0].looks == claims[1].looks):
        return
    best = claims[0]
    if page.source is Source.OCR and best.piece.confidence < _LEAST and best.looks == 1:
        return
    top = None
    for claim in claims:
        found = reading(page, field, claim.value, [claim.piece])
        share = Decimal(claim.looks) / len(seen)
        confidence = (found.confidence * share).quantize(Decimal("0.001"))
        top = confidence if top is None else top
        yield replace(found, confidence=min(confidence, top))
