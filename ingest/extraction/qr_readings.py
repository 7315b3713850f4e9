"""A QR payload's values as readings."""

from collections.abc import Iterator
from decimal import Decimal

from archive.model.evidence import Box, Reading, Source
from ingest.model.qr_payload import CrcState, QrPayload

# A code that decodes has passed the symbol's own error correction; a matching check sum leaves 1 in 65,536.
_CONFIDENCE = {
    CrcState.MATCH: Decimal("0.9999"),
    CrcState.NOT_APPLICABLE: Decimal("0.99"),
    CrcState.ABSENT: Decimal("0.99"),
    CrcState.MISMATCH: Decimal("0.5"),
}


def qr_readings(payload: QrPayload, page: int, box: Box | None) -> Iterator[Reading]:
    """``box`` is None for a code that is data, not on the page."""
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
            yield Reading(field, value, Source.QR, _CONFIDENCE[payload.crc_state], page, box)
