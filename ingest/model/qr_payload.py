"""What the QR code of a tax invoice says, as values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

_AMOUNT_FIELDS: dict[str, Literal["amount_without_tax", "total_amount"]] = {
    "01": "amount_without_tax",
    "04": "amount_without_tax",
    "10": "amount_without_tax",
    "20": "amount_without_tax",
    "31": "total_amount",
    "32": "total_amount",
    "51": "total_amount",
    "61": "total_amount",
}


class CrcState(StrEnum):
    """Whether the payload's own check sum agrees with it. A match proves a right decoding, not a genuine invoice.

    ``NOT_APPLICABLE``: the printed tail differs, but issuers of that kind are known to print other tails.
    """

    MATCH = "match"
    MISMATCH = "mismatch"
    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class QrPayload:
    """The comma-separated payload; each value normalised as for its field, None where it is empty or no such value.

    ``kind_code`` is the two-digit kind, also where it is one we do not know. ``crc`` is as printed.
    """

    kind_code: str
    invoice_code: str | None
    invoice_number: str
    amount: str | None
    issue_date: str | None
    check_code: str | None
    crc: str | None
    crc_state: CrcState

    @property
    def amount_field(self) -> Literal["amount_without_tax", "total_amount"] | None:
        """Which field ``amount`` states; None for a kind whose habit is not established."""
        return _AMOUNT_FIELDS.get(self.kind_code)
