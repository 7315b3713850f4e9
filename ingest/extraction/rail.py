"""电子发票（铁路电子客票）: the railway's page, since November 2024 (国家税务总局公告 2024 年第 8 号).

Buyer and fare have labels; train, stations, time and traveller are known by their forms.
"""

import re
from collections.abc import Iterator, Sequence

from archive.model.evidence import Reading, Source
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.header import header
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece, rows
from ingest.model.page import Page

TITLE = re.compile(r"铁路电子客票")

_ID_LENGTH = 18
_HAN = r"\u4e00-\u9fff"
_ROUTE = re.compile(rf"([{_HAN}]{{2,8}}?)站([GDCZTKYSL]\d{{1,4}}|\d{{4}})次?([{_HAN}]{{2,8}}?)站", re.ASCII)
_DEPARTING = re.compile(r"(20\d\d)年(\d\d)月(\d\d)日(\d\d:\d\d)开", re.ASCII)
_SEAT = re.compile(r"(\d{1,2}车)(\d{1,3}[A-F]?号(?:[上中下]铺)?|无座)", re.ASCII)
_CLASS = re.compile(r"(?:新空调)?(?:商务座|特等座|一等座|二等座|软座|硬座|软卧|硬卧|一等卧|二等卧|动卧|高级软卧|无座)")
_TRAVELLER = re.compile(rf"([0-9A-Z]{{4,10}}\*{{4,8}}[0-9A-Z]{{3,4}})\|?([{_HAN}·]{{2,12}})?", re.ASCII)


def _fare(text: str) -> str | None:
    return normalise.money(text) if re.search(r"\d\.\d\d$", text.strip()) else None


def _ticket(text: str) -> str | None:
    squeezed = re.sub(r"\s", "", text)
    return squeezed if re.fullmatch(r"[0-9A-Z]{10,30}", squeezed, re.ASCII) else None


_FORM: tuple[Spec, ...] = (
    ("total_amount", ("票价", "退票费"), _fare),
    ("ticket_no", ("电子客票号",), _ticket),
    ("buyer_name", ("购买方名称",), normalise.company_name),
    ("buyer_tax_id", ("统一社会信用代码/纳税人识别号", "统一社会信用代码", "纳税人识别号"), normalise.tax_id),
)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a ticket shows. The tax is stated in its data only."""
    yield from header(page, pieces)
    yield from labelled(page, pieces, _FORM)
    for row in rows(pieces):
        for field, value in _known_by_form([piece.squeezed for piece in row]):
            if page.source is not Source.OCR or is_whole(field, value):
                yield reading(page, field, value, row)


def is_whole(field: str, value: str) -> bool:
    """Whether a scan lost none of the stars of a masked resident id."""
    return field != "passenger_id_no" or len(value) == _ID_LENGTH


def _known_by_form(row: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What a row says that no label announces. A name may be a run of its own, but what stands beside it is not its."""
    text = "".join(row)
    if route := _ROUTE.search(text):
        yield from zip(("departure", "carrier_no", "destination"), route.groups(), strict=True)
    if departing := _DEPARTING.search(text):
        day = normalise.issue_date("-".join(departing.groups()[:3]))
        if day:
            yield "departure_date", day
            yield "departure_time", departing[4]
    if seat := _SEAT.search(text):
        yield "seat", " ".join(seat.groups())
    if grade := _CLASS.search(text):
        yield "seat_class", grade[0]
    if traveller := _TRAVELLER.search("|".join(row)):
        yield "passenger_id_no", traveller[1]
        if traveller[2]:
            yield "passenger_name", traveller[2]
