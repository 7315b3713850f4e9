"""OFD as people and machines read it: the data beside the pages, the pages' text, their QR codes; OCR where a page is a
picture or outlines only."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from functools import partial

from PIL import Image

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Symbol
from ingest.readers.facsimile import Facsimile
from ingest.readers.limits import MAX_PAGES, READING_DPI
from ingest.readers.ofd import data
from ingest.readers.ofd.objects import Placed, annotated, objects
from ingest.readers.ofd.package import Document, OfdPage, Package
from ingest.readers.ofd.painting import paint, painted_size
from ingest.readers.ofd.pictures import picture
from ingest.readers.ofd.text import words
from ingest.readers.picture import FindSymbols, ReadPicture, kept, reading_scale
from ingest.readers.reader import KeepPage
from ingest.readers.sniff import OFD
from ingest.readers.statements.placing import placed
from ingest.readers.text_layer import trustworthy
from ingest.readers.unreadable import too_many_pages

_MILLIMETRES_PER_INCH = 25.4
_POINTS_PER_MILLIMETRE = 72 / _MILLIMETRES_PER_INCH
_LONGEST_SHEET = 420.0  # millimetres: A3; writers that take pixels for millimetres claim more
_MOST_PICTURES = 8  # of a page that are searched for QR codes
_SQUARE = 1.25  # the most that a QR code's sides differ by


class OfdReader:
    """A ``Reader`` of OFD.

    Raises ``UnreadableError`` with ``BROKEN``, ``ENCRYPTED``, ``ARCHIVE-TOO-LARGE``, ``TOO-MANY-PAGES`` or one of the
    codes of XML.
    """

    media_types = frozenset({OFD})

    def __init__(self, read_picture: ReadPicture, find_symbols: FindSymbols) -> None:
        self._read_picture = read_picture
        self._find_symbols = find_symbols

    def pages(self, content: bytes, keep_page: KeepPage | None) -> Iterator[Page]:
        package = Package(content)
        if package.page_count > MAX_PAGES:
            raise too_many_pages(package.page_count)
        number = 0
        for document in package.documents:
            left, tags = data.stated(document, self._find_symbols), data.tags(document)
            for page in document.pages():
                number += 1
                drawn = tuple(objects(document, page))
                read = self._page(document, page, drawn, number, keep_page)
                own, left = placed(left, read.words, read.symbols, last=page.is_last)
                yield replace(read, statements=(*own, *data.tagged(tags.get(page.id, {}), drawn)))

    def facsimiles(self, content: bytes, read_by_ocr: Container[int]) -> Iterator[Facsimile]:
        """A page that was read by OCR as OCR saw it, so that its words lie where they were read."""
        number = 0
        for document in Package(content).documents:
            for page in document.pages():
                number += 1
                drawn = tuple(objects(document, page))
                show = _sheet if number in read_by_ocr else _whole
                width, height = (side * _POINTS_PER_MILLIMETRE for side in page.area[2:])
                yield Facsimile(width, height, partial(show, document, page, drawn))

    def _page(
        self, document: Document, page: OfdPage, drawn: Sequence[Placed], number: int, keep_page: KeepPage | None
    ) -> Page:
        runs = words(drawn, page)
        symbols = _symbols(document, page, drawn, self._find_symbols)
        if not trustworthy(runs, bool(symbols)):
            read, upright = self._read_picture(_sheet(document, page, drawn), number, None)
            if keep_page:
                keep_page(number, kept(upright))
            return read
        if keep_page or not symbols:
            painted = paint(document, page, [*drawn, *annotated(document, page)])
            symbols = symbols or self._find_symbols(painted)
            if keep_page:
                keep_page(number, kept(painted))
        return Page(number, *painted_size(page), Source.OFD_TEXT, runs, symbols)


def _sheet(document: Document, page: OfdPage, placed: Sequence[Placed]) -> Image.Image:
    """The page as OCR reads it: where one picture is all there is, that picture, not a copy of another size."""
    if len(placed) == 1 and placed[0].kind == "ImageObject":
        whole = picture(document, placed[0].element.get("ResourceID", ""))
        if whole is not None:
            scale = reading_scale(*whole.size)
            return whole.resize((round(whole.width * scale), round(whole.height * scale))) if scale < 1 else whole
    return paint(document, page, placed, _longest(page))


def _whole(document: Document, page: OfdPage, placed: Sequence[Placed]) -> Image.Image:
    """The page as people see it, seals and notes among it."""
    return paint(document, page, [*placed, *annotated(document, page)], _longest(page))


def _longest(page: OfdPage) -> int:
    """Pixels of the longer side at the resolution that pages are read at."""
    return round(min(max(page.area[2:]), _LONGEST_SHEET) / _MILLIMETRES_PER_INCH * READING_DPI)


def _symbols(
    document: Document, page: OfdPage, placed: Sequence[Placed], find_symbols: FindSymbols
) -> tuple[Symbol, ...]:
    """The QR codes among a page's pictures, at their places. The picture itself is read: the page shows it smaller."""
    found = []
    for drawn in [p for p in placed if p.kind == "ImageObject" and _is_square(p)][:_MOST_PICTURES]:
        decoded = picture(document, drawn.element.get("ResourceID", ""))
        if decoded is not None:
            found += [Symbol(symbol.text, _box(drawn, page)) for symbol in find_symbols(decoded)]
    return tuple(found)


def _is_square(drawn: Placed) -> bool:
    (x0, y0), (x1, y1) = drawn.matrix.at(0, 0), drawn.matrix.at(1, 1)
    width, height = abs(x1 - x0), abs(y1 - y0)
    return 0 < width <= _SQUARE * height and height <= _SQUARE * width


def _box(drawn: Placed, page: OfdPage) -> Box:
    _, _, width, height = page.area
    (x0, y0), (x1, y1) = drawn.matrix.at(0, 0), drawn.matrix.at(1, 1)
    across, down = sorted((x0 / width, x1 / width)), sorted((y0 / height, y1 / height))
    return Box(*(min(max(edge, 0.0), 1.0) for edge in (across[0], down[0], across[1], down[1])))
