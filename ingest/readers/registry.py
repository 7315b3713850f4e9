"""All readers of this installation, wired: text layers, pictures, QR codes, OCR."""

from ingest.readers.bundle import BundleReader
from ingest.readers.einvoice_xml import XmlReader
from ingest.readers.image import ImageReader
from ingest.readers.ocr.engine import Engine
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.ocr.raster import picture_reader
from ingest.readers.ofd.reader import OfdReader
from ingest.readers.pdf_text import PdfReader
from ingest.readers.qr_code import find_symbols
from ingest.readers.reader import Reader


def readers(engine: Engine | None = None, ocr_threads: int = 1) -> tuple[Reader, ...]:
    """The readers, with this OCR engine or our own of so many threads; models are loaded at the first picture."""
    read_picture = picture_reader(engine or RapidEngine(ocr_threads), find_symbols)
    single = (
        PdfReader(read_picture, find_symbols),
        OfdReader(read_picture, find_symbols),
        XmlReader(find_symbols),
        ImageReader(read_picture),
    )
    return *single, BundleReader(single)
