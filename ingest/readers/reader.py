"""The port of readers: bytes in, pages out."""

from collections.abc import Callable, Container, Iterator
from typing import Protocol

from ingest.model.page import Page
from ingest.readers.facsimile import Facsimile

KeepPage = Callable[[int, bytes], None]
"""Takes a page's number and its picture (WebP, at most 1,600 pixels a side) for people to look at."""


class Reader(Protocol):
    """One family of formats. Raises ``UnreadableError`` with a stable code for what it cannot read."""

    media_types: frozenset[str]

    def pages(self, content: bytes, keep_page: KeepPage | None) -> Iterator[Page]:
        """The pages in order, one at a time, so that a thousand pages need the memory of one. Without ``keep_page`` no
        picture is made that the reading itself does not need."""
        ...

    def facsimiles(self, content: bytes, read_by_ocr: Container[int]) -> Iterator[Facsimile | None]:
        """The same pages as the document shows them, without reading; None for a page of data. ``read_by_ocr`` are the
        numbers of the pages that were read from their picture."""
        ...
