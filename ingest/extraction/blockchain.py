"""深圳电子普通发票 on the blockchain: set like a VAT invoice, with a short check code and an address for a QR code."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from archive.model.evidence import Reading, Source
from ingest.extraction.amounts import amounts
from ingest.extraction.foot import foot
from ingest.extraction.header import header
from ingest.extraction.labelled import labelled
from ingest.extraction.layout import Piece
from ingest.extraction.parties import parties
from ingest.model.page import Page, Symbol

TITLE = re.compile(r"(?<!税)电子普通发票")

_LINK = re.compile(r"https?://bcfp\.\S+?[?&]bill_num=(\d{8})&total_amount=(\d{1,12})(?:&\S*)?", re.ASCII)
_DECODED = Decimal("0.99")  # the symbol's own error correction held; nothing else checks it


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What an invoice shows; its check code has five characters."""
    yield from (found for found in header(page, pieces) if found.field != "check_code")
    yield from parties(page, pieces)[0]
    yield from amounts(page, pieces)
    yield from foot(page, pieces)
    yield from labelled(page, pieces, (("check_code", ("校验码",), _check_code),))


def link_readings(symbol: Symbol, page: int) -> Iterator[Reading]:
    """Number and total (printed in fen) of the address in the QR code, which is never called."""
    found = _LINK.fullmatch(symbol.text.strip())
    if found:
        yield Reading("invoice_number", found[1], Source.QR, _DECODED, page, symbol.box)
        yield Reading("total_amount", f"{Decimal(found[2]) / 100:.2f}", Source.QR, _DECODED, page, symbol.box)


def _check_code(text: str) -> str | None:
    squeezed = re.sub(r"\s", "", text)
    return squeezed if re.fullmatch(r"[0-9A-Za-z]{5}", squeezed, re.ASCII) else None
