"""Fares of railway and air tickets: their parts against their total, their tax against the rate that the law sets."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft

_FEN = Decimal("0.01")
_RATE = Decimal("0.09")
_FEE_RATE = Decimal("0.06")
_RAIL, _AIR = "digital_rail", "digital_air"
_TAXED = ("fare", "fuel_surcharge")
_UNTAXED = ("development_fund", "other_taxes")


def parts_of(draft: Draft) -> tuple[Decimal, ...] | None:
    """Fare, fuel surcharge, tax, development fund and other taxes of an air itinerary; None where one was not read."""
    parts = [draft.money(field) for field in (*_TAXED, "tax_amount", *_UNTAXED)]
    read = tuple(part for part in parts if part is not None)
    return read if len(read) == len(parts) else None


def fare_adds_up(draft: Draft) -> bool:
    """Whether the parts of a fare make its total: net and tax of a railway ticket, the five parts of an itinerary."""
    total, parts = draft.money("total_amount"), parts_of(draft)
    net, tax = draft.money("amount_without_tax"), draft.money("tax_amount")
    if total is None:
        return False
    if draft.kind == _AIR:
        return parts is not None and sum(parts) == total
    return net is not None and tax is not None and net + tax == total


def fare_sum(draft: Draft, today: date) -> Iterator[Finding]:
    """FARE-SUM: fare + fuel surcharge + tax + development fund + other taxes = total, as an itinerary prints them."""
    total, parts = draft.money("total_amount"), parts_of(draft)
    if draft.kind == _AIR and total is not None and parts and sum(parts) != total:
        yield Finding(
            "FARE-SUM",
            Severity.ERROR,
            "total_amount",
            f"票价、燃油附加费、增值税、民航发展基金与其他税费之和为 {sum(parts)}，合计为 {total}。",
            f"Fare, fuel surcharge, tax, development fund and other taxes make {sum(parts)}, the total is {total}.",
        )


def fare_tax(draft: Draft, today: date) -> Iterator[Finding]:
    """FARE-TAX: 9 % in the fare of a train, 9 % on fare and fuel surcharge of a flight within the country (财政部
    税务总局 海关总署公告 2019 年第 39 号, 第六条); 6 % in the fee for giving a ticket back (财税〔2017〕90号, 第二条).

    A warning: journeys abroad are not taxed so.
    """
    tax, dues = draft.money("tax_amount"), _dues(draft)
    if tax and dues and all(abs(tax - due) > _FEN for due in dues):
        yield Finding(
            "FARE-TAX",
            Severity.WARNING,
            "tax_amount",
            f"税额 {tax} 与按 9% 计算的 {dues[0]} 不符。",
            f"The tax {tax} is not the {dues[0]} that 9 % make.",
        )


def _dues(draft: Draft) -> list[Decimal]:
    """What the tax may be, that of the journey first."""
    total, fares = draft.money("total_amount"), [draft.money(field) for field in _TAXED]
    taxed = [fare for fare in fares if fare is not None]
    if draft.kind == _RAIL and total is not None:
        return [(total / (1 + rate) * rate).quantize(_FEN, ROUND_HALF_UP) for rate in (_RATE, _FEE_RATE)]
    if draft.kind == _AIR and len(taxed) == len(fares):
        return [(sum(taxed, Decimal(0)) * _RATE).quantize(_FEN, ROUND_HALF_UP)]
    return []
