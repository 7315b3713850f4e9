"""PDF through pypdfium2: the text layer where it can be trusted, OCR of the rendered page where not."""

import ctypes
import math
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pypdfium2 as pdfium
from PIL import Image

from archive.model.evidence import Source
from ingest.model.page import Page, Word
from ingest.readers.facsimile import Facsimile
from ingest.readers.limits import KEPT_SIDE, MAX_CHARACTERS, MAX_PAGES, READING_DPI
from ingest.readers.overlay import overlaid
from ingest.readers.pdf_data import data_of
from ingest.readers.pdf_scan import Scans, shows_one_picture
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
_WHITE = 250  # of 255; lighter print does not show on paper
_UPRIGHT = 0.005  # of a quarter turn
_LINE_END_HYPHEN = "\x02"  # what pdfium makes of a hyphen at the end of a line
_NESTED = 4  # levels of forms within forms in which a covering picture is looked for
_DEVICE = 1_000_000  # side of the square onto which pdfium maps a page, so that its whole numbers are fine fractions
_STEP = 100.0  # points between the places that show how a page is mapped


class PdfReader:
    """A ``Reader`` of PDF.

    Raises ``UnreadableError`` with ``ENCRYPTED``, ``BROKEN``, ``TOO-MANY-PAGES`` or ``PDF-TOO-COMPLEX``.
    """

    media_types = frozenset({PDF})

    def __init__(self, read_picture: ReadPicture, find_symbols: FindSymbols) -> None:
        self._read_picture = read_picture
        self._find_symbols = find_symbols

    def pages(self, content: bytes, keep_page: KeepPage | None) -> Iterator[Page]:
        document = _opened(content)
        try:
            data = data_of(content, self._find_symbols)
            left = data.statements
            for index in range(len(document)):
                page = self._page(document, index, keep_page)
                own, left = placed(left, page.words, page.symbols, last=index == len(document) - 1)
                yield replace(page, statements=own, findings=(*page.findings, *data.findings))
        except pdfium.PdfiumError as error:
            raise broken() from error
        finally:
            document.close()

    def facsimiles(self, content: bytes, read_by_ocr: Container[int]) -> Iterator[Facsimile]:
        """A scan's own picture where one covers the sheet, else the sheet as it is painted."""
        with _opened(content) as document:
            count = len(document)
        with Scans(content) as scans:
            for index in range(count):
                # Opened for each page, because pdfium keeps every picture that it has seen until it is closed.
                with _opened(content) as document:
                    yield _facsimile(document[index], index, scans)

    def _page(self, document: pdfium.PdfDocument, index: int, keep_page: KeepPage | None) -> Page:
        page, number = document[index], index + 1
        try:
            read = None if _is_scan(page) else self._by_text(page, number, keep_page)
            if read is not None:
                return read
            picture, dpi = _rendered(page)
            words = _words(page)
        finally:
            page.close()
        read, upright = self._read_picture(picture, number, dpi)
        if upright.size == picture.size:
            read = overlaid(read, words)
        if keep_page:
            keep_page(number, kept(upright))
        return read

    def _by_text(self, page: pdfium.PdfPage, number: int, keep_page: KeepPage | None) -> Page | None:
        """The page by its text layer; None where that cannot be trusted."""
        words, scale = _words(page), _scale(page)
        width, height = (math.ceil(side * scale) for side in page.get_size())
        smaller = min(1.0, (KEPT_SIDE - 0.5) / max(width, height))  # pdfium rounds up
        picture = page.render(scale=scale * smaller, grayscale=keep_page is None).to_pil()
        symbols = self._find_symbols(picture)
        if not symbols and smaller < 1:
            symbols = self._find_symbols(page.render(scale=scale, grayscale=True).to_pil())
        if not trustworthy(words, bool(symbols)):
            return None
        if keep_page:
            keep_page(number, kept(picture))
        return Page(number, width, height, Source.PDF_TEXT, words, symbols, scale * _POINTS_PER_INCH)


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


