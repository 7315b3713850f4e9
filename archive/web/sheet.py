"""The sheet: one invoice as the screen shows it, pages with boxes beside fields with their evidence. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from archive.model.digest import Digest
from archive.model.evidence import Box, Finding, Reading, Severity
from archive.model.invoice import Invoice
from archive.model.particulars import GROUPS as PARTICULARS
from archive.model.particulars import NAMES as PARTICULAR
from archive.model.record import Record
from archive.web import show

FIELD_GROUPS: Mapping[str, tuple[str, ...]] = {
    "invoice": ("invoice_code", "invoice_number", "issue_date", "check_code", "machine_number"),
    "amounts": ("amount_without_tax", "tax_amount", "total_amount", "total_amount_cn"),
    "seller": ("seller_name", "seller_tax_id", "seller_address_phone", "seller_bank_account"),
    "buyer": ("buyer_name", "buyer_tax_id", "buyer_address_phone", "buyer_bank_account"),
    **{group: tuple(names) for group, names in PARTICULARS.items()},
    "people": ("payee", "reviewer", "drawer", "remarks"),
}
"""The fields of the screen, in the order in which people compare them with the picture."""

MONEY = frozenset({"amount_without_tax", "tax_amount", "total_amount", *PARTICULARS["fare"], "deduction"})
DOUBT_BELOW = Decimal("0.9")
_UNITS = 10_000


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field on the screen. ``doubtful`` asks for a look: unsure, contradicted by another reading, or found at fault.

    ``others`` are readings that say something else.
    """

    name: str
    value: str | None
    reading: Reading | None
    others: tuple[Reading, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def doubtful(self) -> bool:
        unsure = self.reading is not None and self.reading.confidence < DOUBT_BELOW
        return unsure or bool(self.others) or any(finding.severity is not Severity.INFO for finding in self.findings)

    @property
    def percent(self) -> int | None:
        return show.percent(self.reading.confidence) if self.reading else None

    @property
    def shown(self) -> str:
        return show.money(self.value) if self.name in MONEY else self.value or ""


@dataclass(frozen=True, slots=True)
class BoxView:
    """A field's place on a page, in ten-thousandths of the page's width and height (SVG attributes are numbers)."""

    field: str
    x: int
    y: int
    width: int
    height: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class PageView:
    number: int
    picture: str
    boxes: tuple[BoxView, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of goods or services. ``detail`` is specification, quantity and price in one text."""

    name: str
    detail: str
    amount: str
    tax_rate: str
    tax_amount: str


@dataclass(frozen=True, slots=True)
class Sheet:
    kind: str
    pages: tuple[PageView, ...]
    groups: Mapping[str, tuple[FieldView, ...]]
    lines: tuple[LineView, ...]
    findings: tuple[Finding, ...]

    @property
    def fields(self) -> tuple[FieldView, ...]:
        return tuple(field for group in self.groups.values() for field in group)

    @property
    def doubtful(self) -> int:
        return sum(field.doubtful for field in self.fields)


def picture_path(digest: Digest, page: int) -> str:
    return f"/pictures/{digest.hex}/{page}"


def of_record(record: Record) -> Sheet:
    """The sheet of a record, on the pages of its originals, the first one first."""
    values = values_of(record.invoice)
    chosen = {name: _chosen(name, value, record.readings) for name, value in values.items() if value is not None}
    return compose(
        kind=record.invoice.kind,
        pages=[(original.digest, page) for original in record.originals for page in original.pages],
        values=values,
        chosen={name: reading for name, reading in chosen.items() if reading},
        readings=record.readings,
        lines=tuple(map(line_view, record.invoice.lines)),
        findings=record.findings,
    )


def compose(
    *,
    kind: str,
    pages: Sequence[tuple[Digest, int]],
    values: Mapping[str, str | None],
    chosen: Mapping[str, Reading],
    readings: Sequence[Reading],
    lines: tuple[LineView, ...],
    findings: Sequence[Finding],
) -> Sheet:
    """``pages`` are documents with the number of a page; ``chosen`` is the reading behind each value."""
    groups = {
        group: tuple(
            _field(name, values.get(name), chosen.get(name), readings, findings)
            for name in names
            if values.get(name) is not None or any(finding.field == name for finding in findings)
        )
        for group, names in FIELD_GROUPS.items()
    }
    fields = [field for group in groups.values() for field in group]
    return Sheet(
        kind=kind,
        pages=tuple(
            PageView(page, picture_path(digest, page), tuple(_boxes(digest, page, fields, readings)))
            for digest, page in pages
        ),
        groups={name: group for name, group in groups.items() if group},
        lines=lines,
        findings=tuple(findings),
    )


def values_of(invoice: Invoice) -> dict[str, str | None]:
    """The invoice's fields as text, by the names that readings use."""
    parties = {
        f"{side}_{name}": getattr(getattr(invoice, side), name)
        for side in ("seller", "buyer")
        for name in ("name", "tax_id", "address_phone", "bank_account")
    }
    names = [name for group in FIELD_GROUPS.values() for name in group if name not in parties]
    own = {name: invoice.particulars.get(name) if name in PARTICULAR else getattr(invoice, name) for name in names}
    return {name: None if value is None else str(value) for name, value in {**own, **parties}.items()}


def _chosen(name: str, value: str | None, readings: Sequence[Reading]) -> Reading | None:
    """The reading that shows best where the value stands: one with a place, then the surest."""
    same = [reading for reading in readings if reading.field == name and reading.value == value]
    return max(same, key=lambda reading: (reading.box is not None, reading.confidence), default=None)


def _field(
    name: str,
    value: str | None,
    reading: Reading | None,
    readings: Sequence[Reading],
    findings: Sequence[Finding],
) -> FieldView:
    # One other reading a source is enough: the screen says who contradicts, the record keeps them all.
    others = {other.source: other for other in readings if other.field == name and other.value != value}
    same = {other.source for other in readings if other.field == name and other.value == value}
    return FieldView(
        name,
        value,
        reading,
        tuple(other for source, other in others.items() if source not in same),
        tuple(finding for finding in findings if finding.field == name),
    )


def _boxes(digest: Digest, page: int, fields: Sequence[FieldView], readings: Sequence[Reading]) -> Iterator[BoxView]:
    """Where a value stands on this page: the surest reading of it there. A draft's readings name no document."""
    here = [reading for reading in readings if reading.page == page and reading.document in (None, digest)]
    for field in fields:
        same = [reading for reading in here if (reading.field, reading.value) == (field.name, field.value)]
        placed = [(reading.confidence, reading.box) for reading in same if reading.box]
        if placed:
            yield _box(field, max(placed, key=lambda place: place[0])[1])


def _box(field: FieldView, box: Box) -> BoxView:
    left, top = round(box.x0 * _UNITS), round(box.y0 * _UNITS)
    width, height = round((box.x1 - box.x0) * _UNITS), round((box.y1 - box.y0) * _UNITS)
    return BoxView(field.name, left, top, width, height, field.doubtful)


class PrintedLine(Protocol):
    """A line as the archive's ``Line`` or any other that carries the same names."""

    @property
    def name(self) -> str | None: ...
    @property
    def spec(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def quantity(self) -> str | None: ...
    @property
    def unit_price(self) -> str | None: ...
    @property
    def amount(self) -> Decimal | str | None: ...
    @property
    def tax_rate(self) -> str | None: ...
    @property
    def tax_amount(self) -> Decimal | str | None: ...


def line_view(line: PrintedLine) -> LineView:
    counted = " ".join(part for part in (line.quantity, line.unit) if part)
    priced = " × ".join(part for part in (counted, line.unit_price) if part)
    return LineView(
        line.name or "",
        " · ".join(part for part in (line.spec, priced) if part),
        show.money(line.amount),
        line.tax_rate or "",
        show.money(line.tax_amount),
    )
