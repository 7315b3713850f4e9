"""Pictures as they come: formats, turns, pages, sizes, damage."""

import io
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from archive.model.evidence import Source
from ingest.errors import UnreadableError
from ingest.model.page import Page
from ingest.readers import limits
from ingest.readers.image import ImageReader
from ingest.readers.sniff import HEIC, sniff

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


@pytest.fixture(scope="session")
def heic(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """Pictures as iPhones send them, by the encoder of libheif."""
    command = shutil.which("heif-enc")
    if command is None:
        pytest.fail("heif-enc is not installed; `make test` installs it")
    folder = tmp_path_factory.mktemp("heic")

    def heic(picture: Image.Image) -> bytes:
        source, target = folder / "source.png", folder / "target.heic"
        picture.save(source)
        subprocess.run([command, "-q", "90", source, "-o", target], check=True, capture_output=True)
        return target.read_bytes()

    return heic


def marked() -> Image.Image:
    """A sheet that shows which of its corners is the upper left."""
    sheet = Image.new("RGB", (96, 64), "white")
    ImageDraw.Draw(sheet).rectangle((0, 0, 31, 15), fill="black")
    return sheet


def difference(shown: Image.Image, wanted: Image.Image) -> float:
    """Mean difference of grey levels."""
    assert shown.size == wanted.size
    levels = (np.asarray(picture.convert("L"), dtype=int) for picture in (shown, wanted))
    return float(np.abs(next(levels) - next(levels)).mean())


def test_an_iphone_photo_is_read(read: Read, heic: Callable[..., bytes]) -> None:
    content = heic(marked())
    assert sniff(content) == HEIC
    (shown,) = read(content)
    assert shown.mode == "RGB"
    assert difference(shown, marked()) < 4


@pytest.mark.parametrize("quarters", range(4))
def test_a_photo_in_heic_is_shown_as_the_phone_was_held(read: Read, heic: Callable[..., bytes], quarters: int) -> None:
    """Turned by the property ``irot``, counter-clockwise (ISO 23008-12, 6.5.10); put in the place of ``pixi``."""
    content = heic(marked())
    place = content.index(b"pixi") - 4
    size = int.from_bytes(content[place : place + 4])
    turned = (
        content[:place] + struct.pack(">I4sB", size, b"irot", quarters).ljust(size, b"\0") + content[place + size :]
    )
    (shown,) = read(turned)
    assert difference(shown, marked().rotate(90 * quarters, expand=True)) < 4


def test_a_heic_is_refused_by_its_size_before_it_is_decoded(
    read: Read, heic: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(_: object) -> None:
        raise AssertionError("it was decoded")

    content = heic(marked())
    monkeypatch.setattr("ingest.readers.picture.MAX_SIDE", 90)
    monkeypatch.setattr("pi_heif.as_plugin.HeifImageFile.load", decoded)
    with pytest.raises(UnreadableError) as caught:
        read(content)
    assert caught.value.code == "IMAGE-TOO-LARGE"


def test_a_heic_that_was_cut_short_is_broken(read: Read, heic: Callable[..., bytes]) -> None:
    whole = heic(Image.effect_noise((300, 200), 90))
    for size in (20, 200, len(whole) // 2, len(whole) - 40):
        with pytest.raises(UnreadableError) as caught:
            read(whole[:size])
        assert caught.value.code == "BROKEN"


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_orientation_is_shown_upright(read: Read, encoding: str, turn: int) -> None:
    exif = Image.Exif()
    exif[274] = turn
    turned_back = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(turn, 1)
    undo = Image.Exif()
    undo[274] = turned_back
    stored = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded(marked(), "PNG", exif=undo))))
    (shown,) = read(encoded(stored, encoding, exif=exif))
    assert difference(shown, marked()) < 6


def test_the_preview_that_a_phone_appends_to_a_photo_is_no_page(read: Read) -> None:
    content = encoded(marked(), "MPO", save_all=True, append_images=[Image.new("RGB", (24, 16))])
    assert content.startswith(b"\xff\xd8\xff")
    (shown,) = read(content)
    assert difference(shown, marked()) < 4


@pytest.mark.parametrize("encoding", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_are_not_all_white(read: Read, encoding: str) -> None:
    grey = np.asarray(marked().convert("L"), dtype=np.uint16) * 128 + 8_000
    (shown,) = read(encoded(Image.fromarray(grey), encoding))
    assert difference(shown, Image.fromarray((grey // 256).astype(np.uint8))) < 1


def test_colours_for_print_are_those_of_the_screen(read: Read) -> None:
    """Adobe writes CMYK inverted, and says so (Adobe Technical Note 5116)."""
    (shown,) = read(encoded(marked().convert("CMYK"), "JPEG", quality=95))
    assert difference(shown, marked()) < 4


@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF"])
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
