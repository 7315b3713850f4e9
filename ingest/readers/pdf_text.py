"""PDF through pypdfium2: the text layer where it can be trusted, OCR of the rendered page where not."""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
from PIL import Image

from archive.model.evidence import Source
from ingest.model.page import Page, Word
from ingest.readers.limits import MAX_CHARACTERS, MAX_PAGES, READING_DPI
from ingest.readers.pdf_data import stated
from ingest.readers.picture import FindSymbols, ReadPicture, kept, reading_scale
from ingest.readers.reader import KeepPage
from ingest.readers.sniff import PDF
from ingest.readers.statements.placing import placed
from ingest.readers.text_layer import Glyph, runs, trustworthy
from ingest.readers.unreadable import broken, encrypted, too_many_pages

_POINTS_PER_INCH = 72
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_COVERING = 0.9  # of the sheet's area; a picture that large is a scan, and text over or under it is some other OCR's
_UNSEEN = frozenset({pdfium.raw.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.raw.FPDF_TEXTRENDERMODE_CLIP})
_NESTED = 4  # levels of forms within forms in which a covering picture is looked for
_DEVICE = 1_000_000  # side of the square onto which pdfium maps a page, so that its whole numbers are fine fractions
_STEP = 100.0  # points between the places that show how a page is mapped


class PdfReader:
    """A ``Reader`` of PDF.

    Raises ``UnreadableError`` with ``ENCRYPTED``, ``BROKEN`` or ``TOO-MANY-PAGES``.
    """

    media_types = frozenset({PDF})

    def __init__(self, read_picture: ReadPicture, find_symbols: FindSymbols) -> None:
        self._read_picture = read_picture
        self._find_symbols = find_symbols

    def pages(self, content: bytes, keep_page: KeepPage) -> Iterator[Page]:
        document = _opened(content)
        try:
            left = stated(content, self._find_symbols)
            for index in range(len(document)):
                page = self._page(document, index, keep_page)
                own, left = placed(left, page.words, page.symbols, last=index == len(document) - 1)
                yield replace(page, statements=own)
        except pdfium.PdfiumError as error:
            raise broken() from error
        finally:
            document.close()

    def _page(self, document: pdfium.PdfDocument, index: int, keep_page: KeepPage) -> Page:
        page = document[index]
        try:
            picture, dpi = _rendered(page)
            words = () if _is_scan(page) else _words(page)
        finally:
            page.close()
        symbols = self._find_symbols(picture)
        if trustworthy(words, bool(symbols)):
            read = Page(index + 1, picture.width, picture.height, Source.PDF_TEXT, words, symbols, dpi)
        else:
            read, picture = self._read_picture(picture, index + 1, dpi)
        keep_page(index + 1, kept(picture))
        return read


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise (encrypted() if error.err_code == _WRONG_PASSWORD else broken()) from error
    if not 0 < len(document) <= MAX_PAGES:
        count = len(document)
        document.close()
        raise too_many_pages(count) if count else broken()
    return document


def _rendered(page: pdfium.PdfPage) -> tuple[Image.Image, float]:
    """The page as a picture, and its resolution: 200 dpi, less where the sheet is enormous."""
    width, height = page.get_size()
    scale = READING_DPI / _POINTS_PER_INCH
    scale *= reading_scale(max(1.0, width * scale), max(1.0, height * scale))
    return page.render(scale=scale).to_pil().convert("RGB"), scale * _POINTS_PER_INCH


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The affine map from a page's own coordinates to points from the upper left of the sheet as it is shown: crop box
    and rotation are in it."""

    width: float
    height: float
    across: tuple[float, float, float]
    down: tuple[float, float, float]

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> "_Sheet":
        width, height = page.get_size()
        origin, right, up = (_device(page, x, y) for x, y in ((0.0, 0.0), (_STEP, 0.0), (0.0, _STEP)))
        across, down = (
            (size * (right[i] - origin[i]) / _STEP, size * (up[i] - origin[i]) / _STEP, size * origin[i])
            for i, size in enumerate((width, height))
        )
        return cls(width, height, across, down)

    def glyph(self, character: str, left: float, bottom: float, right: float, top: float) -> Glyph:
        xs = [self.across[0] * x + self.across[1] * y + self.across[2] for x, y in ((left, bottom), (right, top))]
        ys = [self.down[0] * x + self.down[1] * y + self.down[2] for x, y in ((left, bottom), (right, top))]
        return Glyph(character, min(xs), min(ys), max(xs), max(ys))

    def shows(self, glyph: Glyph) -> bool:
        return 0 <= (glyph.x0 + glyph.x1) / 2 <= self.width and 0 <= (glyph.y0 + glyph.y1) / 2 <= self.height


def _device(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.raw.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x, y, across, down)
    return across.value / _DEVICE, down.value / _DEVICE


def _is_scan(page: pdfium.PdfPage) -> bool:
    """Whether one picture covers the sheet. What text such a page holds was read by a scanner, not written."""
    width, height = page.get_size()
    for picture in page.get_objects(filter=(pdfium.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=_NESTED):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= _COVERING * width * height:
            return True
    return False


def _words(page: pdfium.PdfPage) -> tuple[Word, ...]:
    """The runs of the text layer that are seen on the sheet."""
    text, sheet = page.get_textpage(), _Sheet.of(page)
    try:
        return runs(_glyphs(text, sheet), sheet.width, sheet.height)
    finally:
        text.close()


def _glyphs(text: pdfium.PdfTextPage, sheet: _Sheet) -> Iterator[Glyph]:
    space = ""
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        character = chr(pdfium.raw.FPDFText_GetUnicode(text, index))
        if character.isspace() or unicodedata.category(character) == "Cc":
            space = " " if character == " " else ""
            continue
        shape = pdfium.raw.FPDFText_GetTextObject(text, index)
        if shape and pdfium.raw.FPDFTextObj_GetTextRenderMode(shape) in _UNSEEN:
            continue
        # Loose boxes: tight ones split 1072.64 at its point, which is narrower than the gap beside it.
        glyph = sheet.glyph(space + character, *text.get_charbox(index, loose=True))
        space = ""
        if sheet.shows(glyph):
            yield glyph
