"""What a machine-readable part states → readings and lines, normalised like print. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from archive.model.evidence import Reading
from archive.model.particulars import in_order, split
from ingest.extraction import normalise
from ingest.model.draft import EXEMPT, Item
from ingest.model.statement import Statement

_CERTAIN = Decimal(1)  # nothing between the issuer's characters and ours
_MONEY_FIELDS = frozenset(
    {
        "amount_without_tax", "tax_amount", "total_amount",
        "fare", "fuel_surcharge", "development_fund", "other_taxes",
    }
)  # fmt: skip
_TIME_OF_DAY = re.compile(r"[T ]\d\d?:.*", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)\d*", re.ASCII)
_UNTAXED = frozenset({"免税", "不征税", "***"})


def stated_readings(statement: Statement, page: int) -> Iterator[Reading]:
    """The readings of a statement. They have no box: data has no place on the page."""
    for field, text in statement.values.items():
        value = _normalised(field, text)
        if field == "tax_amount" and _is_untaxed(statement, value):
            value = EXEMPT
        if value is not None:
            yield Reading(field, value, statement.source, _CERTAIN, page)


def stated_items(statement: Statement) -> tuple[Item, ...]:
    return tuple(
        replace(
            item,
            name=normalise.company_name(item.name) if item.name else None,
            quantity=_number(item.quantity),
            unit_price=_number(item.unit_price),
            amount=normalise.money(item.amount) if item.amount else None,
            tax_rate=_rate(item.tax_rate),
            tax_amount=normalise.money(item.tax_amount) if item.tax_amount else None,
        )
        for item in statement.items
    )


def _normalised(field: str, text: str) -> str | None:
    if field in _MONEY_FIELDS:
        return EXEMPT if field == "tax_amount" and text == EXEMPT else _money(text)
    return _NORMALISERS.get(field, _plain)(text)


def _money(text: str) -> str | None:
    """Data may leave zeros away or add some (``620``, ``79.8200``), but never a part of a fen."""
    if _NUMBER.fullmatch(text) and Decimal(text) == Decimal(text).quantize(Decimal("0.01")):
        return normalise.money(f"{Decimal(text):.2f}")
    return normalise.money(text)


def _is_untaxed(statement: Statement, tax: str | None) -> bool:
    """Print has ``***`` for the tax of an invoice all of whose lines are exempt; data may have 0."""
    rates = {item.tax_rate for item in statement.items}
    return tax == "0.00" and bool(rates) and rates <= _UNTAXED


def _date(text: str) -> str | None:
    return normalise.issue_date(_TIME_OF_DAY.sub("", text))


def _days(text: str) -> str | None:
    """The day of each passage or journey, which data may state to the fraction of a second."""
    return in_order([_day(part) for part in split(text)])


def _day(text: str) -> str | None:
    found = _DAY.fullmatch(_TIME_OF_DAY.sub("", text.strip()))
    return normalise.issue_date("-".join(found.groups())) if found else None


def _station(text: str) -> str | None:
    """Without 站, which pages print apart."""
    return in_order([part.strip().removesuffix("站") or None for part in split(text)])


def _plain(text: str) -> str | None:
    return text.strip() or None


def _number(text: str | None) -> str | None:
    return text if text and _NUMBER.fullmatch(text) else None


def _rate(text: str | None) -> str | None:
    """As print has it: ``0.13``, ``13`` and ``13.00%`` → ``13%``. No rate is 100 % or more."""
    if text is None:
        return None
    percent = text.removesuffix("%")
    if not _NUMBER.fullmatch(percent):
        return text
    value = Decimal(percent) if text.endswith("%") or Decimal(percent) >= 1 else Decimal(percent) * 100
    return f"{value.normalize():f}%"


_NORMALISERS: dict[str, Callable[[str], str | None]] = {
    "invoice_number": normalise.invoice_number,
    "invoice_code": normalise.invoice_code,
    "issue_date": _date,
    "check_code": normalise.check_code,
    "machine_number": normalise.machine_number,
    "buyer_name": normalise.company_name,
    "buyer_tax_id": normalise.tax_id,
    "seller_name": normalise.company_name,
    "seller_tax_id": normalise.tax_id,
    "departure": _station,
    "destination": _station,
    "departure_date": _days,
    "passage_start": _days,
    "passage_end": _days,
    "original_invoice_number": normalise.invoice_number,
    "original_invoice_code": normalise.invoice_code,
}
