"""The invoice's three amounts against each other, and the total against its words."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from archive.model.evidence import Finding, Severity
from ingest.model.draft import EXEMPT, Draft
from ingest.rules.words import from_words

_AMOUNTS = {
    "amount_without_tax": ("合计金额", "net amount"),
    "tax_amount": ("合计税额", "tax"),
    "total_amount": ("价税合计", "total"),
}


def amount_sum(draft: Draft, today: date) -> Iterator[Finding]:
    """AMOUNT-SUM: total = net amount + tax, to the fen."""
    net, tax, total = (draft.money(field) for field in _AMOUNTS)
    if net is not None and tax is not None and total is not None and net + tax != total:
        yield Finding(
            "AMOUNT-SUM",
            Severity.ERROR,
            "total_amount",
            f"价税合计 {total} 不等于合计金额 {net} 与合计税额 {tax} 之和 {net + tax}。",
            f"The total {total} is not the sum {net + tax} of the net amount {net} and the tax {tax}.",
        )


def words(draft: Draft, today: date) -> Iterator[Finding]:
    """WORDS-DIFFER, WORDS-UNREADABLE: the total in words 大写 is the total in figures."""
    printed, total = draft.value("total_amount_cn"), draft.money("total_amount")
    if printed is None:
        return
    amount = from_words(printed)
    if amount is None:
        yield Finding(
            "WORDS-UNREADABLE",
            Severity.WARNING,
            "total_amount_cn",
            f"大写金额“{printed}”不是规范的写法，无法与小写金额 {total or '（未读出）'} 核对。",
            f"The words “{printed}” are no way to write an amount; they cannot be compared with the total "
            f"{total or '(not read)'}.",
        )
    elif total is not None and amount != total:
        yield Finding(
            "WORDS-DIFFER",
            Severity.ERROR,
            "total_amount_cn",
            f"大写金额“{printed}”为 {amount}，小写金额为 {total}。",
            f"The words “{printed}” say {amount}, the figures say {total}.",
        )


def sums_and_words_agree(draft: Draft) -> bool:
    """Net + tax = total = the total in words: two statements of the total that are printed apart. False where one of
    them was not read; the tax of an exempt invoice prints ``***`` and counts nothing."""
    net, tax, total = (draft.money(field) for field in _AMOUNTS)
    printed = draft.value("total_amount_cn")
    if net is None or total is None or printed is None or (tax is None and draft.value("tax_amount") != EXEMPT):
        return False
    return net + (tax or Decimal(0)) == total == from_words(printed)


def signs(draft: Draft, today: date) -> Iterator[Finding]:
    """SIGN-MIXED: all amounts of an invoice are positive, or, on a red-letter one 红字发票, negative."""
    amounts = {field: amount for field in _AMOUNTS if (amount := draft.money(field))}
    if len({amount > 0 for amount in amounts.values()}) > 1:
        zh = "、".join(f"{_AMOUNTS[field][0]} {amount}" for field, amount in amounts.items())
        en = ", ".join(f"{_AMOUNTS[field][1]} {amount}" for field, amount in amounts.items())
        yield Finding(
            "SIGN-MIXED",
            Severity.ERROR,
            "total_amount",
            f"金额正负不一致：{zh}。",
            f"Some amounts are positive and some negative: {en}.",
        )
