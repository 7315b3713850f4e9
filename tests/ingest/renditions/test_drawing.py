"""Pictures and copies of every carrier, drawn from the document and from what was read, without reading again."""

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader as Drawn
from reportlab.pdfgen.canvas import Canvas

from archive.model.evidence import Box, Source
from ingest.errors import UnreadableError
from ingest.model.page import Page, Placement, Word
from ingest.readers.picture import kept
from ingest.readers.reader import Reader
from ingest.readers.registry import readers
from ingest.readers.sniff import sniff
from ingest.renditions.drawing import copy, pictures
from ingest.renditions.page_text import PageText, of_page
from tests.ingest.renditions.invented import HEADING, WORDS, by_pdfium, encoded, scan, text_of
from tests.ingest.renditions.invented import copied as copied_scan
from tests.ingest.renditions.pdfa import every_fault

FIXTURES = Path(__file__).parents[3] / "fixtures"
TURNED = Placement(((1, 0), (1, 1), (0, 1), (0, 0)))


class NoEngine:
    """These tests read nothing from pictures: what OCR would say is played."""

    def lines(self, picture: Image.Image) -> tuple[()]:
        return ()


@pytest.fixture(scope="module")
def known() -> tuple[Reader, ...]:
    return readers(NoEngine())  # type: ignore[arg-type]


def read(content: bytes, known: tuple[Reader, ...]) -> tuple[dict[int, PageText], dict[int, bytes]]:
    """What is kept of a document when it is read."""
    reader = next(reader for reader in known if sniff(content) in reader.media_types)
    shown: dict[int, bytes] = {}
    pages = list(reader.pages(content, shown.__setitem__))
    return {page.number: of_page(page) for page in pages}, shown


def copied(content: bytes, texts: dict[int, PageText], known: tuple[Reader, ...]) -> bytes:
    written = io.BytesIO()
    copy(content, texts, known, HEADING, written.write)
    return written.getvalue()


