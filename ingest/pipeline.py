"""THE FLOW: a document's bytes → pages → readings → drafts → decisions.

``examine`` is local and repeatable; ``decide`` is pure. Between them lies what only the archive and the network know,
so that a restart never reads a page twice.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain

from archive.model.evidence import Finding, Severity, Source
from ingest.acceptance import objections
from ingest.drafting import draft_of
from ingest.extraction.fields import read_page
from ingest.extraction.grouping import invoices
from ingest.extraction.sheet import parts
from ingest.model.decision import Claim, Decision, Known, Outcome
from ingest.model.draft import Draft, Examination
from ingest.model.page import Page
from ingest.readers import unreadable
from ingest.readers.reader import KeepPage, Reader
from ingest.readers.sniff import OFD, PDF, XML, sniff

_FORMATS = (
    (Source.PDF_TEXT, PDF),
    (Source.PDF_DATA, PDF),
    (Source.OFD_TEXT, OFD),
    (Source.OFD_DATA, OFD),
    (Source.XML, XML),
    (Source.XBRL, XML),
)

NOT_AN_INVOICE = Finding(
    "NOT-AN-INVOICE",
    Severity.ERROR,
    None,
    "未在此文件中识别到发票；请人工确认它是什么。",
    "No invoice was recognised in this document; a person should see what it is.",
)
"""What a person is told of a document without drafts."""


def examine(
    content: bytes,
    readers: Sequence[Reader],
    keep_page: KeepPage | None,
    today: date,
    keep_words: Callable[[Page], object] | None = None,
) -> Examination:
    """Read a document: one draft for each invoice in it. ``keep_words`` is given each page as it was read.

    Raises UnreadableError with a stable code.
    """
    started = time.monotonic()
    media_type = sniff(content)
    reader = _reader(media_type, readers)
    pages = []
    for page in reader.pages(content, keep_page):
        pages.append([read_page(part) for part in parts(page)])
        if keep_words:
            keep_words(page)
    drafts = tuple(draft_of(group, today) for group in invoices(chain.from_iterable(pages)))
    return Examination(str(media_type), len(pages), round(time.monotonic() - started, 3), drafts)


def decide(draft: Draft, known: Known, today: date) -> Decision:
    """Accept a draft, join it to the record it is a further rendition of, or put it before a person."""
    reasons = objections(draft, today)
    claim = known.same_invoice
    if claim is None:
        return Decision(Outcome.REVIEW if reasons else Outcome.ACCEPT, reasons)
    if differing := _differing(draft, claim):
        return Decision(Outcome.REVIEW, (*reasons, _claim_conflict(claim, differing)), duplicate_of=claim.record)
    if not _is_further_rendition(draft, claim):
        return Decision(Outcome.REVIEW, (*reasons, _duplicate(claim)), duplicate_of=claim.record)
    return Decision(Outcome.REVIEW, reasons) if reasons else Decision(Outcome.ACCEPT, (), joins=claim.record)


def _reader(media_type: str | None, readers: Sequence[Reader]) -> Reader:
    if media_type is None:
        raise unreadable.unknown_type()
    for reader in readers:
        if media_type in reader.media_types:
            return reader
    raise unreadable.no_reader(media_type)


def _differing(draft: Draft, claim: Claim) -> list[str]:
    """Fields in which draft and record contradict each other."""
    return [field for field, value in claim.values if value and draft.value(field) and draft.value(field) != value]


def _is_further_rendition(draft: Draft, claim: Claim) -> bool:
    """One invoice may be kept once in each electronic format. A picture of it, or the same format again, is a second
    claim: that is how an invoice is reimbursed twice."""
    media_type = _electronic_format(draft)
    return media_type is not None and media_type not in claim.media_types


def _electronic_format(draft: Draft) -> str | None:
    """The format that a draft was read from; None for a picture. An OFD or PDF may hold XML and XBRL."""
    sources = {reading.source for reading in draft.readings}
    if Source.OCR in sources:
        return None
    return next((media_type for source, media_type in _FORMATS if source in sources), None)


def _claim_conflict(claim: Claim, fields: Sequence[str]) -> Finding:
    return Finding(
        "CLAIM-CONFLICT",
        Severity.ERROR,
        fields[0],
        f"档案中已有同号发票（记录 {claim.record}），但内容不同：{'、'.join(fields)}。请核对。",
        f"Record {claim.record} holds an invoice of the same number with other values: {', '.join(fields)}.",
    )


def _duplicate(claim: Claim) -> Finding:
    return Finding(
        "DUPLICATE-INVOICE",
        Severity.ERROR,
        None,
        f"此发票已存档（记录 {claim.record}），请确认是否重复提交。",
        f"This invoice is already archived as record {claim.record}; check whether it was submitted twice.",
    )
