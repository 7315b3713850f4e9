"""The record: one invoice in custody, with its originals, its evidence and its retention."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from archive.model.digest import Digest
from archive.model.evidence import Finding, Reading
from archive.model.invoice import Invoice


class VerificationStatus(StrEnum):
    """What the tax system said of the invoice (the second axis beside the document's state)."""

    PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class Verification:
    """The present verification status and why it is so; ``zh`` and ``en`` are sentences for people."""

    status: VerificationStatus
    reason: str
    zh: str
    en: str


NO_CHANNEL = Verification(
    VerificationStatus.PENDING,
    "no-channel",
    "待查验：尚未配置税务查验通道。",
    "Pending: no tax verification channel is configured.",
)


@dataclass(frozen=True, slots=True)
class Original:
    """A document as it arrived, byte for byte. ``file_name`` is the sender's and is data only, never a path of ours."""

    digest: Digest
    size: int
    media_type: str
    file_name: str
    received_at: datetime
    received_from: str
    pages: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True)
class Record:
    """One invoice in custody.

    ``originals`` are its renditions, the first one first (XML, OFD, PDF, scan of the same invoice join one record).
    ``retain_until`` is the first Beijing date on which disposal may be considered; ``booking_year`` the fiscal year in
    which the invoice was booked, None while that is not known. ``version`` counts from 1; each
    change writes a new version beside the old ones.
    """

    id: str
    version: int
    invoice: Invoice
    originals: tuple[Original, ...]
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    verification: Verification
    retention_class: str
    retain_until: date
    deposited_at: datetime
    deposited_by: str
    booking_year: int | None = None


_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghjkmnpqrstvwxyz")


def record_id(document: Digest, index: int) -> str:
    """The id of the record of a document's invoice, counted from 0: the same at every attempt, on every machine.

    80 bits of SHA-256 in Crockford's base 32, lower case: 16 letters without i, l, o and u, which people mistake.
    """
    seed = hashlib.sha256(f"{document}#{index}".encode("ascii")).digest()
    return base64.b32encode(seed[:10]).decode("ascii").translate(_CROCKFORD)
