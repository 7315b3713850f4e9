"""A long run over invented scans of every kind and way of wear: how many fields are right, and how many accepted ones
are wrong. It takes some seconds a scan, so it goes on where it was stopped, and several may share one folder.

``make campaign-scans`` reads 2,000 scans into ``.campaign``; ``ARGS="--shard 2/3"`` every third from the second on;
``ARGS="--count 0"`` only tells what is known so far, and writes it to ``.campaign/summary.txt``.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from fixtures.generator.pdf import draw
from fixtures.generator.scan import DEGRADATIONS, degrade
from fixtures.generator.truth import invent
from fixtures.score import Score, Verdict, score
from ingest.model.decision import Known
from ingest.model.draft import Draft
from ingest.pipeline import decide, examine
from ingest.readers.reader import Reader
from ingest.readers.registry import readers

TODAY = date(2026, 11, 20)
KINDS = (
    "digital_special", "digital_normal", "vat_normal_electronic", "vat_special_electronic", "vat_special_paper",
    "vat_normal_paper",
)  # fmt: skip
KEY_FIELDS = frozenset({
    "invoice_code", "invoice_number", "issue_date", "check_code", "seller_name", "seller_tax_id", "buyer_name",
    "buyer_tax_id", "amount_without_tax", "tax_amount", "total_amount",
})  # fmt: skip
FIRST_SEED = 2_000_000  # apart from those of tests and other benchmarks
SURE = 0.95


def main() -> None:
    wish = _arguments().parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    share, shares = map(int, wish.shard.split("/"))
    known = {result["number"] for result in results(wish.folder)}
    loaded = readers(ocr_threads=1)
    with (wish.folder / f"results-{share}-of-{shares}.ndjson").open("a", encoding="utf-8") as file:
        for number in range(share - 1, wish.count, shares):
            if number not in known:
                file.write(json.dumps(outcome(number, loaded), ensure_ascii=False) + "\n")
                file.flush()
    told = "\n".join(summary(list(results(wish.folder))))
    (wish.folder / "summary.txt").write_text(told + "\n", "utf-8")
    print(told)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.campaign", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="scans in all shards together")
    parser.add_argument("--shard", default="1/1", help="which part of them, such as 2/3")
    parser.add_argument("--folder", type=Path, default=Path(".campaign"))
    return parser


def results(folder: Path) -> Iterator[dict[str, Any]]:
    """What earlier runs found; a line that was cut off by their end is read anew."""
    for path in sorted(folder.glob("results-*.ndjson")):
        for line in path.read_text("utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                yield json.loads(line)


def outcome(number: int, loaded: Sequence[Reader]) -> dict[str, Any]:
    """What comes of one scan: kinds and ways of wear in turn, all pairs of them after sixty."""
    kind = KINDS[number % len(KINDS)]
    wear = tuple(DEGRADATIONS)[number // len(KINDS) % len(DEGRADATIONS)]
    truth = invent(kind, FIRST_SEED + number)
    content = degrade(draw(truth), wear, FIRST_SEED + number).content
    drafts = examine(content, loaded, None, TODAY).drafts
    scored = score(told(drafts[0]) if drafts else None, truth)
    return {
        "number": number,
        "kind": kind,
        "wear": wear,
        "accepted": scored.accepted,
        "key": counts(scored, key=True),
        "fields": counts(scored),
        "cells": counts(scored, cells=True),
        "wrong": [(mark.field, mark.expected, mark.found) for mark in scored.having(Verdict.WRONG)],
    }


def told(draft: Draft) -> dict[str, object]:
    """A draft as ``piaoku read --json`` tells it, as far as it is scored."""
    return {
        "kind": draft.kind,
        "decision": decide(draft, Known(), TODAY).outcome.value,
        "fields": {name: {"value": reading.value} for name, reading in draft.fields.items()},
        "items": [asdict(item) for item in draft.items],
    }


def counts(scored: Score, *, key: bool = False, cells: bool = False) -> dict[str, int]:
    marks = [m for m in scored.marks if m.field.startswith("items") == cells and (not key or m.field in KEY_FIELDS)]
    found = Counter(mark.verdict.value for mark in marks)
    return {verdict.value: found[verdict.value] for verdict in Verdict}


def summary(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Tables by wear and kind, and what the accepted fields bound."""
    yield f"{len(found)} scans"
    for part, names in (("wear", tuple(DEGRADATIONS)), ("kind", KINDS)):
        yield f"{part:22} scans accepted  key fields right wrong missed  key %   cells right wrong missed"
        for name in (*names, *(["all"] if part == "kind" else [])):
            own = [result for result in found if name in (result[part], "all")]
            key, cells = _added(own, "key"), _added(own, "cells")
            accepted = sum(result["accepted"] for result in own)
            share = key["right"] / max(1, key.total())
            yield (
                f"{name:22} {len(own):5} {accepted:8}  {key['right']:16} {key['wrong']:5} {key['missed']:6}"
                f" {share:6.2%}  {cells['right']:11} {cells['wrong']:5} {cells['missed']:6}"
            )
    accepted = [result for result in found if result["accepted"]]
    for part in ("fields", "cells"):
        stated = _added(accepted, part)
        held = stated["right"] + stated["wrong"]
        yield (
            f"accepted {part}: {stated['wrong']} of {held} wrong; with {SURE:.0%} confidence at most "
            f"{10_000 * most(stated['wrong']) / max(1, held):.2f} in 10,000"
        )
    for result in accepted:
        for field, expected, got in result["wrong"]:
            yield f"accepted wrong: {result['kind']} {result['wear']} {result['number']} {field}: {expected} → {got}"


def _added(found: Sequence[Mapping[str, Any]], part: str) -> Counter[str]:
    return sum((Counter(result[part]) for result in found), Counter())


def most(seen: int) -> float:
    """The upper bound of a Poisson mean of which ``seen`` events were counted (3.0 for none)."""
    low, high = float(seen), 10.0 + 3 * seen
    for _ in range(60):
        middle = (low + high) / 2
        chance = sum(math.exp(-middle) * middle**events / math.factorial(events) for events in range(seen + 1))
        low, high = (middle, high) if chance > 1 - SURE else (low, middle)
    return high


if __name__ == "__main__":
    main()
