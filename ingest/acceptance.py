"""What it takes to accept a draft without a person. In doubt the answer is no: a wrong record is worse than a question.

Two independent sources must say the same of what identifies the invoice, its amounts must agree with each other and
with their words, tax ids must pass their check digits, and names read by OCR must be sure in every character.

Text layers and data are read without error, so one of them may stand alone where all that can be checked within it
holds: amounts against words or lines, check digits, the QR code if there is one. That the issuer wrote the truth is not
decided here; the tax system is asked for that.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from archive.model.evidence import STRUCTURED, Finding, Reading, Severity, Source
from ingest.kinds.kind import Kind
from ingest.kinds.registry import KINDS
from ingest.model.draft import EXEMPT, Draft
from ingest.model.field_names import name_of
from ingest.rules import registry as rules
from ingest.rules.amounts import sums_and_words_agree
from ingest.rules.parties import is_credit_code

_BLOCKING_WARNINGS = frozenset({"QR-CRC-MISMATCH", "WORDS-UNREADABLE"})
_SURE_NAME = Decimal("0.95")  # of the least sure character of a name that OCR read
_NAME_END = re.compile(
    r"(?:公司|集团|中心|学校|大学|中学|小学|政府|超市|[厂店部局所会社行站院馆处室园场厅铺坊庄队])(?:（[^）]+）)?$"
)
_IDENTIFYING = frozenset({"invoice_code", "invoice_number", "issue_date", "check_code"})
_SUMS = frozenset({"amount_without_tax", "total_amount"})  # a QR code states one of them, by its kind
_PERSON = "个人"


def objections(draft: Draft, today: date) -> tuple[Finding, ...]:
    """Why the draft may not be accepted as it is; empty where it may. ``today`` is the Beijing date."""
    found = dict.fromkeys((*draft.findings, *rules.findings(draft, today)))
    grave = [f for f in found if f.severity is Severity.ERROR or f.code in _BLOCKING_WARNINGS]
    kind = next((kind for kind in KINDS if kind.id == draft.kind), None)
    if kind is None:
        return (*grave, *([] if grave else [_kind_missing()]))
    return (*grave, *_missing(draft, kind), *_unconfirmed(draft, kind), *_unsure(draft))


def _missing(draft: Draft, kind: Kind) -> Iterator[Finding]:
    for field in kind.required:
        if draft.value(field) is None and not _is_excused(draft, kind, field):
            zh, en = name_of(field)
            yield Finding(
                "FIELD-MISSING",
                Severity.ERROR,
                field,
                f"未读出{zh}，请对照票面补录。",
                f"The {en} was not read; enter it from the page.",
            )


def _is_excused(draft: Draft, kind: Kind, field: str) -> bool:
    """Who buys as a person has no tax id, and a form may leave its place empty; a ticket also that of the name."""
    blank = any(finding.code == "FIELD-BLANK" and finding.field == field for finding in draft.findings)
    if field == "buyer_name":
        return blank and kind.ticket
    return field == "buyer_tax_id" and (blank or draft.value("buyer_name") == _PERSON)


def _unconfirmed(draft: Draft, kind: Kind) -> Iterator[Finding]:
    """Identity by the QR code, or, for a text layer without one, by everything else that can be checked."""
    by_ocr = any(reading.source is Source.OCR for reading in draft.readings)
    scanned = {reading.field for reading in draft.readings if reading.source is Source.QR}
    if scanned and not (_IDENTIFYING & {*kind.required} <= scanned and _SUMS & scanned):
        yield _not_confirmed("二维码内容不完整", "the QR code is incomplete")
    elif not scanned and (by_ocr or kind.paper):
        yield _not_confirmed("没有可读的二维码", "there is no QR code that can be read")
    if by_ocr and not draft.items:
        yield _not_confirmed("未读出任何明细行", "no line of goods or services was read")
    if not (_is_fare_confirmed(draft) if kind.ticket else _amounts_hold(draft)):
        yield _not_confirmed("金额之间无法相互核对", "the amounts cannot be checked against each other")
    for field in ("seller_tax_id", "buyer_tax_id") if by_ocr or not scanned else ():
        tax_id = draft.value(field)
        if tax_id and not is_credit_code(tax_id):
            zh, en = name_of(field)
            yield _not_confirmed(f"{zh}没有可核对的校验位", f"the {en} has no check digit to check")


def _amounts_hold(draft: Draft) -> bool:
    """Figures and words agree. Data may leave the words out; then its lines must add up to both sums."""
    if draft.value("total_amount_cn") is None and all(reading.source in STRUCTURED for reading in draft.readings):
        net, tax, total = (draft.money(field) for field in ("amount_without_tax", "tax_amount", "total_amount"))
        if net is None or total is None or (tax is None and draft.value("tax_amount") != EXEMPT):
            return False
        return net + (tax or Decimal(0)) == total and _lines_hold(draft, net, tax or Decimal(0))
    return sums_and_words_agree(draft)


def _lines_hold(draft: Draft, net: Decimal, tax: Decimal) -> bool:
    amounts = [item.amount for item in draft.items]
    taxes = ["0.00" if item.tax_amount in (None, EXEMPT) else item.tax_amount for item in draft.items]
    if not amounts or None in amounts:
        return False
    return sum(map(Decimal, filter(None, amounts))) == net and sum(map(Decimal, filter(None, taxes))) == tax


def _is_fare_confirmed(draft: Draft) -> bool:
    """Tickets have no words: two sources state the same fare, or the data gives the parts that add up to it."""
    net, tax, total = (draft.money(field) for field in ("amount_without_tax", "tax_amount", "total_amount"))
    agreeing = {r.source for r in draft.readings if r.field == "total_amount" and r.value == draft.value(r.field)}
    if len(agreeing) > 1:
        return True
    return net is not None and tax is not None and net + tax == total


def _unsure(draft: Draft) -> Iterator[Finding]:
    """Names have no check digit and no second place on the page."""
    for field in ("seller_name", "buyer_name"):
        reading = draft.fields.get(field)
        if reading and reading.source is Source.OCR and not _is_sure_name(reading):
            zh, en = name_of(field)
            yield Finding(
                "FIELD-UNSURE",
                Severity.ERROR,
                field,
                f"{zh}“{reading.value}”可能识别有误或不完整（把握 {reading.confidence}），请对照票面确认。",
                f"The {en} “{reading.value}” may be misread or cut off (confidence {reading.confidence}); compare it "
                "with the page.",
            )


def _is_sure_name(reading: Reading) -> bool:
    """A scan may lose the end of a name with all characters before it certain, so the end must be that of a name."""
    return reading.confidence >= _SURE_NAME and bool(_NAME_END.search(reading.value))


def _not_confirmed(zh: str, en: str) -> Finding:
    return Finding(
        "NOT-CONFIRMED",
        Severity.ERROR,
        None,
        f"缺少独立的佐证：{zh}。请对照票面确认。",
        f"Independent confirmation is missing: {en}. Compare the draft with the page.",
    )


def _kind_missing() -> Finding:
    return Finding(
        "KIND-UNKNOWN",
        Severity.ERROR,
        None,
        "无法判断票种，请人工确认。",
        "The kind of this invoice cannot be told; a person must say what it is.",
    )
