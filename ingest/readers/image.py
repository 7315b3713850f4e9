"""Scans and photos: JPEG, PNG, WebP, BMP and TIFF of many pages, through Pillow."""

import io
import struct
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps

from ingest.model.page import Page
from ingest.readers.limits import MAX_PAGES
from ingest.readers.picture import ReadPicture, check_size, kept, on_white, reading_scale
from ingest.readers.reader import KeepPage
from ingest.readers.sniff import BMP, JPEG, PNG, TIFF, WEBP
from ingest.readers.unreadable import broken, image_too_large, too_many_pages

_FORMATS = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF", WEBP: "WEBP", BMP: "BMP"}
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error)  # what Pillow's decoders raise on bad bytes


class ImageReader:
    """A ``Reader`` of pictures.

    Raises ``UnreadableError`` with ``IMAGE-TOO-LARGE`` (before decoding), ``TOO-MANY-PAGES`` or ``BROKEN``.
    """

    media_types = frozenset(_FORMATS)

    def __init__(self, read_picture: ReadPicture) -> None:
        self._read_picture = read_picture

    def pages(self, content: bytes, keep_page: KeepPage) -> Iterator[Page]:
        for number, (picture, dpi) in enumerate(_frames(content), start=1):
            page, upright = self._read_picture(picture, number, dpi)
            keep_page(number, kept(upright))
            yield page


def _frames(content: bytes) -> Iterator[tuple[Image.Image, float | None]]:
    """The pictures of a file as people see them, each with its resolution where the file states one."""
    with _opened(content) as file:
        count = getattr(file, "n_frames", 1)
        if count > MAX_PAGES:
            raise too_many_pages(count)
        for number in range(count):
            yield _decoded(file, number)


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own cap is lower and comes next
            return Image.open(io.BytesIO(content), formats=tuple(_FORMATS.values()))
    except Image.DecompressionBombError as error:
        raise image_too_large(f"> {2 * (Image.MAX_IMAGE_PIXELS or 0)}") from error
    except _DAMAGE as error:
        raise broken() from error


def _decoded(file: Image.Image, number: int) -> tuple[Image.Image, float | None]:
    try:
        file.seek(number)
        check_size(*file.size)
        dpi = file.info.get("dpi", (0, 0))[0]
        picture = on_white(ImageOps.exif_transpose(file))
    except _DAMAGE as error:
        raise broken() from error
    scale = reading_scale(*picture.size)
    if scale < 1:
        picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), reducing_gap=2.0)
    return picture, float(dpi) * scale if dpi > 1 else None
