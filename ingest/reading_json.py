"""What was read of a file, as the JSON object that ``piaoku read`` prints for it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from archive.model.digest import Digest
from archive.model.evidence import Finding, Reading
from ingest.errors import IngestError
from ingest.model.decision import Decision
from ingest.model.draft import Draft, Examination


def answer(
    file: str, digest: Digest | None, result: Examination | IngestError, decisions: Sequence[Decision]
) -> dict[str, Any]:
    """The object for one file. ``decisions`` are those on the examination's drafts, in their order."""
    read = result if isinstance(result, Examination) else None
    return {
        "file": file,
        "sha256": digest.hex if digest else None,
        "media_type": read.media_type if read else None,
        "pages": read.page_count if read else None,
        "seconds": read.seconds if read else None,
        "error": {"code": result.code, "message": f"{result.zh} {result.en}"}
        if isinstance(result, IngestError)
        else None,
        "invoices": [_invoice(draft, decision) for draft, decision in zip(read.drafts, decisions, strict=True)]
        if read
        else [],
    }


def _invoice(draft: Draft, decision: Decision) -> dict[str, Any]:
    findings = dict.fromkeys((*draft.findings, *decision.reasons))
    return {
        "kind": draft.kind,
        "pages": list(draft.pages),
        "decision": decision.outcome.value,
        "reasons": list(dict.fromkeys(reason.code for reason in decision.reasons)),
        "fields": {field: _field(reading) for field, reading in draft.fields.items()},
        "items": [asdict(item) for item in draft.items],
        "findings": [_finding(finding) for finding in findings],
    }


def _field(reading: Reading) -> dict[str, Any]:
    box = reading.box
    return {
        "value": reading.value,
        "source": reading.source.value,
        "confidence": float(reading.confidence),
        "page": reading.page,
        "box": [round(edge, 4) for edge in (box.x0, box.y0, box.x1, box.y1)] if box else None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "field": finding.field,
        "message": f"{finding.zh} {finding.en}",
    }
