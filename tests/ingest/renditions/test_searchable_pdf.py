"""The readable copy: that it is PDF/A, that its text is found where it stands, and that its pictures are untouched."""

import io
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageOps

from archive.model.evidence import Box
from ingest.model.page import Placement, Word
from ingest.renditions.metadata import Heading
from tests.ingest.renditions.invented import (
    HEADING,
    WORDS,
    Found,
    by_pdfium,
    by_poppler,
    copied,
    encoded,
    scan,
    text_of,
)
from tests.ingest.renditions.pdfa import every_fault, faults

CARRIERS = {
    "jpeg": lambda: encoded(scan(), "JPEG", dpi=(150, 150)),
    "grey jpeg": lambda: encoded(scan(mode="L"), "JPEG", dpi=(150, 150)),
    "cmyk jpeg": lambda: encoded(scan().convert("CMYK"), "JPEG"),
    "png": lambda: encoded(scan(), "PNG"),
    "grey png": lambda: encoded(scan(mode="L"), "PNG"),
    "transparent png": lambda: encoded(scan(mode="RGBA"), "PNG"),
    "palette png": lambda: encoded(scan().convert("P"), "PNG"),
    "fax": lambda: encoded(scan(mode="1"), "TIFF", compression="group4", dpi=(204, 98)),
    "webp": lambda: encoded(scan(), "WEBP"),
    "bmp": lambda: encoded(scan(), "BMP"),
    "sliver": lambda: encoded(scan((6000, 20)), "PNG"),
}
TURNED = {
    0: ((0, 0), (1, 0), (1, 1), (0, 1)),
    90: ((1, 0), (1, 1), (0, 1), (0, 0)),
    180: ((1, 1), (0, 1), (0, 0), (1, 0)),
    270: ((0, 1), (0, 0), (1, 0), (1, 1)),
}
"""Where an upright page lies on a picture that was turned clockwise by so much."""


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_copy_keeps_every_rule_of_pdf_a(carrier: str) -> None:
    assert list(every_fault(copied(CARRIERS[carrier]()))) == []


def test_a_copy_of_many_pages_in_odd_names_keeps_the_rules() -> None:
    sheets = [scan(mode="1") for _ in range(5)]
    content = encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="group4")
    heading = replace(HEADING, title='"]]> & \x00\x07 <?xml 票' + "长" * 300)
    copy = copied(content, *(text_of(number) for number in range(1, 6)), heading=heading)
    assert list(every_fault(copy)) == []
    assert len(pdfium.PdfDocument(copy)) == 5


def changed(change: Callable[[Pdf], None]) -> Callable[[bytes], bytes]:
    def altered(content: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            change(pdf)
            written = io.BytesIO()
            pdf.save(written, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return written.getvalue()

    return altered


def font(pdf: Pdf) -> Dictionary:
    return pdf.pages[0].Resources.Font.T


def without_font(pdf: Pdf) -> None:
    del font(pdf).DescendantFonts[0].FontDescriptor.FontFile2


def without_characters(pdf: Pdf) -> None:
    del font(pdf).ToUnicode


def with_missing_glyph(pdf: Pdf) -> None:
    glyphs = font(pdf).DescendantFonts[0].CIDToGIDMap
    glyphs.write(bytes(len(glyphs.read_bytes())))


def with_wrong_widths(pdf: Pdf) -> None:
    font(pdf).DescendantFonts[0].W = Array([1, 20, 700])


def with_half_a_font(pdf: Pdf) -> None:
    program = font(pdf).DescendantFonts[0].FontDescriptor.FontFile2
    program.write(program.read_bytes()[:40])


def with_alpha(pdf: Pdf) -> None:
    pdf.pages[0].Resources.XObject.P.SMask = pdf.pages[0].Resources.XObject.P


def in_cmyk(pdf: Pdf) -> None:
    pdf.pages[0].Resources.XObject.P.ColorSpace = Name.DeviceCMYK


def with_note(pdf: Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))])


def with_action(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="1")


def without_profile(pdf: Pdf) -> None:
    del pdf.Root.OutputIntents


def without_metadata(pdf: Pdf) -> None:
    del pdf.Root.Metadata


def with_other_title(pdf: Pdf) -> None:
    pdf.docinfo["/Title"] = "another"


