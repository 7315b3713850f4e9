"""Print that is too small to be read surely is told of; figures, not guesses, say how small."""

import pytest

from archive.model.evidence import Severity
from ingest.readers.ocr.engine import TextLine
from ingest.readers.ocr.resolution import resolution_findings


def line(height: float, text: str = "发票号码", confidence: float = 0.99) -> TextLine:
    return TextLine(text, ((0, 0), (100, 0), (100, height), (0, height)), confidence)


@pytest.mark.parametrize(("height", "dpi"), [(17.9, 90), (14.0, 50), (10.0, 40)])
def test_small_print_is_told_with_a_next_step(height: float, dpi: int) -> None:
    (finding,) = resolution_findings([line(height)] * 8)
    assert (finding.code, finding.severity, finding.field) == ("LOW-RESOLUTION", Severity.WARNING, None)
    assert f"{dpi} dpi" in finding.en
    assert "300 dpi" in finding.en
    assert f"{dpi} dpi" in finding.zh
    assert "重新扫描" in finding.zh


def test_print_that_is_large_enough_is_not_mentioned() -> None:
    assert resolution_findings([line(18)] * 8) == ()


def test_most_print_decides_and_what_is_no_print_does_not_count() -> None:
    assert resolution_findings([line(30)] * 9 + [line(12)] * 8) == ()
    texture = [line(9, confidence=0.3)] * 20 + [line(9, text="票")] * 20
    assert resolution_findings([*texture, *[line(30)] * 8]) == ()
    assert resolution_findings([line(12)] * 7) == ()
