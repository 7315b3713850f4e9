"""The text of a tax invoice's QR code → its values.

``01,<kind>,<code>,<number>,<amount>,<yyyymmdd>,<check code>,<4 hex>``, often with one more comma. Seen in print: a
space for an empty part, dashes in the date, no decimals, the check sum missing, empty or in small letters.
"""

import re

from ingest.extraction import normalise
from ingest.model.qr_payload import CrcState, QrPayload

_HEAD = re.compile(r"01,\s*\d\d\s*,")  # version and kind
_PARTS = range(7, 10)
_CHECKED_KINDS = frozenset({"01", "04", "31", "32"})  # issuers of other kinds are known to print other tails
_POLYNOMIAL = 0x8005
_X25, _MODBUS = (0x8408, 0xFFFF), (0xA001, 0)


def parse(text: str) -> QrPayload | None:
    """The payload, or None where the text is not a tax invoice's: other pages carry QR codes too."""
    payload = text.strip("\ufeff\r\n")
    raw = payload.split(",")
    parts = [part.strip() for part in raw]
    if not (payload.isascii() and _HEAD.match(payload) and len(parts) in _PARTS):
        return None
    code, number = normalise.invoice_code(parts[2]), normalise.invoice_number(parts[3])
    if number is None or bool(parts[2]) != bool(code):
        return None
    crc = parts[7] if len(parts) > 7 and parts[7] else None
    return QrPayload(
        kind_code=parts[1],
        invoice_code=code,
        invoice_number=number,
        amount=normalise.money(parts[4]),
        issue_date=normalise.issue_date(parts[5]),
        check_code=normalise.check_code(parts[6]),
        crc=crc,
        crc_state=_crc_state(parts[1], ",".join(raw[:7]), crc),
    )


def qr_crc(covered: bytes) -> str:
    """CRC-16/UMTS (polynomial 0x8005, start 0, not reflected) as four capital hex digits.

    ``covered`` is the payload before the check sum, as printed, spaces included. ``123456789`` gives ``FEE8``.
    """
    register = 0
    for byte in covered:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ (_POLYNOMIAL if register & 0x8000 else 0)
            register &= 0xFFFF
    return f"{register:04X}"


def small_crc(covered: bytes, polynomial: int, flip: int) -> str:
    """A reflected CRC-16 that starts with all ones, as four small hex digits.

    CRC-16/X-25 (0x8408, flipped by 0xFFFF) gives ``906e`` for ``123456789``, CRC-16/MODBUS (0xA001, 0) ``4b37``.
    """
    register = 0xFFFF
    for byte in covered:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ (polynomial if register & 1 else 0)
    return f"{register ^ flip:04x}"


def _crc_state(kind_code: str, text: str, crc: str | None) -> CrcState:
    if crc is None:
        return CrcState.ABSENT
    covered = f"{text},".encode()
    # Most issuers of electronic ordinary invoices (kind 10) leave the comma before the check sum out of it. Those who
    # print it in small letters take another CRC: X-25 on 数电票, MODBUS on railway tickets.
    if crc.upper() in {qr_crc(covered), qr_crc(text.encode())}:
        return CrcState.MATCH
    if crc in {small_crc(covered, *_X25), small_crc(covered, *_MODBUS)}:
        return CrcState.MATCH
    return CrcState.MISMATCH if kind_code in _CHECKED_KINDS else CrcState.NOT_APPLICABLE
