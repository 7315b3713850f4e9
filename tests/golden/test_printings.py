"""Invoices as any issuer may print them are read exactly, whatever the order, cut, turn and words of the file.

``make campaign`` reads thousands of them; here are a few of each press, and those that once were read falsely.
"""

import os
from datetime import date

import pytest
from PIL import Image

from fixtures.generator.fonts import missing_packages
from fixtures.generator.printings import Printing, printing
from fixtures.score import Verdict, score
from ingest.model.decision import Known
from ingest.model.page import Page
from ingest.pipeline import decide, examine
from ingest.readers.pdf_text import PdfReader
from ingest.readers.qr_code import find_symbols
from ingest.reading_json import answer

TODAY = date(2026, 7, 1)
COUNT = int(os.environ.get("CAMPAIGN", "24"))
SOLVED = (20, 44, 59, 113)
"""Printings whose names, sums or cells were once read falsely and accepted."""
OLD_IDS = frozenset({"TAX-ID-SHAPE"})
"""What is rightly asked of ids that have no check digit."""

needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"nothing can be drawn without Debian packages {missing_packages()}"
)


def no_ocr(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
    raise AssertionError("the text layer says it all")


@needs_fonts
@pytest.mark.parametrize("seed", [*SOLVED, *range(1_000, 1_000 + COUNT)])
def test_a_text_layer_is_read_exactly_however_it_was_written(seed: int) -> None:
    made = printing(seed)
    examination = examine(made.pdf(), (PdfReader(no_ocr, find_symbols),), None, TODAY)
    decisions = [decide(draft, Known(), TODAY) for draft in examination.drafts]
    (told,) = answer("", None, examination, decisions)["invoices"]
    result = score(told, made.truth())
    assert [mark for mark in result.marks if mark.verdict is not Verdict.RIGHT] == [], made
    assert {*told["reasons"]} <= allowed(made), made


def allowed(made: Printing) -> frozenset[str]:
    return OLD_IDS if "old_tax_id" in made.decoys else frozenset()
