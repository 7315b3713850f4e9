"""All that one page says of an invoice."""

import re
from dataclasses import dataclass

from archive.model.evidence import Reading, Source
from ingest.extraction import qr_payload
from ingest.extraction.amounts import amounts
from ingest.extraction.foot import foot
from ingest.extraction.found import Slots
from ingest.extraction.header import header
from ingest.extraction.items import items
from ingest.extraction.layout import Piece, pieces_of, rows
from ingest.extraction.parties import parties
from ingest.extraction.qr_readings import qr_readings
from ingest.model.draft import Item
from ingest.model.page import Page
from ingest.model.qr_payload import QrPayload

_HEAD = 0.4  # of the page's height; titles stand above it on every form, also on tall receipts


@dataclass(frozen=True, slots=True)
class PageReading:
    """The readings of one page, its lines of goods, and what tells the kind: the head's text and the QR codes."""

    page: Page
    readings: tuple[Reading, ...]
    items: tuple[Item, ...]
    slots: Slots
    head: str
    text: str
    payloads: tuple[QrPayload, ...]

    @property
    def source(self) -> Source:
        return self.page.source


def read_page(page: Page) -> PageReading:
    pieces = pieces_of(page)
    payloads = tuple((symbol, payload) for symbol in page.symbols if (payload := qr_payload.parse(symbol.text)))
    party_readings, party_slots = parties(page, pieces)
    amount_readings, amount_slots = amounts(page, pieces)
    printed = [*header(page, pieces), *party_readings, *amount_readings, *foot(page, pieces)]
    scanned = [reading for symbol, payload in payloads for reading in qr_readings(page, symbol, payload)]
    return PageReading(
        page=page,
        readings=(*printed, *scanned),
        items=items(pieces),
        slots=Slots(party_slots.blank | amount_slots.blank, party_slots.starred | amount_slots.starred),
        head=_squeezed([piece for piece in pieces if piece.middle < _HEAD * page.height]),
        text=_squeezed(pieces),
        payloads=tuple(payload for _, payload in payloads),
    )


def _squeezed(pieces: list[Piece] | tuple[Piece, ...]) -> str:
    """The text row by row without spaces, so that a title set wide is found as one."""
    return "\n".join(re.sub(r"\s", "", "".join(piece.text for piece in row)) for row in rows(pieces))
