"""Files with bytes changed, lost or doubled: one clear error or a reading, never another crash, never false sums.

Identity, date and sums of what is accepted must be those of the original, because its QR code or its words say so too.
``make campaign`` changes thousands of files.
"""

import os
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

import pytest
from PIL import Image

from fixtures.generator.carriers import carried
from fixtures.generator.fonts import missing_packages
from fixtures.generator.truth import Truth
from fixtures.generator.variants import invented
from fixtures.score import score
from ingest.errors import UnreadableError
from ingest.model.decision import Known
from ingest.pipeline import decide, examine
from ingest.readers.ocr.engine import TextLine
from ingest.readers.registry import readers
from ingest.reading_json import answer

TODAY = date(2026, 7, 1)
COUNT = int(os.environ.get("CAMPAIGN", "180")) // 10
CARRIERS: Mapping[str, str] = {
    "pdf": "digital_special",
    "pdf_info": "digital_special",
    "pdf_pairs_gbk": "vat_normal_electronic",
    "pdf_scanned": "digital_special",
    "einvoice": "digital_special",
    "original_padded": "vat_normal_electronic",
    "pinyin": "digital_special",
    "xbrl_2023": "digital_special",
    "ofd_tags": "digital_special",
    "ofd_ukey": "vat_normal_electronic",
    "ofd_fragments": "digital_special",
    "zip": "digital_special",
}
CONFIRMED = frozenset({"pdf", "pdf_info", "pdf_pairs_gbk", "ofd_tags", "ofd_ukey", "ofd_fragments"})
"""Those that say things twice. Data alone is one source: whether it is true is asked of the tax system."""

needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"nothing can be drawn without Debian packages {missing_packages()}"
)


class BlindEngine:
    """An OCR engine that sees nothing, so that a page costs no seconds."""

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        return ()


def cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def flipped(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 20))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def blanked(content: bytes, rng: random.Random) -> bytes:
    start, length = rng.randrange(len(content)), rng.randint(1, 200)
    return content[:start] + bytes(len(content[start : start + length])) + content[start + length :]


def doubled(content: bytes, rng: random.Random) -> bytes:
    start, length = rng.randrange(len(content)), rng.randint(1, 500)
    return content[: start + length] + content[start:]


def shortened(content: bytes, rng: random.Random) -> bytes:
    start, length = rng.randrange(len(content)), rng.randint(1, 500)
    return content[:start] + content[start + length :]


def miscounted(content: bytes, rng: random.Random) -> bytes:
    """Another digit, which leaves XML and ``KEY=VALUE`` lines well-formed."""
    place = rng.choice([place for place, byte in enumerate(content) if chr(byte).isdigit()])
    return content[:place] + str(rng.randrange(10)).encode() + content[place + 1 :]


CHANGES: Sequence[Callable[[bytes, random.Random], bytes]] = (cut, flipped, blanked, doubled, shortened, miscounted)


@cache
def original(carrier: str) -> tuple[bytes, tuple[Truth, ...]]:
    truths = tuple(invented(CARRIERS[carrier], seed) for seed in range(100, 103 if carrier == "zip" else 101))
    return carried(carrier, truths), truths


@needs_fonts
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_changed_file_is_an_error_or_a_reading_and_never_falsely_accepted(
    carrier: str, change: Callable[[bytes, random.Random], bytes]
) -> None:
    content, truths = original(carrier)
    known_readers = readers(BlindEngine())
    for seed in range(max(1, COUNT // len(CHANGES))):
        changed = change(content, random.Random(f"{carrier}/{change.__name__}/{seed}"))
        try:
            examination = examine(changed, known_readers, None, TODAY)
        except UnreadableError:
            continue
        decisions = [decide(draft, Known(), TODAY) for draft in examination.drafts]
        for told in answer("", None, examination, decisions)["invoices"]:
            best = max((score(told, truth) for truth in truths), key=lambda result: result.share_right)
            if carrier in CONFIRMED:
                wrong = [mark for mark in best.accepted_wrong if not mark.field.startswith("items")]
                assert wrong == [], seed
