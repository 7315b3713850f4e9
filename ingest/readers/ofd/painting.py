"""The picture of a page: its objects written down as one PDF page, which pdfium paints."""

import io
import re
from collections.abc import Iterator, Sequence

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from ingest.readers.limits import KEPT_SIDE
from ingest.readers.markup import Element, child, text
from ingest.readers.ofd.fonts import Fonts, glyphs_of
from ingest.readers.ofd.objects import Matrix, Placed
from ingest.readers.ofd.package import Document, OfdPage, number
from ingest.readers.ofd.pictures import picture
from ingest.readers.ofd.text import characters, size_of

_POINTS = 72 / 25.4  # per millimetre
_LARGEST_PAGE = 14_000  # points; PDF allows no larger one
_LINE_WIDTH = 0.353  # millimetres, where none is given (GB/T 33190-2016, 8.3.1)
_QUALITY = 90
_BLACK = "0 0 0"
_MOST_STEPS = 200_000  # of all paths of a page
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_PART = re.compile(r"[SMLQBAC]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

Point = tuple[float, float]


def paint(document: Document, page: OfdPage, placed: Sequence[Placed], longest: int = KEPT_SIDE) -> Image.Image:
    """The page's picture, ``longest`` pixels on its longer side. What cannot be drawn is left out, at worst all of it:
    the text is read without it."""
    try:
        return _painted(document, page, placed, longest)
    except (pdfium.PdfiumError, pikepdf.PdfError, ValueError):
        return Image.new("RGB", painted_size(page, longest), "white")


def painted_size(page: OfdPage, longest: int = KEPT_SIDE) -> tuple[int, int]:
    """Width and height of the page's picture in pixels."""
    ratio = longest / max(page.area[2:])
    return max(1, round(page.area[2] * ratio)), max(1, round(page.area[3] * ratio))


def _painted(document: Document, page: OfdPage, placed: Sequence[Placed], longest: int) -> Image.Image:
    width, height = page.area[2] * _POINTS, page.area[3] * _POINTS
    shrink = min(1.0, _LARGEST_PAGE / max(width, height))
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(width * shrink, height * shrink))
        fonts, pictures = Fonts(pdf), Dictionary()
        scale = _POINTS * shrink
        content = [f"{scale:.6f} 0 0 {-scale:.6f} 0 {height * shrink:.4f} cm"]
        for drawn in placed:
            content += ["q", *_drawn(pdf, document, drawn, fonts, pictures), "Q"]
        # Multiplied: the white around a seal hides nothing below it, whether or not the picture says it is transparent.
        over = Dictionary(Over=Dictionary(Type=Name.ExtGState, BM=Name.Multiply))
        sheet.Resources = Dictionary(Font=fonts.resources(), XObject=pictures, ExtGState=over)
        sheet.Contents = Stream(pdf, "\n".join(content).encode("ascii"))
        written = io.BytesIO()
        pdf.save(written, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pdfium.PdfDocument(written.getvalue()) as made:
        resolution = (longest - 0.5) / max(width * shrink, height * shrink)  # pdfium rounds up
        painted: Image.Image = made[0].render(scale=resolution).to_pil().convert("RGB")
        return painted


def _drawn(pdf: pikepdf.Pdf, document: Document, drawn: Placed, fonts: Fonts, pictures: Dictionary) -> Iterator[str]:
    yield _matrix(drawn.matrix)
    if drawn.kind == "ImageObject":
        yield from _picture(pdf, document, drawn.element.get("ResourceID", ""), pictures)
    elif drawn.kind == "PathObject":
        yield from _path(document, drawn)
    else:
        yield from _text(document, drawn, fonts)


def _picture(pdf: pikepdf.Pdf, document: Document, resource_id: str, pictures: Dictionary) -> Iterator[str]:
    """A picture fills the unit square, its first row on top."""
    decoded = picture(document, resource_id)
    if decoded is None:
        return
    name = f"/P{len(pictures.keys())}"
    pictures[name] = _embedded(pdf, decoded)
    yield f"/Over gs 1 0 0 -1 0 1 cm {name} Do"


def _embedded(pdf: pikepdf.Pdf, decoded: Image.Image) -> Stream:
    encoded = io.BytesIO()
    decoded.save(encoded, "JPEG", quality=_QUALITY)
    embedded = Stream(pdf, encoded.getvalue())
    embedded.Type, embedded.Subtype, embedded.Filter = Name.XObject, Name.Image, Name.DCTDecode
    embedded.Width, embedded.Height, embedded.BitsPerComponent = decoded.width, decoded.height, 8
    embedded.ColorSpace = Name.DeviceRGB
    return embedded


def _path(document: Document, drawn: Placed) -> Iterator[str]:
    element = drawn.element
    stroke, fill = element.get("Stroke") != "false", element.get("Fill") == "true"
    if not stroke and not fill:
        return
    stroke_colour, fill_colour = (_colour(document, drawn, tag) for tag in ("StrokeColor", "FillColor"))
    fill = fill and fill_colour is not None  # without a colour, an area is transparent (GB/T 33190-2016, 9.1)
    yield f"{_width(document, drawn):.4f} w {stroke_colour or _BLACK} RG {fill_colour or _BLACK} rg"
    yield from _steps(text(child(element, "AbbreviatedData")))
    even_odd = "*" if fill and element.get("Rule", "").lower().startswith("even") else ""
    yield {(True, True): "B", (True, False): "S", (False, True): "f", (False, False): "n"}[stroke, fill] + even_odd


def _steps(data: str) -> Iterator[str]:
    """``M 0 0 L 1 0 C`` in PDF's words. Stops where the data breaks off."""
    parts = iter(_PART.findall(data)[:_MOST_STEPS])
    here: Point = (0.0, 0.0)
    begun = False
    for operator in parts:
        if operator not in _OPERANDS:
            continue
        try:
            numbers = [number(next(parts)) for _ in range(_OPERANDS[operator])]
        except (StopIteration, ValueError):
            return
        if operator == "C":
            if begun:
                yield "h"
            continue
        end: Point = (numbers[-2], numbers[-1])
        if operator in "SM" or not begun:
            yield f"{end[0]:.4f} {end[1]:.4f} m"
            begun = True
        else:
            yield _curve(operator, here, numbers)
        here = end


def _curve(operator: str, here: Point, numbers: list[float]) -> str:
    if operator == "Q":
        (x0, y0), (x1, y1, x, y) = here, numbers
        numbers = [x0 + 2 / 3 * (x1 - x0), y0 + 2 / 3 * (y1 - y0), x + 2 / 3 * (x1 - x), y + 2 / 3 * (y1 - y), x, y]
    if operator in "QB":
        return " ".join(f"{number:.4f}" for number in numbers) + " c"
    return f"{numbers[-2]:.4f} {numbers[-1]:.4f} l"  # arcs are drawn by their chords: forms have none that matter


def _text(document: Document, drawn: Placed, fonts: Fonts) -> Iterator[str]:
    element = drawn.element
    font, size = element.get("Font", ""), size_of(element)
    fonts.add(font, document.file_of(font, "FontFile"))
    glyphs = glyphs_of(element)
    yield f"{_colour(document, drawn, 'FillColor') or _BLACK} rg"
    yield "BT"
    for index, (character, x, y) in enumerate(characters(element)):
        shown = None if character.isspace() else fonts.show(font, character, glyphs.get(index))
        if shown:
            yield f"/{shown[0]} {size:.4f} Tf 1 0 0 -1 {x:.4f} {y:.4f} Tm {shown[1]} Tj"
    yield "ET"


def _matrix(matrix: Matrix) -> str:
    return " ".join(f"{number:.6f}" for number in matrix) + " cm"


def _width(document: Document, drawn: Placed) -> float:
    written = drawn.element.get("LineWidth") or next(
        (parameter.get("LineWidth") for parameter in _parameters(document, drawn) if parameter.get("LineWidth")), ""
    )
    try:
        return min(max(number(written), 0.0), 100.0)
    except ValueError:
        return _LINE_WIDTH


def _colour(document: Document, drawn: Placed, tag: str) -> str | None:
    """The object's own colour, else that of its drawing parameters. Grey and CMYK become RGB."""
    elements = [drawn.element, *_parameters(document, drawn)]
    own = next((c for e in elements if (c := child(e, tag)) is not None), None)
    if own is None:
        return None
    parts = [int(part) for part in re.findall(r"\d+", str(own.get("Value", "")))]
    if len(parts) == 1:
        parts *= 3
    if len(parts) == 4:
        parts = [(255 - p) * (255 - parts[3]) // 255 for p in parts[:3]]
    red, green, blue = (min(p, 255) / 255 for p in (parts if len(parts) == 3 else (0, 0, 0)))
    return f"{red:.3f} {green:.3f} {blue:.3f}"


def _parameters(document: Document, drawn: Placed) -> Iterator[Element]:
    """The drawing parameters of an object and its layers, each followed by those it is relative to."""
    for own in drawn.drawing:
        following, seen = own, set[str]()
        while following and following not in seen:
            seen.add(following)
            parameter, _ = document.resources.get(following, (None, ""))
            if parameter is None:
                break
            yield parameter
            following = parameter.get("Relative", "")
