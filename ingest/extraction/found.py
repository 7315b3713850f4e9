"""A value found on a page, on its way to becoming a reading."""

from collections.abc import Sequence
from decimal import Decimal

from archive.model.evidence import WRITTEN, Reading
from ingest.extraction.layout import Piece, box_of
from ingest.model.page import Page

_TEXT_LAYER = Decimal("0.99")  # a text layer is what the issuer wrote; that it is shown so, it only claims


def reading(page: Page, field: str, value: str, pieces: Sequence[Piece]) -> Reading:
    """The reading of a value that these pieces print."""
    least = min(piece.confidence for piece in pieces)
    confidence = _TEXT_LAYER if page.source in WRITTEN else Decimal(str(round(least, 3)))
    return Reading(field, value, page.source, confidence, page.number, box_of(pieces, page))
