"""Railway tickets on paper, blue or red, as sold until 2025: no labels, each value known by its pattern."""

import re
from collections.abc import Iterator, Sequence

from archive.model.evidence import Reading
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.layout import Piece, rows
from ingest.model.page import Page

# What the mainland's railway prints on its tickets; other railways have tickets and stations, too.
TITLE = re.compile(r"12306|95306|中国铁路|仅供报销使用|限乘当日当次车")

_NUMBER = re.compile(r"[A-Z]\d{6,7}", re.ASCII)
_SERIAL = re.compile(r"\d{14}([A-Z]\d{6,7})[\u4e00-\u9fff]*", re.ASCII)
_DEPARTING = re.compile(r"(20\d\d)年(\d\d)月(\d\d)日(\d\d:\d\d)开?", re.ASCII)
_FARE = re.compile(r"[¥Y](\d{1,5}\.\d{1,2})元?", re.ASCII)
_TRAIN = re.compile(r"(?:[GDCZTKYSL]\d{1,4}|\d{4})次?", re.ASCII)
_STATION = re.compile(r"([\u4e00-\u9fff]{2,8})站")
_SEAT = re.compile(r"(?:商务|特等|一等|二等|软|硬|无)(?:座|卧)|(?:新空调)?(?:软|硬)(?:座|卧)")
_PASSENGER = re.compile(r"(\d{10}\*{4}\d{3}[\dX])([\u4e00-\u9fff·]{2,12})?", re.ASCII)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a ticket shows. The day of travel is the only date on it; its number stands above and in the serial."""
    yield from _numbers(page, pieces)
    yield from _stations(page, pieces)
    for piece in pieces:
        text = piece.squeezed
        if departing := _DEPARTING.fullmatch(text):
            date = normalise.issue_date("-".join(departing.groups()[:3]))
            if date:
                yield reading(page, "issue_date", date, [piece])
                yield reading(page, "departure_time", departing[4], [piece])
        elif fare := _FARE.fullmatch(text):
            amount = normalise.money(fare[1])
            if amount and amount != "0.00":
                yield reading(page, "total_amount", amount, [piece])
        elif seat := _SEAT.fullmatch(text):
            yield reading(page, "seat_class", seat[0], [piece])
        elif passenger := _PASSENGER.fullmatch(text):
            yield reading(page, "passenger_id_no", passenger[1], [piece])
            if passenger[2]:
                yield reading(page, "passenger_name", passenger[2], [piece])


def _numbers(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """Above the stations, wherever on the picture the ticket lies, and in the serial at its foot."""
    stations = _stations_row(pieces)
    top = stations[0][1].middle if stations else 0.25 * page.height
    for piece in pieces:
        serial = _SERIAL.fullmatch(piece.squeezed)
        if serial or (_NUMBER.fullmatch(piece.squeezed) and piece.middle < top):
            yield reading(page, "invoice_number", serial[1] if serial else piece.squeezed, [piece])


def _stations(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    for field, (value, piece) in zip(("departure", "carrier_no", "destination"), _stations_row(pieces), strict=False):
        yield reading(page, field, value, [piece])


def _stations_row(pieces: Sequence[Piece]) -> tuple[tuple[str, Piece], ...]:
    """From, train, to: on one row in this order. Empty where no row shows them."""
    for row in rows(pieces):
        text = "|".join(piece.squeezed for piece in row)
        names = [(found[1], piece) for piece in row if (found := _STATION.fullmatch(piece.squeezed))]
        trains = [piece for piece in row if _TRAIN.fullmatch(piece.squeezed)]
        if len(names) == 2 and len(trains) == 1 and text.count("站") == 2 and names[0][1].x0 < trains[0].x0:
            return names[0], (trains[0].squeezed.removesuffix("次"), trains[0]), names[1]
    return ()
