"""Every committed case is read as its truth says: data and text in full and unasked, pictures never falsely."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fixtures import golden
from fixtures.score import Score, Verdict, score
from ingest.model.decision import Decision, Known
from ingest.model.draft import Draft
from ingest.pipeline import decide, examine
from ingest.readers.reader import Reader
from ingest.readers.registry import readers

TODAY = date(2026, 7, 1)  # after the issue date of every case
AWAITED: dict[str, str] = {}
"""What cannot be read yet, and why. Each case must leave this list in the change that reads it."""

MACHINE = [case for case in golden.CASES if case.machine]
PICTURES = [case for case in golden.CASES if not case.machine]


@pytest.fixture(scope="module")
def known_readers() -> Sequence[Reader]:
    return readers()


def read(case: golden.Case, known_readers: Sequence[Reader]) -> list[tuple[Score, Decision]]:
    """One score and decision for each invoice of the case, in their order in the document."""
    examination = examine(case.source.read_bytes(), known_readers, lambda _number, _picture: None, TODAY)
    decisions = [decide(draft, Known(), TODAY) for draft in examination.drafts]
    assert len(decisions) == len(case.truths), [draft.kind for draft in examination.drafts]
    return [
        (score(told(draft, decision), truth), decision)
        for draft, decision, truth in zip(examination.drafts, decisions, case.truths, strict=True)
    ]


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


def marked(cases: Sequence[golden.Case]) -> list[Any]:
    """The cases, those that are awaited marked so: they are read too, and must fail."""
    reasons = ((case, AWAITED.get(name(case))) for case in cases)
    return [
        pytest.param(case, id=name(case), marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [])
        for case, reason in reasons
    ]


def test_only_cases_that_exist_are_awaited() -> None:
    assert set(map(name, golden.CASES)) >= AWAITED.keys()


@pytest.mark.parametrize("case", marked(MACHINE))
def test_data_and_text_are_read_exactly_and_accepted(case: golden.Case, known_readers: Sequence[Reader]) -> None:
    for result, decision in read(case, known_readers):
        assert [mark for mark in result.marks if mark.verdict is not Verdict.RIGHT] == []
        assert [reason.code for reason in decision.reasons] == []
        assert result.accepted


@pytest.mark.parametrize("case", marked(PICTURES))
def test_a_picture_is_read_nearly_in_full_and_never_accepted_false(
    case: golden.Case, known_readers: Sequence[Reader]
) -> None:
    for result, _ in read(case, known_readers):
        # Cells of lines have no second source to compare with; acceptance rests on the fields, as does this promise.
        assert [mark for mark in result.accepted_wrong if not mark.field.startswith("items")] == []
        assert result.share_right >= 0.9, [mark for mark in result.marks if mark.verdict is not Verdict.RIGHT]


@pytest.mark.parametrize("paper", golden.PAPERS, ids=lambda paper: paper.name)
def test_a_paper_that_is_no_invoice_yields_none(paper: golden.PaperCase, known_readers: Sequence[Reader]) -> None:
    examination = examine(paper.source.read_bytes(), known_readers, lambda _number, _picture: None, TODAY)
    assert [draft.kind for draft in examination.drafts] == []
