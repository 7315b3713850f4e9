"""How far the confidence of OCR can be believed, and what is right, wrong or missed on worn invented scans.

Last figures: see ``ingest/READING.md``. Run: ``make bench ARGS="-s -k calibration"`` (two seconds a scan).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pytest

from archive.model.evidence import Source
from fixtures.generator.pdf import draw
from fixtures.generator.scan import DEGRADATIONS, degrade
from fixtures.generator.truth import invent
from fixtures.score import Mark, Score, Verdict, score
from ingest.model.decision import Known
from ingest.model.draft import Draft
from ingest.pipeline import decide, examine
from ingest.readers.registry import readers

TODAY = date(2026, 11, 20)
KINDS = (
    "digital_special", "digital_normal", "vat_normal_electronic", "vat_special_electronic", "vat_special_paper",
    "vat_normal_paper",
)  # fmt: skip
FIRST_SEED = 700_000  # far from those of tests
ROUNDS = 5  # scans of each kind in each degradation
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0)
SURE = 1.96  # standard deviations: bounds hold 19 times in 20


@dataclass(frozen=True, slots=True)
class Scan:
    """What came of one scan: its score and, of each field OCR read, the stated confidence and whether it is right."""

    degradation: str
    score: Score
    stated: tuple[tuple[str, float, bool], ...]


def scans() -> Iterator[Scan]:
    loaded = readers(ocr_threads=1)
    wishes = ROUNDS * [(wear, kind) for wear in DEGRADATIONS for kind in KINDS]
    for number, (degradation, kind) in enumerate(wishes):
        truth = invent(kind, FIRST_SEED + number)
        content = degrade(draw(truth), degradation, FIRST_SEED + number).content
        drafts = examine(content, loaded, lambda _number, _picture: None, TODAY).drafts
        draft = drafts[0] if drafts else None
        scored = score(told(draft) if draft else None, truth)
        yield Scan(degradation, scored, tuple(stated(draft, scored.marks)) if draft else ())


def told(draft: Draft) -> dict[str, object]:
    return {
        "kind": draft.kind,
        "decision": decide(draft, Known(), TODAY).outcome.value,
        "fields": {name: {"value": reading.value} for name, reading in draft.fields.items()},
        "items": [asdict(item) for item in draft.items],
    }


def stated(draft: Draft, marks: Sequence[Mark]) -> Iterator[tuple[str, float, bool]]:
    """OCR's own confidence, before other sources raise it, in the values that the draft holds."""
    verdicts = {mark.field: mark.verdict for mark in marks}
    for field, chosen in draft.fields.items():
        own = [
            r.confidence for r in draft.readings if (r.field, r.value, r.source) == (field, chosen.value, Source.OCR)
        ]
        if own and field in verdicts:
            yield field, float(max(own)), verdicts[field] is Verdict.RIGHT


def bounds(right: int, count: int) -> tuple[float, float]:
    """Wilson's bounds of a share."""
    share, square = right / count, SURE**2 / count
    spread = SURE * math.sqrt(share * (1 - share) / count + square / 4 / count)
    return (share + square / 2 - spread) / (1 + square), (share + square / 2 + spread) / (1 + square)


@pytest.mark.timeout(0)
def test_calibration_of_confidence(benchmark: Any) -> None:
    found: list[Scan] = benchmark.pedantic(lambda: list(scans()), rounds=1)
    tell_scores(found)
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for scan in found:
        for _, confidence, right in scan.stated:
            bins[sum(confidence >= edge for edge in EDGES[1:-1])].append((confidence, right))
    print("\nstated confidence   fields   right   at least")
    for place in sorted(bins):
        count, right = len(bins[place]), sum(right for _, right in bins[place])
        least, most = bounds(right, count)
        print(f"{EDGES[place]:.2f} to {EDGES[place + 1]:.2f} {count:12} {right:7} {least:9.1%}")
        mean = sum(confidence for confidence, _ in bins[place]) / count
        assert most >= mean, f"of values stated sure to {mean:.2f} only {right} of {count} are right"
    wrong = [mark for scan in found for mark in scan.score.accepted_wrong if not mark.field.startswith("items")]
    assert wrong == []


def tell_scores(found: Sequence[Scan]) -> None:
    print("\ndegradation     scans accepted   fields right wrong missed   cells right wrong missed   accepted wrong")
    for wear in (*DEGRADATIONS, None):
        own = [scan for scan in found if wear in (scan.degradation, None)]
        marks = [mark for scan in own for mark in scan.score.marks]
        cells = Counter(mark.verdict for mark in marks if mark.field.startswith("items"))
        fields = Counter(mark.verdict for mark in marks if not mark.field.startswith("items"))
        accepted = sum(scan.score.accepted for scan in own)
        false = Counter(mark.field for scan in own for mark in scan.score.accepted_wrong)
        counts = [f"{part[verdict]:6}" for part in (fields, cells) for verdict in Verdict]
        print(f"{wear or 'all':14} {len(own):6} {accepted:8}   ", *counts, dict(false))
    missed = Counter(
        mark.field.rpartition(".")[2] for scan in found for mark in scan.score.marks if mark.verdict is Verdict.MISSED
    )
    print("missed most:", missed.most_common(8))
    for scan in found:
        for mark in scan.score.having(Verdict.WRONG):
            print("wrong", scan.degradation, "accepted" if scan.score.accepted else "asked", mark)