def _scale(page: pdfium.PdfPage) -> float:
    """Pixels a point of the page as it is read: 200 dpi, less where the sheet is enormous."""
    width, height = page.get_size()
    scale = READING_DPI / _POINTS_PER_INCH
    return scale * reading_scale(max(1.0, width * scale), max(1.0, height * scale))


def _rendered(page: pdfium.PdfPage) -> tuple[Image.Image, float]:
    """The page as OCR reads it, and its resolution (dpi)."""
    scale = _scale(page)
    return page.render(scale=scale).to_pil().convert("RGB"), scale * _POINTS_PER_INCH


def _facsimile(page: pdfium.PdfPage, index: int, scans: Scans) -> Facsimile:
    try:
        width, height = page.get_size()
        encoded = scans.whole(index) if _is_scan(page) and shows_one_picture(page) else None
    except pdfium.PdfiumError as error:
        raise broken() from error
    return Facsimile(width, height, partial(_painted, page), encoded)


def _painted(page: pdfium.PdfPage) -> Image.Image:
    try:
        return _rendered(page)[0]
    except pdfium.PdfiumError as error:
        raise broken() from error


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
        (a, b, c), (d, e, f) = self.across, self.down
        x0, x1 = a * left + b * bottom + c, a * right + b * top + c
        y0, y1 = d * left + e * bottom + f, d * right + e * top + f
        return Glyph(character, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

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


def _character(text: pdfium.PdfTextPage, index: int) -> str:
    """pdfium tells a character beyond the first 65,536 of Unicode by halves; here the second half is nothing more.
    Half a character alone is one that cannot be read."""
    half = chr(pdfium.raw.FPDFText_GetUnicode(text, index))
    if "\ud800" <= half <= "\udbff":
        both = half + chr(pdfium.raw.FPDFText_GetUnicode(text, index + 1))
        return both.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")[0]
    if "\udc00" <= half <= "\udfff":
        before = chr(pdfium.raw.FPDFText_GetUnicode(text, index - 1)) if index else ""
        return "" if "\ud800" <= before <= "\udbff" else "\ufffd"
    return half


def _glyphs(text: pdfium.PdfTextPage, sheet: _Sheet) -> Iterator[Glyph]:
    """The characters that are seen and upright: seals and watermarks are set aslant, fields of invoices never are."""
    space, last, shows = "", None, True
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        character = _character(text, index)
        if not character:
            continue
        if character == _LINE_END_HYPHEN:
            character = "-"
        if character.isspace() or unicodedata.category(character) == "Cc":
            space = " " if character == " " else ""
            continue
        shape = pdfium.raw.FPDFText_GetTextObject(text, index)
        if (place := ctypes.cast(shape, ctypes.c_void_p).value) != last:
            last, shows = place, not (shape and not _is_painted(shape)) and not _is_aslant(text, index)
        if not shows:
            continue
        # Loose boxes: tight ones split 1072.64 at its point, which is narrower than the gap beside it.
        glyph = sheet.glyph(space + character, *text.get_charbox(index, loose=True))
        space = ""
        if sheet.shows(glyph):
            yield glyph


def _is_painted(shape: pdfium.raw.FPDF_PAGEOBJECT) -> bool:
    """Whether text is painted in a colour that shows on paper."""
    if pdfium.raw.FPDFTextObj_GetTextRenderMode(shape) in _UNSEEN:
        return False
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    if not pdfium.raw.FPDFPageObj_GetFillColor(shape, red, green, blue, opacity):
        return True
    return bool(opacity.value) and min(red.value, green.value, blue.value) < _WHITE


def _is_aslant(text: pdfium.PdfTextPage, index: int) -> bool:
    quarters: float = pdfium.raw.FPDFText_GetCharAngle(text, index) / (math.pi / 2)
    return abs(quarters - round(quarters)) > _UPRIGHT
