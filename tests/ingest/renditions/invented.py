"""Pages of an invented document, copies of them, and two programs that read text from PDF."""

import io
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from archive.model.digest import Digest
from archive.model.evidence import Box, Source
from ingest.model.page import Word
from ingest.readers.image import ImageReader
from ingest.renditions.drawing import copy
from ingest.renditions.metadata import Heading
from ingest.renditions.page_text import WHOLE, PageText, Plane

HEADING = Heading("云杉 & <发票>.jpg", Digest.of(b"invented"), datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
WORDS = (
    Word("发票号码:26117000000123456789", Box(0.60, 0.08, 0.95, 0.11)),
    Word("名称:北京云杉远景科技有限公司", Box(0.05, 0.20, 0.40, 0.23)),
    Word("𠀀𠮷野家 A-17 Ⅷ", Box(0.05, 0.30, 0.30, 0.33)),
    Word("¥1130.00", Box(0.70, 0.40, 0.80, 0.42)),
    Word("购买方信息", Box(0.02, 0.50, 0.05, 0.70), downwards=True),
)
Found = Sequence[tuple[str, tuple[float, float, float, float]]]
"""Pieces of text with their boxes in points, from the upper left."""


def scan(size: tuple[int, int] = (1240, 1754), mode: str = "RGB") -> Image.Image:
    """A sheet with a bar at its head, so that its turns can be told."""
    sheet = Image.new(mode, size, "white")
    ImageDraw.Draw(sheet).rectangle((100, 100, size[0] // 2, 160), fill=0)
    return sheet


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def text_of(number: int = 1, words: Sequence[Word] = WORDS, lies: object = WHOLE) -> PageText:
    return PageText(number, Source.OCR, 1240, 1754, lies, (Plane(lies, tuple(words)),))  # type: ignore[arg-type]


def copied(content: bytes, *texts: PageText, heading: Heading = HEADING) -> bytes:
    """The readable copy of a picture file."""
    written = io.BytesIO()
    told = {text.number: text for text in texts or (text_of(),)}
    copy(content, told, [ImageReader(None)], heading, written.write)  # type: ignore[arg-type]
    return written.getvalue()


def by_pdfium(content: bytes, page: int = 0) -> Found:
    with pdfium.PdfDocument(content) as document:
        shown = document[page]
        text, height = shown.get_textpage(), shown.get_height()
        found = []
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            found.append(
                (chr(pdfium.raw.FPDFText_GetUnicode(text, index)), (left, height - top, right, height - bottom))
            )
        return found


def by_poppler(content: bytes, page: int = 0) -> Found:
    command = shutil.which("pdftotext")
    if command is None:
        pytest.fail("pdftotext is not installed; `make test` installs it")
    number = str(page + 1)
    answer = subprocess.run(
        [command, "-bbox", "-f", number, "-l", number, "-", "-"], input=content, capture_output=True, check=True
    )
    words = ElementTree.fromstring(answer.stdout).iter("{http://www.w3.org/1999/xhtml}word")
    sides = ("xMin", "yMin", "xMax", "yMax")
    return [(word.text or "", tuple(float(word.attrib[side]) for side in sides)) for word in words]  # type: ignore[misc]
