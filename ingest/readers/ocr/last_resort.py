"""What is done where the first engine cannot be loaded, fails on a page or babbles: the second one reads the page, and
nothing on it is believed without a person."""

from dataclasses import replace

import structlog
from PIL import Image

from archive.model.evidence import Finding, Severity
from ingest.model.page import Page
from ingest.readers.ocr.engine import Engine, NonsenseError, TextLine, faults
from ingest.readers.picture import ReadPicture

_log = structlog.get_logger()

LAST_RESORT = Finding(
    "OCR-LAST-RESORT",
    Severity.ERROR,
    None,
    "主识别引擎未能读取此页，以下内容由备用引擎读出，准确率低。请逐项对照票面。",
    "The OCR engine failed on this page; the spare one, which errs often, read it. Compare every value with the page.",
)
"""What a page says that the second engine had to read; it blocks acceptance."""


class Checked:
    """An ``Engine`` whose answers keep the port's promises; raises NonsenseError where those of ``engine`` do not."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        lines = self._engine.lines(picture)
        if found := next(faults(lines, *picture.size), None):
            raise NonsenseError(found)
        return lines


def with_last_resort(read: ReadPicture, last: ReadPicture) -> ReadPicture:
    """Reading by ``read``, or by ``last`` where that fails; such a page says so, and goes to a person."""

    def read_somehow(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
        try:
            return read(picture, number, dpi)
        except Exception as error:
            _log.warning("ocr engine failed", engine_error=type(error).__name__, page=number)
            page, upright = last(picture, number, dpi)
        return _marked(page), upright

    return read_somehow


def _marked(page: Page) -> Page:
    return replace(page, findings=(*page.findings, LAST_RESORT), parts=tuple(map(_marked, page.parts)))
