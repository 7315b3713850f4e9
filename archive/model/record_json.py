"""The record as JSON: what lies in the vault beside the originals. The words of the format are fixed here, field by
field, so that renaming something in the program never changes what is stored. ``archive/FORMAT.md`` explains it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from archive.model.digest import Digest
from archive.model.evidence import Box, Finding, Reading, Severity, Source
from archive.model.invoice import Invoice, Line, Party
from archive.model.record import Original, Record, Verification, VerificationStatus

FORMAT = "piaoku-record/1"
Json = dict[str, Any]


def dumps(record: Record) -> str:
    """UTF-8 text, indented, keys sorted, a line break at the end: readable with any editor, comparable by bytes."""
    return json.dumps(_record(record), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1) + "\n"


def loads(text: str) -> Record:
    """``loads(dumps(record)) == record``. Raises ValueError for what is not a whole record of this format."""
    try:
        stored = json.loads(text)
        if stored["format"] != FORMAT:
            raise ValueError(f"not {FORMAT}: {str(stored['format'])[:80]!r}")
        return _read_record(stored)
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ValueError(f"not a whole {FORMAT}: {error!r}") from error


def _record(record: Record) -> Json:
    return {
        "format": FORMAT,
        "id": record.id,
        "version": record.version,
        "invoice": _invoice(record.invoice),
        "originals": [_original(original) for original in record.originals],
        "readings": [_reading(reading) for reading in record.readings],
        "findings": [_finding(finding) for finding in record.findings],
        "verification": {
            "status": str(record.verification.status),
            "reason": record.verification.reason,
            "zh": record.verification.zh,
            "en": record.verification.en,
        },
        "retention": {
            "class": record.retention_class,
            "until": record.retain_until.isoformat(),
            **({"booking_year": record.booking_year} if record.booking_year is not None else {}),
        },
        "deposited": {"at": record.deposited_at.isoformat(), "by": record.deposited_by},
    }


def _read_record(stored: Json) -> Record:
    verification = stored["verification"]
    return Record(
        id=stored["id"],
        version=stored["version"],
        invoice=_read_invoice(stored["invoice"]),
        originals=tuple(map(_read_original, stored["originals"])),
        readings=tuple(map(_read_reading, stored["readings"])),
        findings=tuple(map(_read_finding, stored["findings"])),
        verification=Verification(
            status=VerificationStatus(verification["status"]),
            reason=verification["reason"],
            zh=verification["zh"],
            en=verification["en"],
        ),
        retention_class=stored["retention"]["class"],
        retain_until=date.fromisoformat(stored["retention"]["until"]),
        deposited_at=datetime.fromisoformat(stored["deposited"]["at"]),
        deposited_by=stored["deposited"]["by"],
        booking_year=stored["retention"].get("booking_year"),
    )


def _invoice(invoice: Invoice) -> Json:
    return {
        "kind": invoice.kind,
        "invoice_number": invoice.invoice_number,
        "invoice_code": invoice.invoice_code,
        "issue_date": invoice.issue_date.isoformat() if invoice.issue_date else None,
        "check_code": invoice.check_code,
        "machine_number": invoice.machine_number,
        "seller": _party(invoice.seller),
        "buyer": _party(invoice.buyer),
        "amount_without_tax": _number(invoice.amount_without_tax),
        "tax_amount": _number(invoice.tax_amount),
        "total_amount": _number(invoice.total_amount),
        "total_amount_cn": invoice.total_amount_cn,
        "payee": invoice.payee,
        "reviewer": invoice.reviewer,
        "drawer": invoice.drawer,
        "remarks": invoice.remarks,
        "lines": [_line(line) for line in invoice.lines],
        **({"particulars": dict(invoice.particulars)} if invoice.particulars else {}),
    }


def _read_invoice(stored: Json) -> Invoice:
    return Invoice(
        kind=stored["kind"],
        invoice_number=stored["invoice_number"],
        invoice_code=stored["invoice_code"],
        issue_date=date.fromisoformat(stored["issue_date"]) if stored["issue_date"] else None,
        check_code=stored["check_code"],
        machine_number=stored["machine_number"],
        seller=_read_party(stored["seller"]),
        buyer=_read_party(stored["buyer"]),
        amount_without_tax=_read_number(stored["amount_without_tax"]),
        tax_amount=_read_number(stored["tax_amount"]),
        total_amount=_read_number(stored["total_amount"]),
        total_amount_cn=stored["total_amount_cn"],
        payee=stored["payee"],
        reviewer=stored["reviewer"],
        drawer=stored["drawer"],
        remarks=stored["remarks"],
        lines=tuple(map(_read_line, stored["lines"])),
        particulars=dict(stored.get("particulars", {})),
    )


def _party(party: Party) -> Json:
    return {
        "name": party.name,
        "tax_id": party.tax_id,
        "address_phone": party.address_phone,
        "bank_account": party.bank_account,
    }


def _read_party(stored: Json) -> Party:
    return Party(
        name=stored["name"],
        tax_id=stored["tax_id"],
        address_phone=stored["address_phone"],
        bank_account=stored["bank_account"],
    )


def _line(line: Line) -> Json:
    return {
        "name": line.name,
        "spec": line.spec,
        "unit": line.unit,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount": _number(line.amount),
        "tax_rate": line.tax_rate,
        "tax_amount": _number(line.tax_amount),
    }


def _read_line(stored: Json) -> Line:
    return Line(
        name=stored["name"],
        spec=stored["spec"],
        unit=stored["unit"],
        quantity=stored["quantity"],
        unit_price=stored["unit_price"],
        amount=_read_number(stored["amount"]),
        tax_rate=stored["tax_rate"],
        tax_amount=_read_number(stored["tax_amount"]),
    )


def _original(original: Original) -> Json:
    return {
        "digest": original.digest.text,
        "size": original.size,
        "media_type": original.media_type,
        "file_name": original.file_name,
        "received_at": original.received_at.isoformat(),
        "received_from": original.received_from,
        "pages": list(original.pages),
    }


def _read_original(stored: Json) -> Original:
    return Original(
        digest=Digest(stored["digest"]),
        size=stored["size"],
        media_type=stored["media_type"],
        file_name=stored["file_name"],
        received_at=datetime.fromisoformat(stored["received_at"]),
        received_from=stored["received_from"],
        pages=tuple(stored["pages"]),
    )


def _reading(reading: Reading) -> Json:
    box = reading.box
    return {
        "field": reading.field,
        "value": reading.value,
        "source": str(reading.source),
        "confidence": _number(reading.confidence),
        "page": reading.page,
        "box": [box.x0, box.y0, box.x1, box.y1] if box else None,
        "document": reading.document.text if reading.document else None,
    }


def _read_reading(stored: Json) -> Reading:
    return Reading(
        field=stored["field"],
        value=stored["value"],
        source=Source(stored["source"]),
        confidence=Decimal(stored["confidence"]),
        page=stored["page"],
        box=Box(*stored["box"]) if stored["box"] else None,
        document=Digest(stored["document"]) if stored["document"] else None,
    )


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "field": finding.field,
        "zh": finding.zh,
        "en": finding.en,
    }


def _read_finding(stored: Mapping[str, Any]) -> Finding:
    return Finding(
        code=stored["code"],
        severity=Severity(stored["severity"]),
        field=stored["field"],
        zh=stored["zh"],
        en=stored["en"],
    )


def _number(value: Decimal | None) -> str | None:
    """Decimal places as they are, never an exponent: a binary fraction would change the amount."""
    return None if value is None else format(value, "f")


def _read_number(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)
