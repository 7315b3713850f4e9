"""Worn pictures of paper invoices whose QR code cannot be read: how many two engines let pass, and what was wrong.

Last figures: see ``ingest/READING.md``. Run: ``make bench ARGS="-s -k second_look"`` (three seconds a scan).
"""

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from fixtures.generator.pdf import draw
from fixtures.generator.scan import DEGRADATIONS, degrade
from fixtures.generator.truth import PAPER_KINDS, invent
from fixtures.score import Score, score
from ingest.model.decision import Known
from ingest.pipeline import decide, examine
from ingest.readers import registry
from ingest.readers.ocr.tesseract import is_installed

TODAY = date(2026, 11, 20)
FIRST_SEED = 890_000  # far from those of tests and of other measurements
ROUNDS = 15  # scans of each kind in each degradation


def scores(rounds: int) -> list[tuple[str, str, Score]]:
    loaded = registry.readers(ocr_threads=1)
    wishes = rounds * [(wear, kind) for wear in DEGRADATIONS for kind in PAPER_KINDS]
    found = []
    for number, (wear, kind) in enumerate(wishes):
        truth = invent(kind, FIRST_SEED + number)
        content = degrade(draw(truth), wear, FIRST_SEED + number).content
        (draft,) = examine(content, loaded, None, TODAY).drafts
        told = {
            "kind": draft.kind,
            "decision": decide(draft, Known(), TODAY).outcome.value,
            "fields": {name: {"value": reading.value} for name, reading in draft.fields.items()},
            "items": [asdict(item) for item in draft.items],
        }
        found.append((kind, wear, score(told, truth)))
    return found


@pytest.mark.timeout(0)
@pytest.mark.skipif(not is_installed(), reason="Tesseract with chi_sim and eng is not installed")
def test_second_look_without_a_qr_code(benchmark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "find_symbols", lambda _picture: ())
    found = benchmark.pedantic(lambda: scores(ROUNDS), rounds=1)
    for place, name in ((0, "kind"), (1, "wear")):
        shown = Counter(row[place] for row in found)
        accepted = Counter(row[place] for row in found if row[2].accepted)
        print(f"\naccepted by {name}:", {key: f"{accepted[key]} of {shown[key]}" for key in shown})
    wrong = [(kind, wear, mark) for kind, wear, one in found for mark in one.accepted_wrong]
    fields = sum(not mark.field.startswith("items") for *_, one in found if one.accepted for mark in one.marks)
    print(f"of {fields} accepted fields and their lines wrong:", wrong)
    assert [row for row in wrong if not row[2].field.startswith("items")] == []
