"""Every committed case is read as its truth says: PDFs in full and unasked, scans nearly so and never falsely."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from fixtures import golden
from fixtures.score import Score, Verdict, score
from ingest.model.decision import Decision, Known
from ingest.model.draft import Draft
from ingest.pipeline import decide, examine
from ingest.readers.reader import Reader
from ingest.readers.registry import readers

TODAY = date(2026, 7, 1)  # after the issue date of every case
PDFS = [case for case in golden.CASES if case.degradation is None]
SCANS = [case for case in golden.CASES if case.degradation]


@pytest.fixture(scope="module")
def known_readers() -> Sequence[Reader]:
    return readers()


def read(case: golden.Case, known_readers: Sequence[Reader]) -> tuple[Score, Decision]:
    examination = examine(case.source.read_bytes(), known_readers, lambda _number, _picture: None, TODAY)
    (draft,) = examination.drafts
    decision = decide(draft, Known(), TODAY)
    return score(told(draft, decision), case.truth), decision


def told(draft: Draft, decision: Decision) -> dict[str, object]:
    """The draft as ``piaoku read --json`` tells it, as far as a score looks."""
    return {
        "kind": draft.kind,
        "decision": decision.outcome.value,
        "fields": {name: {"value": reading.value} for name, reading in draft.fields.items()},
        "items": [asdict(item) for item in draft.items],
    }


def name(case: golden.Case) -> str:
    return str(Path(case.kind, case.name))


@pytest.mark.parametrize("case", PDFS, ids=name)
def test_a_pdf_is_read_exactly_and_accepted(case: golden.Case, known_readers: Sequence[Reader]) -> None:
    result, decision = read(case, known_readers)
    assert [mark for mark in result.marks if mark.verdict is not Verdict.RIGHT] == []
    assert [reason.code for reason in decision.reasons] == []
    assert result.accepted


@pytest.mark.parametrize("case", SCANS, ids=name)
def test_a_scan_is_read_nearly_in_full_and_never_accepted_false(
    case: golden.Case, known_readers: Sequence[Reader]
) -> None:
    result, _ = read(case, known_readers)
    # Cells of lines have no second source to compare with; acceptance rests on the fields, and so does this promise.
    assert [mark for mark in result.accepted_wrong if not mark.field.startswith("items")] == []
    assert result.share_right >= 0.9, [mark for mark in result.marks if mark.verdict is not Verdict.RIGHT]
