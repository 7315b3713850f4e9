"""A draft read by OCR tells what stands on OCR alone; one that the issuer wrote has nothing to prove."""

from collections.abc import Callable
from datetime import date

from archive.model.evidence import Source
from ingest.drafting import draft_of
from ingest.extraction.fields import read_page

TODAY = date(2026, 11, 22)
LINES = [
    ("*文具*笔", 20, 275), ("2", 478, 275), ("600.00", 570, 275), ("1000.00", 680, 275), ("13%", 785, 275),
    ("130.00", 930, 275),
]  # fmt: skip


def codes(page_of: Callable, prints: list, source: Source) -> dict[str, str]:
    draft = draft_of((read_page(page_of(prints, source=source, confidence=0.99)),), TODAY)
    return {finding.code: finding.en for finding in draft.findings}


def test_a_scan_tells_what_no_second_source_confirms(page_of: Callable, digital_prints: Callable) -> None:
    told = codes(page_of, digital_prints(), Source.OCR)
    assert "invoice number" in told["OCR-ONLY"]
    assert "total amount" not in told["OCR-ONLY"]
    assert "OCR-ONLY" not in codes(page_of, digital_prints(), Source.PDF_TEXT)


def test_a_wrong_cell_is_left_out_of_a_scan_and_told_of_a_text_layer(
    page_of: Callable, digital_prints: Callable
) -> None:
    scanned = codes(page_of, digital_prints(lines=LINES), Source.OCR)
    assert "600.00" in scanned["CELL-LEFT-OUT"]
    assert "LINE-PRICE" not in scanned
    written = codes(page_of, digital_prints(lines=LINES), Source.PDF_TEXT)
    assert "LINE-PRICE" in written
    assert "CELL-LEFT-OUT" not in written
