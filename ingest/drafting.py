"""The pages of one invoice → its draft: readings settled, kind recognised, rules asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from archive.model.evidence import WRITTEN, Finding, Severity, Source
from ingest.extraction.fields import PageReading
from ingest.extraction.goods_list import REFERENCE
from ingest.extraction.paging import gaps
from ingest.extraction.proof import ocr_only, proven_items
from ingest.extraction.reconcile import reconcile
from ingest.extraction.repair import repaired
from ingest.kinds.recognise import Clues, recognise
from ingest.kinds.registry import UNKNOWN
from ingest.model.draft import Draft, Item
from ingest.model.field_names import name_of
from ingest.model.statement import Statement
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
            titles=frozenset(title for page in pages for title in page.titles),
            qr_kinds=frozenset(payload.kind_code for payload in payloads),
            invoice_code=fields["invoice_code"].value if "invoice_code" in fields else None,
            invoice_number=fields["invoice_number"].value if "invoice_number" in fields else None,
        )
    )
    draft = Draft(
        kind=recognition.kind.id if recognition.kind else UNKNOWN,
        pages=tuple(dict.fromkeys(page.page.number for page in pages)),
        fields=fields,
        readings=readings,
        items=_items(pages),
        findings=(),
    )
    sums = [finding for payload in payloads if (finding := crc_finding(payload))]
    told = dict.fromkeys(finding for page in pages for finding in page.page.findings)
    own = [*recognition.findings, *conflicts, *told, *sums, *_blank(pages, draft), *_gaps(pages), *_marks(pages)]
    if any(page.page.source is Source.OCR for page in pages) and not _stated(pages):
        items, left_out = proven_items(draft)
        draft = repaired(replace(draft, items=items))
        own += [*left_out, *draft.findings, *ocr_only(draft)]
    return replace(draft, findings=(*own, *rules.findings(draft, today)))


def _items(pages: Sequence[PageReading]) -> tuple[Item, ...]:
    """The lines of the document's data, else those of all pages in the order in which they count themselves; a further
    copy of a page adds none. Where a list was read, the line that refers to it gives way."""
    ordered = sorted(pages, key=lambda page: page.place.number if page.place else 0)
    listed = tuple(item for items in dict.fromkeys(page.items for page in ordered if page.is_list) for item in items)
    forms = _stated(pages)[:1] or [page for page in ordered if not page.is_list]
    items = tuple(item for items in dict.fromkeys(page.items for page in forms) for item in items)
    if not listed or not any(_refers_to_list(item) for item in items):
        return items or listed
    return (*listed, *(item for item in items if not _refers_to_list(item)))


def _refers_to_list(item: Item) -> bool:
    return REFERENCE in (item.name or "")


def _stated(pages: Sequence[PageReading]) -> list[PageReading]:
    """The pages whose data has lines."""
    return [page for page in pages if any(statement.items for statement in page.page.statements)]


def _gaps(pages: Sequence[PageReading]) -> Iterator[Finding]:
    """Lists of goods count their pages apart from the form they belong to."""
    for of_list in (False, True):
        places = [page.place for page in pages if page.place and page.is_list == of_list]
        yield from gaps(places, of_list=of_list)


def _marks(pages: Sequence[PageReading]) -> Iterator[Finding]:
    yield from dict.fromkeys(mark for page in pages for mark in page.marks)


def _blank(pages: Sequence[PageReading], draft: Draft) -> Iterator[Finding]:
    """FIELD-BLANK: the form names no buyer, or no tax id. Text layers and data prove that; OCR may miss faint print."""
    for field in ("buyer_name", "buyer_tax_id"):
        shown = any(field in page.blank for page in pages if page.page.source in WRITTEN)
        stated = any(_tells_all(statement) for page in pages for statement in page.page.statements)
        if draft.value(field) is None and (shown or stated):
            zh, en = name_of(field)
            yield Finding("FIELD-BLANK", Severity.INFO, field, f"票面上{zh}为空。", f"The page shows no {en}.")


def _tells_all(statement: Statement) -> bool:
    """Whether a part of the data names the parties, so that what it leaves out is left out of the invoice."""
    return statement.source in (Source.XML, Source.XBRL) or "buyer_name" in statement.values
