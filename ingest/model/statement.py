"""What a machine-readable part of a document states of one invoice, in the words of its issuer."""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.model.evidence import Source
from ingest.model.draft import Item


@dataclass(frozen=True, slots=True)
class Statement:
    """``values`` holds the text of each field as it was found, white space trimmed; empty values are left out.

    ``title`` is what the part calls the invoice (``电子发票（普通发票）``), ``code`` the text of a QR code in it. Items
    are text as found, too; extraction normalises all of it.
    """

    source: Source
    values: Mapping[str, str]
    items: tuple[Item, ...] = ()
    title: str | None = None
    code: str | None = None
