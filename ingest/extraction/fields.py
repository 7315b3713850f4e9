"""All that one page says of an invoice."""

import re
from dataclasses import dataclass

from archive.model.evidence import Reading
from ingest.extraction import qr_payload
from ingest.extraction.amounts import amounts
from ingest.extraction.foot import foot
from ingest.extraction.found import Slots
from ingest.extraction.header import header
from ingest.extraction.items import items
from ingest.extraction.layout import Piece, find_labels, pieces_of, rows
from ingest.extraction.parties import parties
from ingest.extraction.qr_readings import qr_readings
from ingest.model.draft import Item
from ingest.model.page import Page
from ingest.model.qr_payload import QrPayload

_HEAD = 0.4  # of the page's height, for forms without a block of parties; titles stand above it on all of them

_TITLE = re.compile(
    r"(?:增值税|电子|统一|专用|普通|机打|定额|通用)[^\n:]{0,8}发票(?!号码|代码|专用)|发票联|抵扣联|票据\(|客票|行程单|车票"
)


@dataclass(frozen=True, slots=True)
class PageReading:
    """The readings of one page, its lines of goods, and what tells the kind: the head's text and the QR codes."""

    page: Page
    readings: tuple[Reading, ...]
    items: tuple[Item, ...]
    slots: Slots
    head: str
    payloads: tuple[QrPayload, ...]

    @property
    def titled(self) -> bool:
        """Whether the head has the title of some invoice or bill."""
        return bool(_TITLE.search(self.head))


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
        head=_head(page, pieces),
        payloads=tuple(payload for _, payload in payloads),
    )


def _head(page: Page, pieces: tuple[Piece, ...]) -> str:
    """The text above the parties, row by row without spaces, so that a title set wide is found as one."""
    names = [label.piece for label in find_labels(pieces, "名称") if label.piece.middle < page.height / 2]
    bottom = min((piece.y0 for piece in names), default=_HEAD * page.height)
    above = [piece for piece in pieces if piece.middle < bottom]
    return "\n".join(re.sub(r"\s", "", "".join(piece.text for piece in row)) for row in rows(above))
