"""Content decides, never the name."""

import io
import zipfile

import pytest
from PIL import Image

from ingest.readers.sniff import sniff


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    return packed.getvalue()


def picture(encoding: str) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (4, 4)).save(encoded, encoding)
    return encoded.getvalue()


@pytest.mark.parametrize("encoding", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_pictures_are_told_by_their_marks(encoding: str) -> None:
    assert sniff(picture(encoding)) == f"image/{encoding.lower()}"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\r\n\x00some mailer's line\n%PDF-1.4", "application/pdf"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (zipped("word/document.xml"), "application/zip"),
        (zipped("deep/OFD.xml"), "application/zip"),
        (zipped("OFD.xml")[:40], "application/zip"),
        (b"<?xml version='1.0' encoding='UTF-8'?><EInvoice/>", "application/xml"),
        (b"\xef\xbb\xbf\n<EInvoice/>", "application/xml"),
        ("\ufeff<?xml version='1.0'?><a/>".encode("utf-16-le"), "application/xml"),
        (b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "image/avif"),
        (b"\x00\x00\x00\x14ftypavif\x00\x00\x00\x00", "image/avif"),
        (b"\x00\x00\x00\x14ftypisom\x00\x00\x00\x00heic", None),
    ],
)
def test_documents_are_told_by_their_marks(content: bytes, media_type: str) -> None:
    assert sniff(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"invoice.pdf",
        b"BM is how this letter begins, and it is no bitmap",
        b"< 5 items and > 3",
        b"<!DOCTYPE html><html></html>",
        b"<html><body>26117000000123456789</body></html>",
        bytes(range(256)) * 8,
        b" " * 2000 + b"%PDF-1.7",
    ],
)
def test_everything_else_is_nothing_we_know(content: bytes) -> None:
    assert sniff(content) is None


def test_a_file_of_two_formats_is_what_its_first_bytes_say() -> None:
    assert sniff(picture("PNG") + b"%PDF-1.7") == "image/png"
    assert sniff(picture("JPEG")[:200] + b"%PDF-1.7") == "image/jpeg"
    assert sniff(b"%PDF-1.7\n" + zipped("OFD.xml")) == "application/pdf"
