"""What a second engine says of the figures that identify an invoice, where no QR code on the page can confirm them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from archive.model.evidence import Box, Reading, Source
from ingest.extraction import normalise
from ingest.extraction.layout import Piece, box_of, may_lack_a_figure
from ingest.model.page import Page, Spot

_FIGURES = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DATE = f"{_FIGURES}年月日-"
_AMOUNT = f"{_FIGURES}."
_PRINTED_DATE = re.compile(r"\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}日?", re.ASCII)
_PRINTED_AMOUNT = re.compile(r"\d+\.\d{1,2}", re.ASCII)
_ACCOUNT = re.compile(r"\d{8,}", re.ASCII)
_IDENTIFYING = frozenset({"invoice_code", "invoice_number", "issue_date", "check_code"})
_ACCOUNTS = frozenset({"buyer_bank_account", "seller_bank_account"})
_PRINTED = {"issue_date": _PRINTED_DATE, "total_amount": _PRINTED_AMOUNT, **dict.fromkeys(_ACCOUNTS, _ACCOUNT)}
_CONTRADICTING = 0.9  # confidence; a less sure engine that reads something else has only failed to read


def second_look(page: Page, pieces: Sequence[Piece], readings: Sequence[Reading]) -> Iterator[Reading]:
    """The second engine's readings of number, code, date and check code, and of a total that no words repeat, as far as
    no other source states them; and, since a digit may be lost under a seal, of the accounts. What cannot be such a
    value is no reading: often the second engine fails where the first one reads well.
    """
    if page.look_again is None:
        return
    asked = [first for first in _asked(readings) if not _may_be_cut(first, page, pieces)]
    places = [_places(reading, page, pieces) for reading in asked]
    spots = [Spot(box, _signs(reading)) for reading, boxes in zip(asked, places, strict=True) for box in boxes]
    seen = iter(page.look_again(spots) if spots else ())
    for first, boxes in zip(asked, places, strict=True):
        parts = list(islice(seen, len(boxes)))
        value, confidence = _value(first, "".join(text for text, _ in parts)), min(sure for _, sure in parts)
        if value is not None and (value == first.value or first.field in _ACCOUNTS or confidence >= _CONTRADICTING):
            yield Reading(
                first.field, value, Source.OCR_AGAIN, Decimal(str(round(confidence, 3))), first.page, first.box
            )


def _asked(readings: Sequence[Reading]) -> Iterator[Reading]:
    stated = {reading.field for reading in readings if reading.source is not Source.OCR}
    in_words = any(reading.field == "total_amount_cn" for reading in readings)
    fields = _IDENTIFYING - stated if in_words else (_IDENTIFYING | {"total_amount"}) - stated
    asked = [reading for reading in readings if reading.field in fields and reading.box]
    yield from asked
    if asked:
        yield from (reading for reading in readings if reading.field in _ACCOUNTS and _ACCOUNT.search(reading.value))


def _may_be_cut(reading: Reading, page: Page, pieces: Sequence[Piece]) -> bool:
    """Whether the first engine may have taken the first figure of a total for a part of its ¥. What is cut by its
    places would lack that figure, too."""
    printed = (piece for piece in pieces if box_of([piece], page) == reading.box)
    return reading.field == "total_amount" and any(may_lack_a_figure(piece) for piece in printed)


def _signs(reading: Reading) -> str:
    if reading.field == "issue_date":
        return _DATE
    if reading.field == "total_amount":
        return _AMOUNT
    return _FIGURES if reading.value.isdigit() or reading.field in _ACCOUNTS else _FIGURES + _CAPITALS


def _places(reading: Reading, page: Page, pieces: Sequence[Piece]) -> list[Box]:
    """Where the value itself is printed: without the ¥ or № that the run of a reading may begin with, each group of a
    number that is printed in groups by itself."""
    assert reading.box
    usual = _PRINTED.get(reading.field)
    printed = usual or re.compile(r"\s?".join(map(re.escape, reading.value)))
    for piece in pieces:
        found = printed.search(piece.text)
        if found and box_of([piece], page) == reading.box and not piece.downwards:
            groups = re.finditer(r"\S+", found[0])
            spans = [(found.start() + group.start(), found.start() + group.end()) for group in groups]
            return [box_of([piece.cut(*span)], page) for span in spans]
    return [reading.box]


def _value(first: Reading, text: str) -> str | None:
    """The value that the second engine read, if it is one that could stand there instead of the first."""
    if first.field == "issue_date":
        return normalise.issue_date(text)
    if first.field == "total_amount":
        return normalise.money(text) if _PRINTED_AMOUNT.fullmatch(text) else None
    if first.field in _ACCOUNTS:
        return _ACCOUNT.sub(text, first.value) if _ACCOUNT.fullmatch(text) else None
    return text if len(text) == len(first.value) else None