def levels(picture: bytes, size: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L").resize(size), dtype=int)


@pytest.mark.parametrize(
    "name",
    [
        "digital_normal/eight-lines/source.pdf",
        "digital_normal/continued-on-three-pages/source.pdf",
        "digital_normal/ofd-red/source.ofd",
        "digital_special/ofd-picture/source.ofd",
        "digital_normal/scan-blurred/source.jpg",
        "digital_normal/zip-xml-ofd-pdf/source.zip",
    ],
)
def test_each_carrier_has_a_copy_with_its_text_and_pictures_like_those_that_were_kept(
    name: str, known: tuple[Reader, ...]
) -> None:
    content = (FIXTURES / name).read_bytes()
    texts, shown = read(content, known)
    result = copied(content, texts, known)
    assert list(every_fault(result)) == []
    numbers = [text.number for text in texts.values() if text.is_shown]
    for place, number in enumerate(numbers):
        found = "".join(text for text, _ in by_pdfium(result, place))
        for plane in texts[number].planes:
            assert all("".join(word.text.split()) in "".join(found.split()) for word in plane.words)
    assert len(pdfium.PdfDocument(result)) == len(numbers)
    again: dict[int, bytes] = {}
    pictures(content, texts, known, again.__setitem__)
    assert again.keys() == shown.keys()
    for number, picture in shown.items():
        size = Image.open(io.BytesIO(picture)).size
        assert Image.open(io.BytesIO(again[number])).size == pytest.approx(size, abs=1)
        assert np.abs(levels(picture, size) - levels(again[number], size)).mean() < 5


def test_a_turned_page_is_drawn_again_as_it_was_read(known: tuple[Reader, ...]) -> None:
    upright = scan()
    lying = upright.rotate(-90, expand=True)
    text = of_page(Page(1, *upright.size, Source.OCR, (), lies=TURNED))
    again: dict[int, bytes] = {}
    pictures(encoded(lying, "PNG"), {1: text}, known, again.__setitem__)
    assert np.abs(levels(again[1], upright.size) - levels(kept(upright), upright.size)).mean() < 2


def test_data_alone_has_no_copy(known: tuple[Reader, ...]) -> None:
    content = (FIXTURES / "digital_normal/xml-red/source.xml").read_bytes()
    texts, shown = read(content, known)
    assert (len(texts), shown) == (1, {})
    with pytest.raises(UnreadableError) as caught:
        copied(content, texts, known)
    assert caught.value.code == "NO-PAGES"


def scanned_pdf(draw: Callable[[Canvas, Image.Image], None], rotation: int = 0) -> bytes:
    """A PDF of one sheet, 595 by 842 points, with a scan that ``draw`` puts on it."""
    file = io.BytesIO()
    canvas = Canvas(file, (595, 842), pageCompression=1)
    draw(canvas, Image.effect_noise((62, 88), 60).resize((620, 877)))
    canvas.setPageRotation(rotation)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def whole(canvas: Canvas, picture: Image.Image) -> None:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    file.seek(0)
    canvas.drawImage(Drawn(file), 0, 0, 595, 842)


def with_hidden_text(canvas: Canvas, picture: Image.Image) -> None:
    whole(canvas, picture)
    text = canvas.beginText(50, 50)
    text.setTextRenderMode(3)
    text.textLine("what some scanner read")
    canvas.drawText(text)


def stamped(canvas: Canvas, picture: Image.Image) -> None:
    whole(canvas, picture)
    canvas.drawString(100, 400, "PAID PAID PAID")


def in_two_halves(canvas: Canvas, picture: Image.Image) -> None:
    whole(canvas, picture)
    canvas.drawImage(Drawn(picture.crop((0, 0, 620, 400))), 0, 442, 595, 400)


def jpeg_of(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (picture,) = pdf.pages[0].get_images(recursive=False).values()
        return bytes(picture.read_raw_bytes())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("draw", [whole, with_hidden_text])
def test_the_jpeg_of_a_scanned_pdf_is_not_touched(
    draw: Callable[[Canvas, Image.Image], None], rotation: int, known: tuple[Reader, ...]
) -> None:
    with pikepdf.open(io.BytesIO(scanned_pdf(draw, rotation))) as pdf:  # reportlab wraps JPEG in ASCII85
        (picture,) = pdf.pages[0].get_images(recursive=False).values()
        jpeg = picture.read_raw_bytes() if picture.get("/Filter") == "/DCTDecode" else None
        if jpeg is None:
            jpeg = unwrapped(picture)
            picture.write(jpeg, filter=pikepdf.Name.DCTDecode)
        file = io.BytesIO()
        pdf.save(file)
    content = file.getvalue()
    text = PageText(1, Source.OCR, 1, 1, Placement(((0, 0), (1, 0), (1, 1), (0, 1))), ())
    result = copied(content, {1: text}, known)
    assert jpeg_of(result) == jpeg
    assert list(every_fault(result)) == []
    assert len(result) < 1.25 * len(content)
    before, after = (pdfium.PdfDocument(one)[0].render(scale=1).to_pil().convert("L") for one in (content, result))
    assert np.abs(np.asarray(before, dtype=int) - np.asarray(after, dtype=int)).mean() < 1


def unwrapped(picture: pikepdf.Object) -> bytes:
    """The JPEG inside ASCII85."""
    return base64.a85decode(picture.read_raw_bytes().strip().removesuffix(b"~>"))


@pytest.mark.parametrize("draw", [stamped, in_two_halves])
def test_what_else_stands_on_a_scanned_page_is_in_its_copy(
    draw: Callable[[Canvas, Image.Image], None], known: tuple[Reader, ...]
) -> None:
    content = scanned_pdf(draw)
    text = PageText(1, Source.OCR, 1, 1, Placement(((0, 0), (1, 0), (1, 1), (0, 1))), ())
    result = copied(content, {1: text}, known)
    before, after = (pdfium.PdfDocument(one)[0].render(scale=1).to_pil().convert("L") for one in (content, result))
    assert np.abs(np.asarray(before, dtype=int) - np.asarray(after, dtype=int)).mean() < 3


def test_a_member_of_a_bundle_that_is_a_picture_is_drawn(known: tuple[Reader, ...]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.xml", (FIXTURES / "digital_normal/xml-red/source.xml").read_bytes())
        archive.writestr("2.jpg", encoded(scan(), "JPEG"))
    texts, shown = read(packed.getvalue(), known)
    assert (list(texts), list(shown)) == ([1, 2], [2])
    assert len(pdfium.PdfDocument(copied(packed.getvalue(), texts, known))) == 1


def test_rare_characters_of_a_text_layer_are_read_whole(known: tuple[Reader, ...]) -> None:
    """Beyond the first 65,536 of Unicode, as in the names of some people and places."""
    labels = (Word("开票日期:2026年11月20日", Box(0.6, 0.12, 0.9, 0.14)), Word("价税合计", Box(0.1, 0.45, 0.3, 0.47)))
    with pikepdf.open(io.BytesIO(copied_scan(encoded(scan(), "JPEG"), text_of(words=WORDS + labels)))) as pdf:
        contents = pdf.pages[0].Contents
        shown = contents.read_bytes().replace(b" /P Do", b"").replace(b"3 Tr", b"0 Tr")
        contents.write(shown)
        file = io.BytesIO()
        pdf.save(file)
    (page,) = next(reader for reader in known if "application/pdf" in reader.media_types).pages(file.getvalue(), None)
    assert page.source is Source.PDF_TEXT
    assert "𠀀𠮷野家" in "".join(word.text for word in page.words)
    assert all(len(word.edges) in (0, len(word.text) + 1) for word in page.words)
