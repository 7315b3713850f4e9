"""Several readings of a field → the one to believe, how surely, and what contradicts it.

Text layer, OCR and QR code are independent of each other: where two of them agree, both would have to err in the same
way. Where they disagree, a person looks, except that a QR code whose check sum holds outweighs an OCR reading that is
itself unsure. A second engine's look at the same picture is never chosen; it confirms, or it contradicts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from archive.model.evidence import Finding, Reading, Severity, Source
from archive.model.particulars import NAMES as PARTICULARS
from ingest.extraction import normalise
from ingest.model.field_names import name_of

_UNSURE = Decimal("0.9")  # an OCR reading with a character below this may be overruled
_CERTAIN = Decimal("0.9999")
_NAMES = frozenset({"buyer_name", "seller_name"})
_COMPARED = frozenset(
    {
        "invoice_number", "invoice_code", "issue_date", "check_code", "machine_number",
        "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id",
        "amount_without_tax", "tax_amount", "total_amount", "total_amount_cn",
    }
)  # fmt: skip


def reconcile(readings: Sequence[Reading]) -> tuple[dict[str, Reading], tuple[Finding, ...]]:
    """The chosen reading of each field, in the order in which fields were first read, and FIELD-CONFLICT findings.

    Fields that nothing can confirm, such as remarks, are left unchosen where OCR is unsure of them or a second engine
    reads something else, and particulars where each page has a part of them.
    """
    chosen: dict[str, Reading] = {}
    findings = []
    for field in dict.fromkeys(reading.field for reading in readings):
        own = [reading for reading in readings if reading.field == field]
        best = _chosen(own)
        if field in _COMPARED or not (_is_unsure(best) or _is_denied(own, best) or _is_parted(own, best)):
            chosen[field] = best
        if field in _COMPARED and _is_open(own, best):
            findings.append(_conflict(field, own))
    return chosen, tuple(findings)


def _chosen(readings: Sequence[Reading]) -> Reading:
    """A printed reading that the QR code confirms, else the QR code where it outweighs the print, else the print."""
    printed = [reading for reading in readings if reading.source not in (Source.QR, Source.OCR_AGAIN)]
    scanned = [reading for reading in readings if reading.source is Source.QR]
    if not printed:
        return max(scanned, key=lambda reading: reading.confidence)
    confirmed = [reading for reading in printed if any(_same(reading, other) for other in scanned)]
    if confirmed:
        best = max(confirmed, key=lambda reading: reading.confidence)
        return replace(best, confidence=_together(best, *(other for other in scanned if _same(best, other))))
    if scanned and _outweighs(scanned, printed):
        return scanned[0]
    return max(printed, key=lambda reading: reading.confidence)


def _together(*agreeing: Reading) -> Decimal:
    """The confidence in a value that independent sources agree on."""
    doubt = Decimal(1)
    for reading in {reading.source: reading for reading in agreeing}.values():
        doubt *= 1 - reading.confidence
    return min(_CERTAIN, 1 - doubt)


def _is_open(readings: Sequence[Reading], chosen: Reading) -> bool:
    """Whether a reading contradicts the chosen one and nothing settles it.

    A source may print a field in several places; one of them that another source confirms settles the others. A source
    of which no place agrees is never outvoted: data that differs from what the page shows may have been tampered with.
    Two QR codes that differ are two invoices.
    """
    if _is_denied(readings, chosen):
        return True
    readings = [reading for reading in readings if reading.source is not Source.OCR_AGAIN]
    others = [reading for reading in readings if not _same(reading, chosen)]
    if not others:
        return False
    if chosen.source is Source.QR and all(reading.source is not Source.QR for reading in others):
        return not _outweighs([chosen], others)
    agreeing = {reading.source for reading in readings if _same(reading, chosen)}
    dissenting = {reading.source for reading in others} - agreeing
    return agreeing == {chosen.source} or bool(dissenting) or any(reading.source is Source.QR for reading in others)


def _is_denied(readings: Sequence[Reading], chosen: Reading) -> bool:
    """Whether the second engine read something, and nowhere what is chosen."""
    again = [reading for reading in readings if reading.source is Source.OCR_AGAIN]
    return bool(again) and not any(_same(reading, chosen) for reading in again)


def _is_parted(readings: Sequence[Reading], chosen: Reading) -> bool:
    """Whether pages state different particulars, as those of a table that runs over several pages do."""
    others = [r for r in readings if r.source is chosen.source and r.page != chosen.page]
    return chosen.field in PARTICULARS and any(not _same(other, chosen) for other in others)


def _outweighs(scanned: Sequence[Reading], printed: Sequence[Reading]) -> bool:
    """Whether one QR code with a matching check sum stands against unsure OCR readings only."""
    return (
        len({reading.value for reading in scanned}) == 1
        and scanned[0].confidence >= _CERTAIN
        and all(_is_unsure(reading) for reading in printed)
    )


def _is_unsure(reading: Reading) -> bool:
    return reading.source is Source.OCR and reading.confidence < _UNSURE


def _same(a: Reading, b: Reading) -> bool:
    if a.field in _NAMES:
        return normalise.same_name(a.value, b.value)
    if a.field == "total_amount_cn":
        return normalise.same_words(a.value, b.value)
    return a.value == b.value


def _conflict(field: str, readings: Iterable[Reading]) -> Finding:
    values = " / ".join(dict.fromkeys(f"{reading.value} ({reading.source})" for reading in readings))
    zh, en = name_of(field)
    return Finding(
        "FIELD-CONFLICT",
        Severity.ERROR,
        field,
        f"{zh}的几处读数不一致：{values}。请对照票面确认。",
        f"The readings of the {en} differ: {values}. Compare them with the page.",
    )
