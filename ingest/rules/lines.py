"""The lines of goods and services against the invoice's sums and within themselves."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft, Item
from ingest.rules import rates

_FEN = Decimal("0.01")
_LINE_TAX_SLACK = Decimal("0.06")  # the tax control software's own limits, for a line
_INVOICE_TAX_SLACK = Decimal("1.27")  # and for the lines of an invoice together
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_LIST_ELSEWHERE = "清单"
_FISCAL = "fiscal_e_bill"


def amount_lines(draft: Draft, today: date) -> Iterator[Finding]:
    """AMOUNT-LINES: the lines' amounts add up to the net amount, to the fen."""
    amounts = [_number(item.amount) for item in draft.items]
    yield from _sum(draft, amounts, "AMOUNT-LINES", "amount_without_tax", "合计金额", "net amount")


def tax_lines(draft: Draft, today: date) -> Iterator[Finding]:
    """TAX-LINES: the lines' taxes add up to the tax, to the fen. An exempt line prints ``***`` and counts nothing."""
    taxes = [Decimal(0) if item.tax_rate in rates.EXEMPT else _number(item.tax_amount) for item in draft.items]
    yield from _sum(draft, taxes, "TAX-LINES", "tax_amount", "合计税额", "tax")


def bill_lines(draft: Draft, today: date) -> Iterator[Finding]:
    """BILL-LINES: what a fiscal bill charges adds up to its total, to the fen."""
    total, amounts = draft.money("total_amount"), [_number(item.amount) for item in draft.items]
    read = [amount for amount in amounts if amount is not None]
    if draft.kind == _FISCAL and total is not None and read and len(read) == len(amounts) and sum(read) != total:
        yield Finding(
            "BILL-LINES",
            Severity.ERROR,
            "total_amount",
            f"金额合计 {total} 不等于 {len(read)} 行之和 {sum(read)}。",
            f"The total {total} is not the sum {sum(read)} of the {len(read)} lines.",
        )


def list_elsewhere(draft: Draft, today: date) -> Iterator[Finding]:
    """LIST-ELSEWHERE: the only line refers to a list of goods 销货清单 whose lines were not read."""
    if len(draft.items) == 1 and _LIST_ELSEWHERE in (draft.items[0].name or ""):
        yield Finding(
            "LIST-ELSEWHERE",
            Severity.WARNING,
            "items",
            "商品明细在销货清单中，清单各行未录入；请以原件为准。",
            "The goods stand in a separate list whose lines were not read; see the original.",
        )


def line_price(draft: Draft, today: date) -> Iterator[Finding]:
    """LINE-PRICE: amount = unit price × quantity, to the fen and what their own rounding explains."""
    for number, item in enumerate(draft.items, start=1):
        if price_agrees(item) is False:
            yield Finding(
                "LINE-PRICE",
                Severity.WARNING,
                "items",
                f"第 {number} 行：单价 {item.unit_price} × 数量 {item.quantity} 不等于金额 {item.amount}。",
                f"Line {number}: the unit price {item.unit_price} times the quantity {item.quantity} is not the amount "
                f"{item.amount}.",
            )


def price_agrees(item: Item) -> bool | None:
    """Whether the amount is unit price × quantity, as far as their own rounding lets it; None where one is missing."""
    price, quantity, amount = _number(item.unit_price), _number(item.quantity), _number(item.amount)
    if price is None or quantity is None or amount is None:
        return None
    slack = _FEN + abs(quantity) * _rounding(price) + abs(price) * _rounding(quantity)
    return abs(price * quantity - amount) <= slack


def tax_agrees(item: Item) -> bool | None:
    """Whether a line's tax is amount × rate within the tax control software's limit; None where one is missing."""
    amount, tax, rate = _number(item.amount), _number(item.tax_amount), rates.fraction(item.tax_rate or "")
    if amount is None or tax is None or rate is None:
        return None
    return abs(tax - amount * rate) <= _LINE_TAX_SLACK


def line_tax(draft: Draft, today: date) -> Iterator[Finding]:
    """LINE-TAX: tax = amount × rate, within the limits of the tax control software, by line and over all lines."""
    together = Decimal(0)
    for number, item in enumerate(draft.items, start=1):
        amount, tax, rate = _number(item.amount), _number(item.tax_amount), rates.fraction(item.tax_rate or "")
        if amount is None or tax is None or rate is None:
            continue
        together += tax - amount * rate
        if abs(tax - amount * rate) > _LINE_TAX_SLACK:
            yield _line_tax(
                f"第 {number} 行：税额 {tax} 不等于金额 {amount} × 税率 {item.tax_rate}（{_fen(amount * rate)}）。",
                f"Line {number}: the tax {tax} is not {item.tax_rate} of the amount {amount} ({_fen(amount * rate)}).",
            )
    if abs(together) > _INVOICE_TAX_SLACK:
        yield _line_tax(
            f"各行税额与金额 × 税率的差额合计为 {_fen(together)}，超过 {_INVOICE_TAX_SLACK}。",
            f"The lines' taxes differ from amount times rate by {_fen(together)} together, more than "
            f"{_INVOICE_TAX_SLACK}.",
        )


def discounts(draft: Draft, today: date) -> Iterator[Finding]:
    """DISCOUNT-LINE: a line of the other sign is a discount 折扣行 on the line before it, at the same rate."""
    total = draft.money("total_amount")
    if not total:
        return
    for number, (before, item) in enumerate(pairwise((Item(), *draft.items)), start=1):
        amount, lessened = _number(item.amount), _number(before.amount)
        if not amount or amount * total > 0:
            continue
        if lessened is None or before.tax_rate != item.tax_rate or abs(amount) > abs(lessened):
            yield Finding(
                "DISCOUNT-LINE",
                Severity.WARNING,
                "items",
                f"第 {number} 行金额 {amount} 与合计 {total} 正负相反，也不是前一行（{before.amount or '无'}）的折扣。",
                f"Line {number}: the amount {amount} has not the sign of the total {total} and is no discount on the "
                f"line before it ({before.amount or 'none'}).",
            )


def _sum(draft: Draft, parts: list[Decimal | None], code: str, field: str, zh: str, en: str) -> Iterator[Finding]:
    stated, read = draft.money(field), [part for part in parts if part is not None]
    if stated is None or not read or len(read) != len(parts) or sum(read) == stated:
        return
    elsewhere = any(_LIST_ELSEWHERE in (item.name or "") for item in draft.items)
    yield Finding(
        code,
        Severity.WARNING if elsewhere else Severity.ERROR,
        field,
        f"{zh} {stated} 不等于 {len(read)} 行之和 {sum(read)}。",
        f"The {en} {stated} is not the sum {sum(read)} of the {len(read)} lines.",
    )


def _line_tax(zh: str, en: str) -> Finding:
    return Finding("LINE-TAX", Severity.WARNING, "items", zh, en)


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text and _NUMBER.fullmatch(text) else None


def _rounding(value: Decimal) -> Decimal:
    """Half a unit of the last printed place. Fewer than two decimals are taken as exact."""
    places = -int(value.as_tuple().exponent)
    return Decimal(5).scaleb(-places - 1) if places >= 2 else Decimal(0)


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(_FEN, ROUND_HALF_UP)
