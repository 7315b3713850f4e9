"""Electronic invoices as XML files: 数电票, ``original_invoice.xml``, XBRL; one invoice or several in a file."""

from collections.abc import Container, Iterator

from archive.model.evidence import Source
from ingest.model.page import Page
from ingest.readers.limits import MAX_PAGES
from ingest.readers.markup import name, parse
from ingest.readers.picture import FindSymbols
from ingest.readers.reader import KeepPage
from ingest.readers.sniff import XML
from ingest.readers.statements.known import statements
from ingest.readers.unreadable import too_many_pages, xml_unknown


class XmlReader:
    """A ``Reader`` of data files: for each invoice a page without words.

    Raises ``UnreadableError`` with ``XML-UNKNOWN``, ``XML-DTD``, ``XML-TOO-DEEP``, ``XML-TOO-LARGE``, ``BROKEN`` or
    ``TOO-MANY-PAGES``.
    """

    media_types = frozenset({XML})

    def __init__(self, find_symbols: FindSymbols) -> None:
        self._find_symbols = find_symbols

    def facsimiles(self, content: bytes, read_by_ocr: Container[int]) -> Iterator[None]:
        """No pictures: data shows nothing."""
        for _ in self.pages(content, None):
            yield None

    def pages(self, content: bytes, keep_page: KeepPage | None) -> Iterator[Page]:
        root = parse(content)
        stated = statements(root, self._find_symbols)
        if not stated:
            raise xml_unknown(name(root))
        if len(stated) > MAX_PAGES:
            raise too_many_pages(len(stated))
        for number, statement in enumerate(stated, start=1):
            yield Page(number, 0, 0, Source.XML, (), statements=(statement,))
