"""A QR payload's values as readings."""

from collections.abc import Iterator
from decimal import Decimal

from archive.model.evidence import Reading, Source
from ingest.model.page import Page, Symbol
from ingest.model.qr_payload import CrcState, QrPayload

# A code that decodes has passed the symbol's own error correction; a matching check sum leaves 1 in 65,536.
_CONFIDENCE = {
    CrcState.MATCH: Decimal("0.9999"),
    CrcState.NOT_APPLICABLE: Decimal("0.99"),
    CrcState.ABSENT: Decimal("0.99"),
    CrcState.MISMATCH: Decimal("0.5"),
}


def qr_readings(page: Page, symbol: Symbol, payload: QrPayload) -> Iterator[Reading]:
    values = {
        "invoice_code": payload.invoice_code,
        "invoice_number": payload.invoice_number,
        "issue_date": payload.issue_date,
        "check_code": payload.check_code,
    }
    if payload.amount_field:
        values[payload.amount_field] = payload.amount
    for field, value in values.items():
        if value is not None:
            yield Reading(field, value, Source.QR, _CONFIDENCE[payload.crc_state], page.number, symbol.box)
