"""Pictures as they come: formats, turns, pages, sizes, damage."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from archive.model.evidence import Source
from ingest.errors import UnreadableError
from ingest.model.page import Page
from ingest.readers import limits
from ingest.readers.image import ImageReader

Read = Callable[[bytes], list[Image.Image]]


@pytest.fixture
def read() -> Read:
    """The pictures that OCR is shown."""

    def read(content: bytes) -> list[Image.Image]:
        shown: list[Image.Image] = []

        def read_picture(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
            shown.append(picture)
            return Page(number, *picture.size, Source.OCR, (), (), dpi), picture

        pages = list(ImageReader(read_picture).pages(content, lambda _number, _picture: None))
        assert [page.number for page in pages] == list(range(1, len(shown) + 1))
        return shown

    return read


def encoded(picture: Image.Image, encoding: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, encoding, **options)
    return file.getvalue()


def declared_png(width: int, height: int) -> bytes:
    """A PNG that only claims its size: one bit a pixel, next to no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_each_format_is_shown_in_colour(read: Read, encoding: str, mode: str) -> None:
    (shown,) = read(encoded(Image.new(mode, (60, 40), "white"), encoding))
    assert (shown.mode, shown.size) == ("RGB", (60, 40))


def test_a_photo_is_shown_as_the_camera_was_held(read: Read) -> None:
    exif = Image.Exif()
    exif[274] = 6  # turn by a quarter to the right
    (shown,) = read(encoded(Image.new("RGB", (60, 40)), "JPEG", exif=exif))
    assert shown.size == (40, 60)


def test_transparent_paper_is_white(read: Read) -> None:
    (shown,) = read(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    assert shown.getpixel((4, 4)) == (255, 255, 255)


def test_each_page_of_a_fax_is_a_page(read: Read) -> None:
    sheets = [Image.new("1", (60 + page, 40), 1) for page in range(3)]
    content = encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    assert [shown.width for shown in read(content)] == [60, 61, 62]


def test_a_large_scan_is_read_at_a_bearable_size(read: Read) -> None:
    (shown,) = read(encoded(Image.new("1", (9000, 6000), 1), "PNG"))
    assert shown.width * shown.height == pytest.approx(limits.MAX_READING_PIXELS, rel=0.01)


@pytest.mark.parametrize("size", [(35_000, 35_000), (35_000, 10), (12_000, 12_000)])
def test_a_picture_beyond_the_limit_is_refused_before_it_is_decoded(read: Read, size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(declared_png(*size))
    assert caught.value.code == "IMAGE-TOO-LARGE"


@pytest.mark.parametrize(
    "content",
    [
        encoded(Image.effect_noise((300, 200), 90), "JPEG")[:2000],
        encoded(Image.effect_noise((300, 200), 90), "PNG")[:2000],
        encoded(Image.effect_noise((300, 200), 90), "TIFF")[:200],
        b"\xff\xd8\xff\xe0 no picture at all",
        b"\x89PNG\r\n\x1a\n",
        b"",
    ],
    ids=["cut jpeg", "cut png", "cut tiff", "noise", "mark only", "nothing"],
)
def test_a_damaged_picture_is_broken(read: Read, content: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(content)
    assert caught.value.code == "BROKEN"


def test_too_many_pages_are_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.image.MAX_PAGES", 2)
    sheet = Image.new("1", (10, 10))
    with pytest.raises(UnreadableError) as caught:
        read(encoded(sheet, "TIFF", save_all=True, append_images=[sheet, sheet]))
    assert caught.value.code == "TOO-MANY-PAGES"
