"""What it takes to accept a draft without a person. In doubt the answer is no: a wrong record is worse than a question.

Two independent sources must say the same of what identifies the invoice, its amounts must agree with each other and
with their words, tax ids must pass their check digits, and names read by OCR must be sure in every character.

Where a picture has no QR code that can be read, the second source is a second engine's look at the same places. Both
must say the same of code, number, date and check code, whichever the kind has; the total must be stated a second time,
in words or by its parts, and where a ticket does neither both engines must say the same of it, too. Slips of taxis,
coaches, ships and toll stations, which needles print, are left to a person.

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
from ingest.rules.tickets import fare_adds_up
from ingest.rules.words import from_words

_BLOCKING_WARNINGS = frozenset({"QR-CRC-MISMATCH", "WORDS-UNREADABLE"})
_SURE_NAME = Decimal("0.95")  # of the least sure character of a name that OCR read
_SURE_FIGURES = Decimal("0.98")  # of the least sure digit, as the first engine states it
# Printed by needles; that two engines see the same in their dots has not been measured.
_STRUCK = frozenset({"taxi", "bus", "ship", "toll_paper"})
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
    if by_ocr and not kind.by_link:
        yield from _stated_once(draft, _IDENTIFYING & {*kind.required} - scanned, coded=bool(scanned))
    elif scanned and not _is_identified(scanned, kind, by_ocr=by_ocr):
        yield _not_confirmed("二维码内容不完整", "the QR code is incomplete")
    elif not scanned and (by_ocr or kind.paper):
        yield _not_confirmed("没有可读的二维码", "there is no QR code that can be read")
    if by_ocr and not draft.items and "tax_amount" in kind.required:
        yield _not_confirmed("未读出任何明细行", "no line of goods or services was read")
    if not _total_holds(draft, kind):
        yield _not_confirmed("金额之间无法相互核对", "the amounts cannot be checked against each other")
    for field in ("seller_tax_id", "buyer_tax_id") if by_ocr or not scanned else ():
        tax_id = draft.value(field)
        if tax_id and not is_credit_code(tax_id):
            zh, en = name_of(field)
            yield _not_confirmed(f"{zh}没有可核对的校验位", f"the {en} has no check digit to check")


def _is_identified(scanned: set[str], kind: Kind, *, by_ocr: bool) -> bool:
    """Whether the QR code says all that it can. Where that is no day and no sum, the page itself must be certain."""
    identifying = _IDENTIFYING & {*kind.required}
    if kind.by_link:
        return not by_ocr and identifying - {"issue_date"} <= scanned
    return identifying <= scanned and bool(_SUMS & scanned)


def _stated_once(draft: Draft, fields: frozenset[str], *, coded: bool) -> Iterator[Finding]:
    """Of the fields of a picture that its QR code does not state, those that the second engine does not confirm."""
    alone = [name_of(field) for field in sorted(fields) if draft.value(field) and not _is_seen_twice(draft, field)]
    if alone:
        zh, en = "、".join(zh for zh, _ in alone), ", ".join(en for _, en in alone)
        yield _not_confirmed(
            f"{'二维码内容不完整' if coded else '没有可读的二维码'}，{zh}也未经第二识别引擎印证",
            f"{'the QR code is incomplete' if coded else 'there is no QR code that can be read'}, and no second engine "
            f"confirms {en}",
        )


def _is_seen_twice(draft: Draft, field: str) -> bool:
    """Whether two engines read the same at the same place, the first one surely; what the second one states of its own
    sureness tells right from wrong no better (READING.md)."""
    own = [r for r in draft.readings if r.field == field and r.value == draft.value(field)]
    first = {(r.page, r.box) for r in own if r.source is Source.OCR and r.confidence >= _SURE_FIGURES}
    again = {(r.page, r.box) for r in own if r.source is Source.OCR_AGAIN}
    return bool(first & again)


def _total_holds(draft: Draft, kind: Kind) -> bool:
    """Whether a second statement says the same of the total: net and tax and the words, or whatever the form has."""
    if kind.ticket:
        return _is_fare_confirmed(draft)
    if _amounts_hold(draft) or "amount_without_tax" in kind.required:
        return _amounts_hold(draft)
    if draft.value("total_amount_cn") is None:
        return draft.kind not in _STRUCK and _is_seen_twice(draft, "total_amount")
    return _words_confirm(draft)


def _words_confirm(draft: Draft) -> bool:
    """Whether words and figures, printed apart, say the same."""
    words = [r for r in draft.readings if r.field == "total_amount_cn" and r.value == draft.value(r.field)]
    figures = [r for r in draft.readings if r.field == "total_amount" and r.value == draft.value(r.field)]
    apart = {r.box for r in figures} - {r.box for r in words}
    return bool(words and apart) and from_words(words[0].value) == draft.money("total_amount")


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
    own = [r for r in draft.readings if r.field == "total_amount" and r.value == draft.value(r.field)]
    agreeing = {r.source for r in own} - {Source.OCR_AGAIN}
    return len(agreeing) > 1 or fare_adds_up(draft) or _is_seen_twice(draft, "total_amount")


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
