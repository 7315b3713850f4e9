"""All readers of this installation, wired: text layers, pictures, QR codes, OCR."""

from functools import cache

from ingest.readers.bundle import BundleReader
from ingest.readers.einvoice_xml import XmlReader
from ingest.readers.image import ImageReader
from ingest.readers.ocr.again import with_second_look
from ingest.readers.ocr.engine import Engine
from ingest.readers.ocr.last_resort import Checked, with_last_resort
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.ocr.raster import picture_reader
from ingest.readers.ocr.tesseract import TesseractEngine, is_installed, read_strips
from ingest.readers.ofd.reader import OfdReader
from ingest.readers.pdf_text import PdfReader
from ingest.readers.picture import ReadPicture
from ingest.readers.qr_code import find_symbols
from ingest.readers.reader import Reader


def readers(engine: Engine | None = None, ocr_threads: int = 1) -> tuple[Reader, ...]:
    """The readers, with this OCR engine or our own of so many threads; models are loaded at the first picture."""
    read_picture = _with_tesseract(picture_reader(Checked(engine or RapidEngine(ocr_threads)), find_symbols))
    single = (
        PdfReader(read_picture, find_symbols),
        OfdReader(read_picture, find_symbols),
        XmlReader(find_symbols),
        ImageReader(read_picture),
    )
    return *single, BundleReader(single)


def _with_tesseract(read: ReadPicture) -> ReadPicture:
    """Reading with an installed Tesseract as second look and last resort; without one, fewer pictures are accepted. The
    machine is asked for it at the first picture."""

    @cache
    def chosen() -> ReadPicture:
        if not is_installed():
            return read
        spare = picture_reader(Checked(TesseractEngine()), find_symbols)
        return with_last_resort(with_second_look(read, read_strips), spare)

    return lambda picture, number, dpi: chosen()(picture, number, dpi)
