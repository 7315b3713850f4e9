"""Scans and photos: JPEG, PNG, WebP, HEIC, AVIF, BMP and TIFF of many pages, through Pillow."""

import io
import struct
import warnings
from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial
from typing import TypeVar

from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from ingest.model.page import Page
from ingest.readers.facsimile import Affine, Encoded, Facsimile, size_in_points
from ingest.readers.fax import black_and_white
from ingest.readers.limits import MAX_PAGES
from ingest.readers.picture import ReadPicture, check_size, kept, on_white, reading_scale
from ingest.readers.png import png_as_it_is
from ingest.readers.reader import KeepPage
from ingest.readers.sniff import AVIF, BMP, HEIC, JPEG, PNG, TIFF, WEBP
from ingest.readers.unreadable import broken, image_too_large, too_many_pages

_FORMATS = {JPEG: "JPEG", PNG: "PNG", TIFF: "TIFF", WEBP: "WEBP", BMP: "BMP", HEIC: "HEIF", AVIF: "AVIF"}
_ONE_PICTURE = frozenset({"JPEG", "MPO"})
"""Phones append a brightness map or a preview to a JPEG; neither is a page."""
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error)  # what decoders raise on bad bytes
_ORIENTATION = 0x0112  # Exif 2.32, 4.6.4 A
_TURNS: Mapping[int, Affine] = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
"""What an Exif orientation does to the unit square of a picture."""

_T = TypeVar("_T")
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


class ImageReader:
    """A ``Reader`` of pictures.

    Raises ``UnreadableError`` with ``IMAGE-TOO-LARGE`` (before decoding), ``TOO-MANY-PAGES`` or ``BROKEN``.
    """

    media_types = frozenset(_FORMATS)

    def __init__(self, read_picture: ReadPicture) -> None:
        self._read_picture = read_picture

    def pages(self, content: bytes, keep_page: KeepPage | None) -> Iterator[Page]:
        for number, file in enumerate(_frames(content), start=1):
            picture, dpi = _fitted(_decoded(file), _resolution(file))
            page, upright = self._read_picture(picture, number, dpi)
            if keep_page:
                keep_page(number, kept(upright))
            yield page

    def facsimiles(self, content: bytes, read_by_ocr: Container[int]) -> Iterator[Facsimile]:
        for file in _frames(content):
            turn = 1 if file.format == "TIFF" else file.getexif().get(_ORIENTATION, 1)  # Pillow turns TIFF by itself
            width, height = size_in_points(*file.size, _resolution(file))
            if turn >= 5:
                width, height = height, width
            yield Facsimile(width, height, partial(_decoded, file), _as_it_is(file, content, turn))


def _frames(content: bytes) -> Iterator[Image.Image]:
    """The pictures of a file, one after the other, not yet decoded."""
    with _opened(content) as file:
        count = 1 if file.format in _ONE_PICTURE else getattr(file, "n_frames", 1)
        if count > MAX_PAGES:
            raise too_many_pages(count)
        for number in range(count):
            _guarded(partial(file.seek, number))
            check_size(*file.size)
            yield file


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own cap is lower and comes next
            return Image.open(io.BytesIO(content), formats=tuple(_FORMATS.values()))
    except Image.DecompressionBombError as error:
        raise image_too_large(f"> {2 * (Image.MAX_IMAGE_PIXELS or 0)}") from error
    except _DAMAGE as error:
        raise broken() from error


def _decoded(file: Image.Image) -> Image.Image:
    """The picture as people see it: turned as its Exif says, on white."""
    return _guarded(lambda: on_white(ImageOps.exif_transpose(file)))


def _guarded(decode: Callable[[], _T]) -> _T:
    try:
        return decode()
    except _DAMAGE as error:
        raise broken() from error


def _resolution(file: Image.Image) -> tuple[float, float] | None:
    """Dots per inch across and down, where the file states a resolution."""
    across, down = (float(dots) for dots in file.info.get("dpi", (0, 0)))
    return (across, down) if min(across, down) > 1 else None


def _fitted(picture: Image.Image, dpi: tuple[float, float] | None) -> tuple[Image.Image, float | None]:
    """The picture at a bearable size, with its resolution."""
    scale = reading_scale(*picture.size)
    if scale < 1:
        picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), reducing_gap=2.0)
    return picture, dpi[0] * scale if dpi else None


def _as_it_is(file: Image.Image, content: bytes, turn: int) -> Encoded | None:
    """The file's own bytes, where PDF knows their compression: JPEG of grey or RGB, plain PNG. Other pictures in black
    and white are compressed anew, without loss."""
    matrix = _TURNS.get(turn, _TURNS[1])
    if file.format in _ONE_PICTURE and file.mode in ("L", "RGB"):
        return Encoded(content, *file.size, len(file.getbands()), 8, "DCTDecode", {}, matrix)
    if file.format == "PNG":
        return png_as_it_is(content, matrix)
    return _guarded(partial(black_and_white, file, matrix)) if file.mode == "1" else None
