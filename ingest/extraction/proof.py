"""What a draft read by OCR proves by itself, and what only one look at the page says.

OCR errs with full confidence, so a cell of a line that fails its own check is left out rather than recorded, and what
nothing confirms is named.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from archive.model.evidence import Finding, Severity, Source
from ingest.model.draft import Draft, Item
from ingest.model.field_names import name_of
from ingest.rules import rates
from ingest.rules.amounts import sums_and_words_agree
from ingest.rules.lines import price_agrees, tax_agrees
from ingest.rules.parties import is_credit_code

# Since then a line names its class of goods between stars before the goods (国家税务总局公告2017年第45号).
_CLASSES_SINCE = date(2018, 1, 1)
_CLASSED = re.compile(r"\*[^*]+\*.+")
_MOST_STARS = 3  # two about the class and one in a size; more are the names of several lines
_AMBIGUOUS = re.compile(r"[a-z]1(?!\d)", re.ASCII)  # 500m1: the letter and the figure look alike
_SEAL = re.compile(r"专用章|[0-9A-Z]{18}", re.ASCII)
_UNIT = re.compile(r"\S{1,4}")  # longer ones are those of several lines
_NO_GOODS = re.compile(r"详见|清单|折扣")
_SUMS = frozenset({"amount_without_tax", "tax_amount", "total_amount", "total_amount_cn"})


def proven_items(draft: Draft) -> tuple[tuple[Item, ...], tuple[Finding, ...]]:
    """The lines without the cells that fail their own check, and CELL-LEFT-OUT findings for those that lost some."""
    issued = draft.value("issue_date")
    classed = issued is None or date.fromisoformat(issued) >= _CLASSES_SINCE
    kept, findings = [], []
    for number, item in enumerate(draft.items, start=1):
        doubtful = tuple(_doubtful(item, classed))
        kept.append(replace(item, **dict.fromkeys(doubtful)))
        if doubtful:
            findings.append(_left_out(number, item, doubtful))
    return tuple(kept), tuple(findings)


def ocr_only(draft: Draft) -> Iterator[Finding]:
    """OCR-ONLY: the fields and cells that no second source and no arithmetic confirms."""
    fields = [field for field, chosen in draft.fields.items() if chosen.source is Source.OCR]
    alone = [field for field in fields if not _is_confirmed(draft, field)]
    cells = [cell for cell in Item.__dataclass_fields__ if any(_is_open(draft, item, cell) for item in draft.items)]
    if alone or cells:
        zh, en = _names(alone), _names(cells)
        yield Finding(
            "OCR-ONLY",
            Severity.INFO,
            None,
            f"以下内容仅由图像识别读出，没有其他来源印证：{'、'.join(n for n, _ in zh) or '无'}；"
            f"明细行：{'、'.join(n for n, _ in en) or '无'}。",
            f"Only OCR read these, and nothing else confirms them: {', '.join(n for _, n in zh) or 'none'}; of the "
            f"lines: {', '.join(n for _, n in en) or 'none'}.",
        )


def _doubtful(item: Item, classed: bool) -> Iterator[str]:
    if item.name and not _is_whole_name(item.name, classed):
        yield "name"
    if item.spec and (_AMBIGUOUS.search(item.spec) or _SEAL.search(item.spec) or _is_unit(item)):
        yield "spec"
    if item.unit and not _UNIT.fullmatch(item.unit):
        yield "unit"
    agrees = price_agrees(item)
    if agrees is False or (agrees is None and not _is_plausible_price(item)):
        yield from (cell for cell in ("quantity", "unit_price") if getattr(item, cell))
    if tax_agrees(item) is False:
        yield "tax_rate"


def _is_unit(item: Item) -> bool:
    """A single character for a type is the unit of a column whose head was lost."""
    return item.unit is None and item.spec is not None and len(item.spec) == 1


def _is_whole_name(name: str, classed: bool) -> bool:
    """A star lost at the frame or a bracket lost at a line's end shows that more may be missing."""
    if name.count("（") != name.count("）") or name.count("*") > _MOST_STARS or _SEAL.search(name):
        return False
    unclassed = "*" not in name and (not classed or _NO_GOODS.search(name))
    return bool(unclassed or _CLASSED.fullmatch(name))


def _is_plausible_price(item: Item) -> bool:
    """A price alone is believed where a whole number of pieces makes the amount, 1 being what OCR loses most easily; a
    quantity alone says nothing that could be checked."""
    if not item.unit_price:
        return not item.quantity
    price, amount = Decimal(item.unit_price), Decimal(item.amount or 0)
    return price != 0 != amount and amount % price == 0


def _is_confirmed(draft: Draft, field: str) -> bool:
    """By a reading of another source, by the check digits of a tax id, or by the sums and their words."""
    value = draft.value(field)
    if any(r.source is not Source.OCR and r.field == field and r.value == value for r in draft.readings):
        return True
    if field in ("seller_tax_id", "buyer_tax_id"):
        return value is not None and is_credit_code(value)
    return field in _SUMS and sums_and_words_agree(draft)


def _is_open(draft: Draft, item: Item, cell: str) -> bool:
    """Whether a cell that was read stands on OCR alone."""
    if getattr(item, cell) is None:
        return False
    if cell in ("quantity", "unit_price"):
        return price_agrees(item) is not True
    if cell == "tax_rate":
        return tax_agrees(item) is not True and item.tax_rate not in rates.EXEMPT
    if cell in ("amount", "tax_amount"):
        sums = "amount_without_tax" if cell == "amount" else "tax_amount"
        return not _adds_up([getattr(item, cell) for item in draft.items], draft.money(sums))
    return True


def _adds_up(cells: Sequence[str | None], total: Decimal | None) -> bool:
    return total is not None and sum(Decimal(cell) for cell in cells if cell) == total


def _left_out(number: int, item: Item, cells: Sequence[str]) -> Finding:
    zh = "、".join(f"{name}“{getattr(item, cell)}”" for cell, (name, _) in zip(cells, _names(cells), strict=True))
    en = ", ".join(f"{name} “{getattr(item, cell)}”" for cell, (_, name) in zip(cells, _names(cells), strict=True))
    return Finding(
        "CELL-LEFT-OUT",
        Severity.WARNING,
        "items",
        f"第 {number} 行的{zh}识别可能有误，未予采用。请对照票面补录。",
        f"Line {number}: {en} may be misread and was left out; enter it from the page.",
    )


def _names(fields: Sequence[str]) -> list[tuple[str, str]]:
    return [name_of(field) for field in fields]