def of_another_part(pdf: Pdf) -> None:
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>9<"))


def with_strange_operator(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(Stream(pdf, b"strange"))


def with_unbalanced_states(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(Stream(pdf, b"q"))


def with_smoothing(pdf: Pdf) -> None:
    pdf.pages[0].Resources.XObject.P.Interpolate = True


def with_tiny_page(pdf: Pdf) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, 2, 2])


@pytest.mark.parametrize(
    ("break_it", "clause"),
    [
        (lambda content: b"\n" + content, "6.1.2"),
        (lambda content: content.replace(b"%\xe2\xe3\xcf\xd3", b"%abcd"), "6.1.2"),
        (lambda content: content + b"more", "6.1.3"),
        (lambda content: re.sub(rb"/ID \[[^]]*\]", b"", content), "6.1.3"),
        (lambda content: content.replace(b"startxref\n", b"startxref\n1"), "6.1.4"),
        (lambda content: content.replace(b" 0 obj\n<<", b" 0 obj <<", 1), "6.1.9"),
        (changed(with_tiny_page), "6.1.13"),
        (changed(with_unbalanced_states), "6.1.13"),
        (changed(with_strange_operator), "6.2.2"),
        (changed(without_profile), "6.2.3"),
        (changed(in_cmyk), "6.2.4.3"),
        (changed(with_smoothing), "6.2.8.1"),
        (changed(with_alpha), "6.2.10"),
        (changed(with_half_a_font), "6.2.11.2"),
        (changed(without_font), "6.2.11.4.1"),
        (changed(with_wrong_widths), "6.2.11.5"),
        (changed(without_characters), "6.2.11.7.2"),
        (changed(with_missing_glyph), "6.2.11.8"),
        (changed(with_note), "6.3.1"),
        (changed(with_action), "6.5.1"),
        (changed(without_metadata), "6.6.2.1"),
        (changed(with_other_title), "6.6.3"),
        (changed(of_another_part), "6.6.4"),
    ],
)
def test_the_rules_find_what_breaks_them(break_it: Callable[[bytes], bytes], clause: str) -> None:
    sound = copied(CARRIERS["jpeg"]())
    assert clause not in faults(sound)
    assert clause in faults(break_it(sound))


def squeezed(text: str) -> str:
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")  # pdfium tells characters by halves
    return "".join(unicodedata.normalize("NFKC", whole).split())


def inside(found: Found, box: tuple[float, float, float, float]) -> Found:
    """The pieces whose middle lies in a box."""
    x0, y0, x1, y1 = box
    return [(t, b) for t, b in found if x0 <= (b[0] + b[2]) / 2 <= x1 and y0 <= (b[1] + b[3]) / 2 <= y1]


def around(found: Found) -> tuple[float, ...]:
    boxes = [box for text, box in found if text.strip()]
    return (*(min(box[i] for box in boxes) for i in (0, 1)), *(max(box[i] for box in boxes) for i in (2, 3)))


@pytest.mark.parametrize("reader", [by_pdfium, by_poppler])
@pytest.mark.parametrize("turn", TURNED)
def test_every_line_is_found_again_at_its_place_to_a_point(reader: Callable[[bytes], Found], turn: int) -> None:
    picture = scan().rotate(-turn, expand=True)
    lies = Placement(TURNED[turn])
    copy = copied(encoded(picture, "JPEG", dpi=(150, 150)), text_of(lies=lies))
    found, (width, height) = reader(copy), pdfium.PdfDocument(copy)[0].get_size()
    assert (width, height) == pytest.approx((1240 * 72 / 150, 1754 * 72 / 150), abs=0.1)
    for word in WORDS:
        box = (word.box.x0 * width, word.box.y0 * height, word.box.x1 * width, word.box.y1 * height)
        here = inside(found, box)
        assert squeezed("".join(text for text, _ in here)) == squeezed(word.text)
        assert around(here) == pytest.approx(box, abs=1.0)


