"""Filing: an accepted draft becomes a record of the archive. The only place where drafts turn into invoices."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from archive.archive import Archive
from archive.model.evidence import Reading
from archive.model.invoice import Invoice, Line, Party
from archive.model.particulars import NAMES as PARTICULARS
from archive.model.record import Original, Record, record_id
from ingest.model.decision import Claim, Decision, Known
from ingest.model.document import Document
from ingest.model.draft import Draft, Item

Content = Callable[[], AbstractContextManager[BinaryIO]]


def invoice_of(draft: Draft) -> Invoice:
    """The invoice that a draft shows, as the archive knows invoices."""
    day = draft.value("issue_date")
    return Invoice(
        kind=draft.kind,
        invoice_number=draft.value("invoice_number"),
        invoice_code=draft.value("invoice_code"),
        issue_date=date.fromisoformat(day) if day else None,
        check_code=draft.value("check_code"),
        machine_number=draft.value("machine_number"),
        seller=_party(draft, "seller"),
        buyer=_party(draft, "buyer"),
        amount_without_tax=draft.money("amount_without_tax"),
        tax_amount=draft.money("tax_amount"),
        total_amount=draft.money("total_amount"),
        total_amount_cn=draft.value("total_amount_cn"),
        payee=draft.value("payee"),
        reviewer=draft.value("reviewer"),
        drawer=draft.value("drawer"),
        remarks=draft.value("remarks"),
        lines=tuple(_line(item) for item in draft.items),
        particulars={field: reading.value for field, reading in draft.fields.items() if field in PARTICULARS},
    )


def filed_before(archive: Archive, document: Document, index: int) -> Record | None:
    """The record that an earlier attempt made of this draft before it was cut off. It is no second claim."""
    record = _claimed(archive, document.drafts[index])
    if record is None or document.digest not in {original.digest for original in record.originals}:
        return None
    others = {record_id(document.digest, other) for other in range(len(document.drafts)) if other != index}
    return None if record.id in others else record


def known(archive: Archive, draft: Draft) -> Known:
    """What the archive knows that bears on a draft."""
    record = _claimed(archive, draft)
    return Known(_claim(record) if record else None)


def _claimed(archive: Archive, draft: Draft) -> Record | None:
    identity = invoice_of(draft).identity
    return archive.claim(identity) if identity else None


def file(
    archive: Archive, document: Document, index: int, decision: Decision, content: Content, now: datetime
) -> Record:
    """Deposit an accepted draft, or join it to the record it is a further rendition of. Repeatable."""
    draft = document.drafts[index]
    original = Original(
        digest=document.digest,
        size=document.size,
        media_type=document.media_type,
        file_name=document.arrival.file_name,
        received_at=document.received_at,
        received_from=document.arrival.received_from,
        pages=draft.pages,
    )
    if decision.joins:
        return archive.join(
            decision.joins, original=original, content=content, readings=_readings(draft), actor="piaoku", now=now
        )
    return archive.deposit(
        document_digest=document.digest,
        index=index,
        invoice=invoice_of(draft),
        original=original,
        content=content,
        readings=_readings(draft),
        findings=draft.findings,
        actor="piaoku",
        now=now,
    )


def _readings(draft: Draft) -> tuple[Reading, ...]:
    """The chosen reading of each field first, then all others."""
    chosen = tuple(draft.fields.values())
    return chosen + tuple(reading for reading in draft.readings if reading not in chosen)


def _party(draft: Draft, side: str) -> Party:
    return Party(
        name=draft.value(f"{side}_name"),
        tax_id=draft.value(f"{side}_tax_id"),
        address_phone=draft.value(f"{side}_address_phone"),
        bank_account=draft.value(f"{side}_bank_account"),
    )


def _line(item: Item) -> Line:
    return Line(
        name=item.name,
        spec=item.spec,
        unit=item.unit,
        quantity=item.quantity,
        unit_price=item.unit_price,
        amount=Decimal(item.amount) if item.amount else None,
        tax_rate=item.tax_rate,
        tax_amount=Decimal(item.tax_amount) if item.tax_amount else None,
    )


def _claim(record: Record) -> Claim:
    invoice = record.invoice
    values = {
        "issue_date": None if invoice.issue_date is None else invoice.issue_date.isoformat(),
        "total_amount": None if invoice.total_amount is None else f"{invoice.total_amount:.2f}",
        "seller_tax_id": invoice.seller.tax_id,
        "buyer_tax_id": invoice.buyer.tax_id,
    }
    return Claim(
        record=record.id,
        media_types=frozenset(original.media_type for original in record.originals),
        values=tuple(values.items()),
    )
