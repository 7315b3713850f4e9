"""What a kind of invoice is: how it is told, what must be read of it, how long it is kept."""

import re
from dataclasses import dataclass

_PARTIES_AND_SUMS = (
    "issue_date",
    "seller_name",
    "seller_tax_id",
    "buyer_name",
    "buyer_tax_id",
    "amount_without_tax",
    "tax_amount",
    "total_amount",
)
DIGITAL_FIELDS = ("invoice_number", *_PARTIES_AND_SUMS)
LEGACY_FIELDS = ("invoice_code", "invoice_number", *_PARTIES_AND_SUMS)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind that is read, checked and accepted.

    ``qr_kind`` is the second part of its QR code. ``code`` matches its invoice codes, None where it has none.
    ``title`` is found in the head's text without spaces, brackets half-width.
    """

    id: str
    zh: str
    en: str
    title: re.Pattern[str]
    qr_kind: str
    code: re.Pattern[str] | None
    number_length: int
    required: tuple[str, ...]
    retention_class: str = "five-years"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A kind that is recognised so that it is not taken for another; a person reads it."""

    zh: str
    en: str
    title: re.Pattern[str] | None = None
    qr_kind: str | None = None
    code: re.Pattern[str] | None = None
