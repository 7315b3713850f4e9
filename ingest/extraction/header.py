"""The head of an invoice: number, code, date, check code, machine number."""

import re
from collections.abc import Callable, Iterator, Sequence

from archive.model.evidence import Reading
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.layout import Label, Piece, between, find_labels, longest, unbroken
from ingest.model.page import Page

_FIELDS: tuple[tuple[str, tuple[str, ...], Callable[[str], str | None]], ...] = (
    ("invoice_number", ("发票号码", "发票编号"), normalise.invoice_number),
    ("invoice_code", ("发票代码",), normalise.invoice_code),
    ("issue_date", ("开票日期", "填开日期"), normalise.issue_date),
    ("check_code", ("校验码",), normalise.check_code),
    ("machine_number", ("机器编号", "机器号码"), normalise.machine_number),
)
_FIRST_GAP, _GAP = 10, 2.5  # heights, before a value and inside it

# Paper forms carry number and code without labels: «№ 00472703» with both again, small, beside or below it.
_NUMBERED = re.compile(r"N[o0°º]?\.?:?(\d{8})(\d{10}|\d{12})?", re.ASCII | re.IGNORECASE)
_PAPER_CODE = re.compile(r"\d{10}|\d{12}", re.ASCII)
_PAPER_NUMBER = re.compile(r"\d{8}", re.ASCII)


def header(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """Readings of the head's fields; number and code of paper forms by their pattern, each place a reading."""
    labelled, used = set(), []
    for field, names, normaliser in _FIELDS:
        for label in find_labels(pieces, *names):
            found = longest(_value(label, pieces), normaliser)
            if found:
                labelled.add(field)
                used += found[1]
                yield reading(page, field, *found)
    if not labelled & {"invoice_number", "invoice_code"}:
        yield from _unlabelled(page, [piece for piece in pieces if piece not in used])


def _value(label: Label, pieces: Sequence[Piece]) -> list[Piece]:
    place = label.piece
    beside = between(
        pieces, place.middle - 0.75 * place.height, place.middle + 0.75 * place.height, place.x1 - place.height, 1e9
    )
    return unbroken(label, beside, _FIRST_GAP, _GAP)


def _unlabelled(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """Runs of the right length above the parties; the date's row closes the head of a paper form."""
    dates = find_labels(pieces, "开票日期")
    if not dates:
        return
    bottom = dates[0].piece.y1
    for piece in (piece for piece in pieces if piece.middle < bottom):
        text = piece.squeezed
        if numbered := _NUMBERED.fullmatch(text):
            yield reading(page, "invoice_number", numbered[1], [piece])
            if numbered[2]:
                yield reading(page, "invoice_code", numbered[2], [piece])
        elif _PAPER_CODE.fullmatch(text):
            yield reading(page, "invoice_code", text, [piece])
        elif _PAPER_NUMBER.fullmatch(text):
            yield reading(page, "invoice_number", text, [piece])
