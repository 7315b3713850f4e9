"""How large print is on a picture, and what a person is told where it is too small to be read surely."""

from collections.abc import Sequence
from statistics import median

from archive.model.evidence import Finding, Severity
from ingest.readers.ocr.engine import TextLine
from ingest.readers.ocr.placing import height_of

_SMALL = 18.0  # pixels of a line; below it fields begin to be missed (READING.md)
_SURE = 0.5  # confidence from which a line counts as print
_FEWEST = 8  # lines by which the print of a page is judged
_MARGIN, _STEP = 9.0, 10.0  # a line as found is 9 pixels higher than one a tenth of the dpi, measured on 9 pt print


def resolution_findings(lines: Sequence[TextLine]) -> tuple[Finding, ...]:
    """``LOW-RESOLUTION`` where most print is smaller than it may be; empty where it is not, or where there is none."""
    heights = [height_of(line) for line in lines if len(line.text) > 1 and line.confidence >= _SURE]
    if len(heights) < _FEWEST or median(heights) >= _SMALL:
        return ()
    return (_low_resolution(median(heights)),)


def _low_resolution(height: float) -> Finding:
    dpi = max(40, round((height - _MARGIN) * _STEP / 10) * 10)
    return Finding(
        "LOW-RESOLUTION",
        Severity.WARNING,
        None,
        f"图像分辨率过低（约 {dpi} dpi，文字高约 {height:.0f} 像素），易漏读误读。请以 300 dpi 重新扫描，或靠近重拍。",
        f"The picture's resolution is too low (about {dpi} dpi, print about {height:.0f} pixels high): print may be "
        "missed or misread. Scan it again at 300 dpi, or take the photo from nearer.",
    )
