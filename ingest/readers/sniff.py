"""The media type of a document, by its content. A file's name is the sender's word and proves nothing."""

import io
import zipfile

PDF, OFD, ZIP, XML = "application/pdf", "application/ofd", "application/zip", "application/xml"
JPEG, PNG, TIFF, WEBP, BMP, HEIC = "image/jpeg", "image/png", "image/tiff", "image/webp", "image/bmp", "image/heic"
AVIF = "image/avif"

_PDF_WINDOW = 1024  # bytes before %PDF- that viewers tolerate (ISO 32000-2, annex I)
_MAGIC = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"PK\x03\x04", ZIP),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"})
_ANY_BRANDS = frozenset({b"mif1", b"msf1"})  # HEIF of any coding; the other brands of the file tell which
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def sniff(content: bytes) -> str | None:
    """The media type, or None where the content is none of the formats that invoices arrive in.

    The first bytes decide; ``%PDF-`` further on counts only where nothing else claims the file, so that an image or
    archive with a PDF hidden behind its header is taken for what its header says.
    """
    head = content[:_PDF_WINDOW]
    if head.startswith(b"%PDF-"):
        return PDF
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return _archive(content) if media_type == ZIP else media_type
    return _contained(head) or _bitmap(content) or _markup(head) or (PDF if b"%PDF-" in head else None)


def _archive(content: bytes) -> str:
    """An OFD is a zip with an ``OFD.xml`` at its root (GB/T 33190-2016)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return OFD if "OFD.xml" in archive.namelist() else ZIP
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ZIP


def _contained(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return _still(head) if head[4:8] == b"ftyp" else None


def _still(head: bytes) -> str | None:
    """HEIC or AVIF by the brands of the file type box (ISO 14496-12, 4.3)."""
    brands = [head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), len(head)), 4)]
    main = head[8:12]
    if main in _AVIF_BRANDS or (main in _ANY_BRANDS and not _AVIF_BRANDS.isdisjoint(brands)):
        return AVIF
    return HEIC if main in _HEIC_BRANDS | _ANY_BRANDS else None


def _bitmap(content: bytes) -> str | None:
    """``BM`` alone is too short a mark: the header must also state the file's size and a known header length."""
    sized = content[:2] == b"BM" and int.from_bytes(content[2:6], "little") in (0, len(content))
    return BMP if sized and int.from_bytes(content[14:18], "little") in (12, 40, 52, 56, 108, 124) else None


def _markup(head: bytes) -> str | None:
    encoding = next((e for mark, e in _BYTE_ORDER_MARKS.items() if head.startswith(mark)), "utf-8")
    text = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        return XML
    named = text.startswith("<") and len(text) > 1 and (text[1].isalpha() or text[1] == "_")
    return XML if named and not text[:15].lower().startswith(("<html", "<!doctype html")) else None
