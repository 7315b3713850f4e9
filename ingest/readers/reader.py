"""The port of readers: bytes in, pages out."""

from collections.abc import Callable, Iterator
from typing import Protocol

from ingest.model.page import Page

KeepPage = Callable[[int, bytes], None]
"""Takes a page's number and its picture (WebP, at most 1,600 pixels a side) for people to look at."""


class Reader(Protocol):
    """One family of formats. Raises ``UnreadableError`` with a stable code for what it cannot read."""

    media_types: frozenset[str]

    def pages(self, content: bytes, keep_page: KeepPage) -> Iterator[Page]:
        """The pages in order, one at a time, so that a thousand pages need the memory of one."""
        ...
