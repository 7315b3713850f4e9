"""PDFs as they come: written, scanned, turned, locked, broken."""

import io
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader as Drawn
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from archive.model.evidence import Source
from ingest.errors import UnreadableError
from ingest.model.page import Page
from ingest.readers import limits
from ingest.readers.pdf_text import PdfReader

WIDTH, HEIGHT = 400.0, 200.0
LINES = ("发票号码:26117000000123456789", "开票日期:2026年11月20日", "价税合计(大写)")

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def pdf(*draw: Callable[[Canvas], None], size: tuple[float, float] = (WIDTH, HEIGHT), **options: object) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, **options)
    for page in draw:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def written(canvas: Canvas, mode: int = 0) -> None:
    text = canvas.beginText(50, 150)
    text.setFont("STSong-Light", 12)
    text.setTextRenderMode(mode)
    for line in LINES:
        text.textLine(line)
    canvas.drawText(text)


def scanned(canvas: Canvas) -> None:
    written(canvas)
    canvas.drawImage(Drawn(Image.new("RGB", (40, 20), "white")), 0, 0, WIDTH, HEIGHT)


def sideways(canvas: Canvas) -> None:
    canvas.rotate(90)
    canvas.translate(0, -HEIGHT)
    written(canvas)


def turned() -> bytes:
    """Drawn sideways on an upright sheet and turned by the page's own entry, so that it is shown as written."""
    document = pdfium.PdfDocument(pdf(sideways, size=(HEIGHT, WIDTH)))
    document[0].set_rotation(90)
    return saved(document)


def saved(document: pdfium.PdfDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class Looks:
    """Stands in for OCR and QR: remembers the pictures it was shown."""

    def __init__(self) -> None:
        self.pictures: list[Image.Image] = []

    def read(self, picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
        self.pictures.append(picture)
        return Page(number, *picture.size, Source.OCR, (), (), dpi), picture


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def read(looks: Looks) -> Callable[[bytes], list[Page]]:
    def read(content: bytes) -> list[Page]:
        return list(PdfReader(looks.read, lambda _picture: ()).pages(content, lambda _number, _picture: None))

    return read


def test_written_text_is_read_where_it_stands(read: Callable) -> None:
    (page,) = read(pdf(written))
    assert (page.number, page.source, page.dpi) == (1, Source.PDF_TEXT, 200)
    assert [word.text for word in page.words] == list(LINES)
    first = page.words[0].box
    assert first.x0 == pytest.approx(50 / WIDTH, abs=0.01)
    assert first.y1 == pytest.approx(1 - 150 / HEIGHT, abs=0.03)
    assert (page.width, page.height) == pytest.approx((WIDTH * 200 / 72, HEIGHT * 200 / 72), abs=1)


def test_a_turned_page_is_read_as_it_is_shown(read: Callable) -> None:
    (page,) = read(turned())
    (upright,) = read(pdf(written))
    assert (page.width, page.height) == (upright.width, upright.height)
    assert [word.text for word in page.words] == list(LINES)
    for word, other in zip(page.words, upright.words, strict=True):
        assert (word.box.x0, word.box.y0) == pytest.approx((other.box.x0, other.box.y0), abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        pdf(scanned),
        pdf(lambda canvas: written(canvas, mode=3)),
        pdf(lambda canvas: None),
        pdf(sideways, size=(HEIGHT, WIDTH)),
    ],
    ids=["scan", "invisible text", "blank", "sideways"],
)
def test_a_page_without_text_to_be_seen_goes_to_ocr(read: Callable, looks: Looks, content: bytes) -> None:
    (page,) = read(content)
    assert (page.source, len(looks.pictures)) == (Source.OCR, 1)


def test_each_page_is_kept_as_a_small_picture(looks: Looks) -> None:
    kept: dict[int, bytes] = {}
    content = pdf(written, written, size=(2000, 1000))
    pages: Iterator[Page] = PdfReader(looks.read, lambda _picture: ()).pages(content, kept.__setitem__)
    assert [page.number for page in pages] == [1, 2]
    assert [Image.open(io.BytesIO(picture)).size for picture in kept.values()] == [(1600, 800)] * 2
    assert {Image.open(io.BytesIO(picture)).format for picture in kept.values()} == {"WEBP"}


def test_an_enormous_sheet_is_rendered_small(read: Callable) -> None:
    (page,) = read(pdf(written, size=(14_000, 14_000)))
    assert page.width * page.height <= limits.MAX_READING_PIXELS * 1.01
    assert page.dpi < 200


def test_a_document_locked_against_changes_only_is_read(read: Callable) -> None:
    (page,) = read(pdf(written, encrypt=StandardEncryption("", ownerPassword="owner", canModify=0)))
    assert page.words[0].text == LINES[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf(written, encrypt=StandardEncryption("secret")), "ENCRYPTED"),
        (pdf(written)[:300], "BROKEN"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "BROKEN"),
        (saved(pdfium.PdfDocument.new()), "BROKEN"),
    ],
    ids=["encrypted", "cut off", "noise", "without pages"],
)
def test_what_cannot_be_read_has_a_code_of_its_own(read: Callable, content: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(content)
    assert caught.value.code == code


def test_too_many_pages_are_refused_before_the_first_is_read(
    read: Callable, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.readers.pdf_text.MAX_PAGES", 2)
    with pytest.raises(UnreadableError) as caught:
        read(pdf(written, written, written))
    assert (caught.value.code, looks.pictures) == ("TOO-MANY-PAGES", [])


def words_of(pages: list[Page]) -> list[str]:
    return [word.text for page in pages for word in page.words]


def test_a_hyphen_at_the_end_of_a_line_stays(read: Callable) -> None:
    """pdfium takes it for a hyphenation and hands out a control character."""

    def wrapped(canvas: Canvas) -> None:
        for row, line in enumerate((*LINES, "2,4-dimethyl-", "1,3-diol")):
            canvas.setFont("STSong-Light", 12)
            canvas.drawString(50, 150 - row * 15, line)

    assert "2,4-dimethyl-" in words_of(read(pdf(wrapped)))


@pytest.mark.parametrize("colour", [(1, 1, 1, 1), (0, 0, 0, 0)])
def test_text_in_the_paper_s_own_colour_is_not_read(read: Callable, colour: tuple[float, float, float, float]) -> None:
    def pale(canvas: Canvas) -> None:
        written(canvas)
        canvas.setFont("STSong-Light", 12)
        canvas.setFillColorRGB(*colour[:3], alpha=colour[3])
        canvas.drawString(50, 60, "9999.99")

    assert words_of(read(pdf(pale))) == list(LINES)


def test_text_set_aslant_is_not_read(read: Callable) -> None:
    def marked(canvas: Canvas) -> None:
        written(canvas)
        canvas.setFont("STSong-Light", 40)
        canvas.rotate(20)
        canvas.drawString(80, 20, "仅供报销")

    assert words_of(read(pdf(marked))) == list(LINES)
