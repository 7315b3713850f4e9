"""What OCR misread and everything else on the page leaves only one value for.

A repair is proof, not likelihood: a tax id with a letter that no such id holds and one mending that passes both check
digits, or figures of which OCR itself is unsure and which the other amounts and the words determine. It becomes a
reading of its own, so that what OCR read stays to be seen, and REPAIRED names both.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from archive.model.evidence import Finding, Reading, Severity, Source
from ingest.model.draft import Draft
from ingest.model.field_names import name_of
from ingest.rules import rates
from ingest.rules.parties import is_credit_code, repair
from ingest.rules.words import from_words

_CONFIDENCE = Decimal("0.99")  # what it rests on was read, too
_UNSURE = Decimal("0.9")  # figures read more surely than this contradict the others, and a person is asked
_TAX_IDS = ("seller_tax_id", "buyer_tax_id")


def repaired(draft: Draft) -> Draft:
    """The draft with what could be repaired, and a REPAIRED finding for each."""
    values = {**dict(_tax_ids(draft)), **dict(_amount(draft))}
    proven = [_proof(draft, field, value) for field, value in values.items()]
    return replace(
        draft,
        fields={**draft.fields, **{reading.field: reading for reading in proven}},
        readings=(*draft.readings, *proven),
        findings=(*draft.findings, *(_told(draft.fields[reading.field].value, reading) for reading in proven)),
    )


def _tax_ids(draft: Draft) -> Iterator[tuple[str, str]]:
    for field in _TAX_IDS:
        text = draft.value(field)
        if text and _is_ocr_alone(draft, field) and not is_credit_code(text) and (sound := repair(text)):
            yield field, sound


def _amount(draft: Draft) -> Iterator[tuple[str, str]]:
    """The one amount that is wrong, where the words and two independent statements tell which and what it is."""
    net, tax, total = (draft.money(field) for field in ("amount_without_tax", "tax_amount", "total_amount"))
    in_words = from_words(draft.value("total_amount_cn") or "")
    if net is None or tax is None or total is None or in_words is None or net + tax == total:
        return
    net_holds = _is_scanned(draft, "amount_without_tax") or _lines(draft, "amount") == net
    tax_holds = _lines(draft, "tax_amount") == tax
    if net + tax == in_words:
        value = "total_amount", in_words
    elif total == in_words and net_holds and not tax_holds:
        value = "tax_amount", total - net
    elif total == in_words and tax_holds and not net_holds:
        value = "amount_without_tax", total - tax
    else:
        return
    if _is_ocr_alone(draft, value[0]) and draft.fields[value[0]].confidence < _UNSURE:
        yield value[0], f"{value[1]:.2f}"


def _lines(draft: Draft, cell: str) -> Decimal | None:
    """The sum of a column; None where a cell was not read. An exempt line has no tax."""
    cells = [
        "0" if cell == "tax_amount" and item.tax_rate in rates.EXEMPT else getattr(item, cell) for item in draft.items
    ]
    try:
        return sum(map(Decimal, cells), Decimal(0)) if cells and None not in cells else None
    except ArithmeticError:
        return None


def _is_scanned(draft: Draft, field: str) -> bool:
    value = draft.value(field)
    return any(r.source is Source.QR and r.field == field and r.value == value for r in draft.readings)


def _is_ocr_alone(draft: Draft, field: str) -> bool:
    """Whether only OCR says something of a field: what any other source says is not ours to mend."""
    return {reading.source for reading in draft.readings if reading.field == field} == {Source.OCR}


def _proof(draft: Draft, field: str, value: str) -> Reading:
    return replace(draft.fields[field], value=value, source=Source.PROOF, confidence=_CONFIDENCE)


def _told(read: str, proven: Reading) -> Finding:
    zh, en = name_of(proven.field)
    return Finding(
        "REPAIRED",
        Severity.INFO,
        proven.field,
        f"{zh}识别为“{read}”，按校验关系只能是“{proven.value}”，已更正。",
        f"The {en} was read as “{read}”; what it must agree with leaves only “{proven.value}”, which is taken.",
    )
