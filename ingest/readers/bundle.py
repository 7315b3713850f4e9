"""A zip of invoices, as tax platforms send them by mail: each member is read as the document it is."""

import posixpath
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.model.page import Page
from ingest.readers.container import Container as Zip
from ingest.readers.facsimile import Facsimile
from ingest.readers.limits import MAX_PAGES
from ingest.readers.reader import KeepPage, Reader
from ingest.readers.sniff import ZIP, sniff
from ingest.readers.unreadable import archive_nested, no_reader, nothing_readable, too_many_pages

_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


class BundleReader:
    """A ``Reader`` of zips, by the readers of what is in them. Pages are numbered through.

    A member that cannot be read makes the whole unreadable: an invoice must not get lost among others. Members of no
    known type, such as notes, are passed over. Raises ``UnreadableError`` with ``ARCHIVE-TOO-LARGE``,
    ``ARCHIVE-NESTED``, ``NOTHING-READABLE``, or as those readers do.
    """

    media_types = frozenset({ZIP})

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers

    def pages(self, content: bytes, keep_page: KeepPage | None) -> Iterator[Page]:
        count = 0
        for reader, member in self._members(Zip(content)):
            for page in reader.pages(member, _after(count, keep_page)):
                if page.number + count > MAX_PAGES:
                    raise too_many_pages(page.number + count)
                yield (last := replace(page, number=page.number + count))
            count = last.number
        if not count:
            raise nothing_readable()

    def facsimiles(self, content: bytes, read_by_ocr: Container[int]) -> Iterator[Facsimile | None]:
        number = 0
        for reader, member in self._members(Zip(content)):
            for facsimile in reader.facsimiles(member, _From(number, read_by_ocr)):
                number += 1
                yield facsimile

    def _members(self, container: Zip) -> Iterator[tuple[Reader, bytes]]:
        for path in container.paths:
            content = container.read(path) or b""
            media_type = None if _is_litter(path) else sniff(content)
            if media_type == ZIP:
                if "[Content_Types].xml" in Zip(content).paths:
                    continue  # an office document, not a bundle
                raise archive_nested()
            reader = next((reader for reader in self._readers if media_type in reader.media_types), None)
            if reader is not None:
                yield reader, content
            elif media_type is not None:
                raise no_reader(media_type)


@dataclass(frozen=True, slots=True)
class _From:
    """Numbers of a bundle's pages, as a member before which there are so many pages counts them."""

    count: int
    numbers: Container[int]

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.count + number in self.numbers


def _after(count: int, keep_page: KeepPage | None) -> KeepPage | None:
    """As ``keep_page``, for a member before which the bundle has so many pages."""
    return keep_page and (lambda number, picture: keep_page(count + number, picture))


def _is_litter(path: str) -> bool:
    return path.startswith(_LITTER) or posixpath.basename(path).startswith((*_LITTER, "._"))
