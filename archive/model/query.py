"""What is asked of the catalog, as values."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


def searchable(text: str) -> str:
    """Text in the form words are looked up in: NFKC (full-width and half-width alike), any case, without spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", "".join(folded.split()))


@dataclass(frozen=True, slots=True)
class Query:
    """All given conditions must hold. A word matches any of number, code, party names, tax ids, file names, goods."""

    words: tuple[str, ...] = ()
    kind: str | None = None
    seller: str | None = None
    buyer: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    verification: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a result list."""

    record: str
    kind: str
    invoice_code: str | None
    invoice_number: str | None
    issue_date: date | None
    seller_name: str | None
    buyer_name: str | None
    total_amount: Decimal | None
    verification: str
    retain_until: date
    file_name: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of hits, newest issue date first. ``after`` continues the list, None at its end; ``total`` counts all."""

    hits: tuple[Hit, ...]
    total: int
    after: str | None
