"""The pictures of an OFD: decoded by Pillow, or, where it is JBIG2, by pdfium, which reads that inside PDF."""

import io
import struct

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name, Stream
from PIL import Image

from ingest.readers.limits import MAX_PIXELS, MAX_SIDE
from ingest.readers.ofd.package import Document
from ingest.readers.picture import on_white

_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF")
_JBIG2 = b"\x97JB2\r\n\x1a\n"
_PAGES_UNKNOWN = 0x02  # flag of a JBIG2 file's header (ITU-T T.88, D.4)
_PAGE_SIZE = slice(11, 19)  # of the first segment, which tells about the page
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, pdfium.PdfiumError, Image.DecompressionBombError)


def picture(document: Document, resource_id: str) -> Image.Image | None:
    """A picture among the resources, on white; None where it is missing, too large or of no known format."""
    content = document.file_of(resource_id, "MediaFile")
    if not content:
        return None
    try:
        if content.startswith(_JBIG2):
            return _jbig2(content)
        opened = Image.open(io.BytesIO(content), formats=_FORMATS)
        return on_white(opened) if _is_fit(*opened.size) else None
    except _DAMAGE:
        return None


def _is_fit(width: int, height: int) -> bool:
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS


def _jbig2(content: bytes) -> Image.Image | None:
    """The segments of a JBIG2 file, without its header, are what a PDF embeds (ISO 32000-2, 7.4.7)."""
    segments = content[9 if content[8] & _PAGES_UNKNOWN else 13 :]
    width, height = struct.unpack(">II", segments[_PAGE_SIZE])
    if not _is_fit(width, height):
        return None
    with pikepdf.new() as pdf:
        embedded = Stream(pdf, segments)
        embedded.Type, embedded.Subtype, embedded.Filter = Name.XObject, Name.Image, Name.JBIG2Decode
        embedded.Width, embedded.Height, embedded.BitsPerComponent = width, height, 1
        embedded.ColorSpace = Name.DeviceGray
        page = pdf.add_blank_page(page_size=(width, height))
        page.Resources = Dictionary(XObject=Dictionary(P=embedded))
        page.Contents = Stream(pdf, f"{width} 0 0 {height} 0 0 cm /P Do".encode())
        written = io.BytesIO()
        pdf.save(written)
    with pdfium.PdfDocument(written.getvalue()) as made:
        decoded: Image.Image = made[0].render(scale=1).to_pil().convert("RGB")
        return decoded
