"""The draft: one invoice as read from a document, before anybody decided on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from archive.model.evidence import Finding, Reading

EXEMPT = "***"  # what an exempt or untaxed invoice prints for its tax: read, but no amount


@dataclass(frozen=True, slots=True)
class Item:
    """One line of goods or services, as text: money with two decimals, rates as printed."""

    name: str | None = None
    spec: str | None = None
    unit: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    amount: str | None = None
    tax_rate: str | None = None
    tax_amount: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One invoice found in a document.

    ``fields`` holds the chosen reading of each field, its confidence raised or lowered by what the other readings say;
    ``readings`` holds all of them. ``kind`` is ``unknown`` where the evidence names none or contradicts itself.
    """

    kind: str
    pages: tuple[int, ...]
    fields: Mapping[str, Reading]
    readings: tuple[Reading, ...]
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]

    def value(self, field: str) -> str | None:
        reading = self.fields.get(field)
        return reading.value if reading else None

    def money(self, field: str) -> Decimal | None:
        """The amount; None where the field was not read, or prints ``***`` instead of an amount."""
        value = self.value(field)
        return Decimal(value) if value not in (None, EXEMPT) else None


@dataclass(frozen=True, slots=True)
class Examination:
    """All that reading a document brought, local and repeatable. No drafts means: no invoice was recognised."""

    media_type: str
    page_count: int
    seconds: float
    drafts: tuple[Draft, ...]