@pytest.mark.parametrize("reader", [by_pdfium, by_poppler])
def test_text_on_a_leaning_photo_lies_on_its_picture(reader: Callable[[bytes], Found]) -> None:
    """Leaning by five degrees on the picture, level on the copy, at the place of what it says."""
    angle, (width, height) = math.radians(5), (1240, 1754)

    def leaning(x: float, y: float) -> tuple[float, float]:
        across, down = (x - 0.5) * width, (y - 0.5) * height
        right = across * math.cos(angle) - down * math.sin(angle)
        below = across * math.sin(angle) + down * math.cos(angle)
        return right / width + 0.5, below / height + 0.5

    lies = Placement(tuple(leaning(*corner) for corner in TURNED[0]))  # type: ignore[arg-type]
    sheet = Image.new("RGB", (width, height), "white")
    box = Box(0.55, 0.70, 0.90, 0.72)
    sheet.paste("black", tuple(round(v) for v in (box.x0 * width, box.y0 * height, box.x1 * width, box.y1 * height)))
    photo = sheet.rotate(-5, Image.Resampling.BICUBIC, fillcolor="white")
    copy = copied(encoded(photo, "JPEG", dpi=(150, 150)), text_of(words=[Word("价税合计", box)], lies=lies))
    shown = np.asarray(pdfium.PdfDocument(copy)[0].render(scale=2).to_pil().convert("L")) < 100
    rows, columns = np.nonzero(shown)
    bar = (columns.min() / 2, rows.min() / 2, columns.max() / 2, rows.max() / 2)
    assert around(reader(copy)) == pytest.approx(bar, abs=1.5)
    assert bar[3] - bar[1] == pytest.approx(0.02 * 1754 * 72 / 150, abs=1.5)  # level again


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_the_picture_is_shown_as_the_camera_was_held(form: str, turn: int) -> None:
    exif = Image.Exif()
    exif[274] = turn
    content = encoded(scan(mode="1" if form == "TIFF" else "RGB"), form, exif=exif, dpi=(150, 150))
    seen = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("L")
    page = pdfium.PdfDocument(copied(content))[0]
    shown = page.render(scale=seen.width / page.get_width()).to_pil().convert("L").resize(seen.size)
    assert np.abs(np.asarray(shown, dtype=int) - np.asarray(seen, dtype=int)).mean() < 1


def test_a_jpeg_goes_into_its_copy_byte_for_byte() -> None:
    content = encoded(Image.effect_noise((1240, 1754), 60), "JPEG", quality=80)
    copy = copied(content)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert pdf.pages[0].Resources.XObject.P.read_raw_bytes() == content
    assert len(copy) < 1.02 * len(content)


@pytest.mark.parametrize(("mode", "form", "options"), [
    ("L", "PNG", {}), ("RGB", "PNG", {}), ("1", "PNG", {}), ("1", "TIFF", {"compression": "group4"}),
])  # fmt: skip
def test_no_pixel_of_a_lossless_scan_is_changed(mode: str, form: str, options: dict[str, str]) -> None:
    noise = Image.effect_noise((400, 300), 90)
    picture = noise.convert(mode) if mode != "RGB" else Image.merge("RGB", (noise, noise.rotate(180), noise))
    content = encoded(picture, form, **options)
    copy = copied(content)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        shown = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.P).as_pil_image().convert(mode)
    assert shown.tobytes() == picture.tobytes()
    assert len(copy) < 1.25 * len(content) + 6_000


def test_the_same_document_gives_the_same_bytes() -> None:
    content = CARRIERS["png"]()
    assert copied(content) == copied(content)
    later = replace(HEADING, received_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert copied(content, heading=later) != copied(content)


def test_what_is_no_character_is_left_out_and_all_others_are_kept() -> None:
    text = "电\ud840\x07子\ufeff发票\ufffe"
    copy = copied(CARRIERS["jpeg"](), text_of(words=[Word(text, Box(0.1, 0.1, 0.5, 0.13))]))
    assert "".join(text for text, _ in by_pdfium(copy)).strip() == "电子发票"
    assert list(every_fault(copy)) == []


def test_a_copy_says_what_it_is_of() -> None:
    heading = Heading("a.jpg", HEADING.digest, HEADING.received_at)
    with pikepdf.open(io.BytesIO(copied(CARRIERS["jpeg"](), heading=heading))) as pdf:
        assert str(HEADING.digest).encode() in pdf.Root.Metadata.read_bytes()
        assert bytes(pdf.trailer.ID[0]).hex() == HEADING.digest.hex[:32]
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261120083000+00'00'"
