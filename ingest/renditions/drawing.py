"""From a document's bytes and what was read on its pages to pictures and a readable copy. Nothing is read again."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from PIL import Image, ImageChops

from archive.model.evidence import Source
from ingest.errors import UnreadableError
from ingest.readers.facsimile import Encoded, Facsimile
from ingest.readers.reader import KeepPage, Reader
from ingest.readers.sniff import sniff
from ingest.readers.unreadable import no_reader, unknown_type
from ingest.renditions.geometry import line, projection, upright
from ingest.renditions.metadata import Heading
from ingest.renditions.order import Order, Wanted
from ingest.renditions.page_text import PageText
from ingest.renditions.pictures import redrawn, thumbnail
from ingest.renditions.searchable_pdf import SearchablePdf

_QUALITY = 85  # of pictures that have no compression PDF knows
_GREY = 4  # levels by which the channels of a grey picture may differ

Texts = Mapping[int, PageText]
"""What was read, by page number."""


def draw(
    order: Order, content: bytes, readers: Sequence[Reader], keep_page: KeepPage, write: Callable[[bytes], object]
) -> None:
    """Draw what is ordered. Raises UnreadableError as readers do, ``NO-PAGES`` for a copy of data alone."""
    if order.wanted is Wanted.PICTURES:
        pictures(content, order.texts, readers, keep_page)
    elif order.wanted is Wanted.THUMBNAIL:
        keep_page(1, thumbnail(content))
    elif order.heading is not None:
        copy(content, order.texts, readers, order.heading, write)


def pictures(content: bytes, texts: Texts, readers: Sequence[Reader], keep_page: KeepPage) -> None:
    """Draw the pictures of all pages. Raises UnreadableError as readers do."""
    for facsimile, text in _shown(content, texts, readers):
        keep_page(text.number, redrawn(facsimile.picture(), text))


def copy(
    content: bytes, texts: Texts, readers: Sequence[Reader], heading: Heading, write: Callable[[bytes], object]
) -> None:
    """Write the readable copy, page by page. Raises UnreadableError as readers do, ``NO-PAGES`` for data alone."""
    pdf = SearchablePdf(write, heading)
    empty = True
    for facsimile, text in _shown(content, texts, readers):
        empty = False
        sheet = upright(facsimile.width, facsimile.height, text.lies)
        lines = [
            line(word, place, sheet)
            for plane in text.planes
            for place in [projection(plane.lies)]
            for word in plane.words
        ]
        pdf.add(sheet, facsimile.encoded or _compressed(facsimile.picture()), lines)
    if empty:
        raise no_pages()
    pdf.close()


def no_pages() -> UnreadableError:
    return UnreadableError(
        "NO-PAGES",
        "此文件只有数据，没有版面，因此没有可检索副本；请下载原件。",
        "This document is data without pages, so there is no readable copy of it; download the original.",
    )


def _shown(content: bytes, texts: Texts, readers: Sequence[Reader]) -> Iterator[tuple[Facsimile, PageText]]:
    reader = _reader(content, readers)
    read_by_ocr = {number for number, text in texts.items() if text.source is Source.OCR}
    for number, facsimile in enumerate(reader.facsimiles(content, read_by_ocr), start=1):
        if facsimile is not None and number in texts:
            yield facsimile, texts[number]


def _reader(content: bytes, readers: Sequence[Reader]) -> Reader:
    media_type = sniff(content)
    if media_type is None:
        raise unknown_type()
    for reader in readers:
        if media_type in reader.media_types:
            return reader
    raise no_reader(media_type)


def _compressed(picture: Image.Image) -> Encoded:
    plain = picture.getchannel(1) if _is_grey(picture) else picture
    file = io.BytesIO()
    plain.save(file, "JPEG", quality=_QUALITY)
    return Encoded(file.getvalue(), *plain.size, len(plain.getbands()), 8, "DCTDecode", {})


def _is_grey(picture: Image.Image) -> bool:
    red, green, blue = picture.split()
    return all(max(_levels(ImageChops.difference(green, other))) <= _GREY for other in (red, blue))


def _levels(channel: Image.Image) -> list[int]:
    """The levels that occur in a channel."""
    return [level for level, count in enumerate(channel.histogram()) if count]
