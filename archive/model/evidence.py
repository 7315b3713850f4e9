"""Evidence: where a value was read, by whom, how surely. A record keeps every reading of every field."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from archive.model.digest import Digest


class Source(StrEnum):
    """Who read a value. Readings of different sources are independent, except that ``ocr_again`` is a second engine's
    look at the picture that ``ocr`` read: its slips are its own."""

    XML = "xml"  # an electronic invoice's data file, alone or inside another document
    XBRL = "xbrl"  # the same in the form of 电子凭证会计数据标准
    OFD_DATA = "ofd_data"
    PDF_DATA = "pdf_data"
    OFD_TEXT = "ofd_text"
    PDF_TEXT = "pdf_text"
    QR = "qr"
    OCR = "ocr"
    OCR_AGAIN = "ocr_again"
    PROOF = "proof"  # worked out: check digits or arithmetic leave only this value
    PERSON = "person"


STRUCTURED = frozenset({Source.XML, Source.XBRL, Source.OFD_DATA, Source.PDF_DATA})
"""Data meant for machines: nothing in it can be misread, but nobody sees it either."""

WRITTEN = frozenset({Source.OFD_TEXT, Source.PDF_TEXT})
"""Text that the page shows and that the issuer wrote as characters."""


class Severity(StrEnum):
    """How grave a finding is: an error blocks automatic acceptance, a warning asks for a look, information is told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, as fractions of the page's width and height; the origin is the upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one field, as one source read it.

    ``field`` is an identifier of the glossary (``invoice_number``, ``seller_name`` …), ``value`` normalised text: dates
    ``YYYY-MM-DD``, money with two decimals, identifiers without spaces. ``confidence`` is 0 to 1 as the source states
    it. ``page`` counts from 1; page and box are None where the source has no place on a page. ``document`` is the
    original whose pages are meant; custody sets it, since a record may have several.
    """

    field: str
    value: str
    source: Source
    confidence: Decimal
    page: int | None = None
    box: Box | None = None
    document: Digest | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact about a document that a rule found, with a stable ``code`` (tests and reports name codes, never prose).

    ``zh`` and ``en`` are complete sentences for people; ``field`` names what the finding is about, if one field.
    """

    code: str
    severity: Severity
    field: str | None
    zh: str
    en: str
