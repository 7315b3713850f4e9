"""The picture that a scanned page of a PDF consists of, taken out as it was put in (through pikepdf)."""

import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Name

from ingest.readers.facsimile import Affine, Encoded
from ingest.readers.limits import MAX_ENTRY_BYTES

_SIMPLE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/CalGray": 1, "/CalRGB": 3}
_AS_IT_IS = frozenset({"/DCTDecode", "/CCITTFaxDecode"})
_NESTED = 4  # levels of forms within forms
_CHANGES_COLOURS = ("/SMask", "/Mask", "/Decode", "/ImageMask")
_TURNS: Mapping[int, Affine] = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, -1, 1, 0, 0, 1),
    180: (-1, 0, 0, -1, 1, 1),
    270: (0, 1, -1, 0, 1, 0),
}
"""What a page's rotation, clockwise, does to its unit square."""
_DAMAGE = (pikepdf.PdfError, zlib.error, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class Scans:
    """A PDF's pages by their pictures. Damage means that a page has none, since pdfium can paint it all the same."""

    def __init__(self, content: bytes) -> None:
        self._pdf: pikepdf.Pdf | None = None
        with suppress(*_DAMAGE):
            self._pdf = pikepdf.open(io.BytesIO(content))

    def __enter__(self) -> "Scans":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def whole(self, index: int) -> Encoded | None:
        """The one picture of a page, where PDF/A takes its compression and colours; None where it is better painted."""
        if self._pdf is None:
            return None
        with suppress(*_DAMAGE):
            return _encoded(self._pdf.pages[index])
        return None


def shows_one_picture(page: pdfium.PdfPage) -> bool:
    """Whether a page shows nothing but one picture: no stamp, no note. Hidden text beside it is some scanner's."""
    seen = [shape for shape in page.get_objects(max_depth=_NESTED) if not _is_hidden(shape)]
    return len(seen) == 1 and pdfium.raw.FPDFPage_GetAnnotCount(page.raw) == 0


def _is_hidden(shape: pdfium.PdfObject) -> bool:
    if shape.type != pdfium.raw.FPDF_PAGEOBJ_TEXT:
        return bool(shape.type == pdfium.raw.FPDF_PAGEOBJ_FORM)  # what is in it is asked for itself
    return bool(pdfium.raw.FPDFTextObj_GetTextRenderMode(shape.raw) == pdfium.raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _encoded(page: pikepdf.Page) -> Encoded | None:
    pictures = list(page.get_images(recursive=False).values())
    if len(pictures) != 1 or any(key in pictures[0] for key in _CHANGES_COLOURS):
        return None
    (picture,) = pictures
    colours, matrix = _colours(picture), _placed(page)
    filters = picture.get("/Filter")
    kind = str(filters[0] if isinstance(filters, pikepdf.Array) and len(filters) == 1 else filters)
    if kind not in _AS_IT_IS or colours is None or int(picture.Length) > MAX_ENTRY_BYTES:
        return None
    parameters = dict(_parameters(picture))
    if kind == "/CCITTFaxDecode" and "K" not in parameters:
        return None
    size = int(picture.Width), int(picture.Height)
    bits = int(picture.BitsPerComponent)
    return Encoded(picture.read_raw_bytes(), *size, colours, bits, kind[1:], parameters, matrix)


def _colours(picture: pikepdf.Object) -> int | None:
    """Channels of a pixel, where they are grey or RGB."""
    space = picture.get("/ColorSpace")
    if isinstance(space, pikepdf.Array):
        if space[0] == Name.ICCBased:
            channels = int(space[1].N)
            return channels if channels in (1, 3) else None
        space = space[0]
    return _SIMPLE.get(str(space))


def _parameters(picture: pikepdf.Object) -> Iterator[tuple[str, int]]:
    found = picture.get("/DecodeParms")
    for given in found if isinstance(found, pikepdf.Array) else [found]:
        if given is not None:
            yield from ((key[1:], int(value)) for key, value in given.items())


def _placed(page: pikepdf.Page) -> Affine:
    """Where the page's contents put its picture, in fractions of the sheet as it is shown."""
    matrix, saved = pikepdf.Matrix(), list[pikepdf.Matrix]()
    for instruction in pikepdf.parse_content_stream(page):
        match str(instruction.operator):
            case "q":
                saved.append(matrix)
            case "Q":
                matrix = saved.pop()
            case "cm":
                matrix = pikepdf.Matrix(*(float(number) for number in instruction.operands)) @ matrix
            case "Do":
                break
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    sheet = pikepdf.Matrix().scaled(1 / (right - left), 1 / (top - bottom)).translated(-left, -bottom)
    return (matrix @ sheet @ pikepdf.Matrix(_TURNS[page.rotation])).shorthand
