"""The pages of one invoice → its draft: readings settled, kind recognised, rules asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from archive.model.evidence import Finding, Severity, Source
from ingest.extraction.fields import PageReading
from ingest.extraction.reconcile import name_of, reconcile
from ingest.kinds.recognise import Clues, recognise
from ingest.kinds.registry import UNKNOWN
from ingest.model.draft import Draft
from ingest.rules import registry as rules
from ingest.rules.numbers import crc_finding


def draft_of(pages: Sequence[PageReading], today: date) -> Draft:
    """The draft with all that reading and rules found. ``today`` is the Beijing date."""
    readings = tuple(reading for page in pages for reading in page.readings)
    fields, conflicts = reconcile(readings)
    payloads = dict.fromkeys(payload for page in pages for payload in page.payloads)
    recognition = recognise(
        Clues(
            head="\n".join(page.head for page in pages),
            qr_kinds=frozenset(payload.kind_code for payload in payloads),
            invoice_code=fields["invoice_code"].value if "invoice_code" in fields else None,
            invoice_number=fields["invoice_number"].value if "invoice_number" in fields else None,
        )
    )
    draft = Draft(
        kind=recognition.kind.id if recognition.kind else UNKNOWN,
        pages=tuple(page.page.number for page in pages),
        fields=fields,
        readings=readings,
        items=tuple(item for page in pages for item in page.items),
        findings=(),
    )
    sums = [finding for payload in payloads if (finding := crc_finding(payload))]
    own = (*recognition.findings, *conflicts, *sums, *_empty_slots(pages, draft))
    return replace(draft, findings=(*own, *rules.findings(draft, today)))


def _empty_slots(pages: Sequence[PageReading], draft: Draft) -> Iterator[Finding]:
    """Places of the form that show nothing. Only a text layer proves that: OCR may have missed faint print."""
    proving = [page for page in pages if page.page.source is Source.PDF_TEXT]
    for field in ("buyer_tax_id",):
        if draft.value(field) is None and any(field in page.slots.blank for page in proving):
            zh, en = name_of(field)
            yield Finding("FIELD-BLANK", Severity.INFO, field, f"票面上{zh}为空。", f"The page shows no {en}.")
    if draft.value("tax_amount") is None and any("tax_amount" in page.slots.starred for page in pages):
        yield Finding(
            "TAX-EXEMPT",
            Severity.INFO,
            "tax_amount",
            "票面税额为“***”（免税或不征税）。",
            "The page shows *** for the tax (exempt or not taxed).",
        )
