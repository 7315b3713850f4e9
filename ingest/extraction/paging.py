"""Which page of how many a page says it is: 共 2 页 第 1 页, as invoices of several pages print in their heads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.model.evidence import Finding, Severity
from ingest.extraction.layout import Piece, rows
from ingest.model.page import Page

_HEAD = 0.4  # of the page's height; further down the count is that of the file or the printer
_COUNTS = (
    re.compile(r"共(?P<count>\d{1,3})页.{0,2}第(?P<number>\d{1,3})页"),
    re.compile(r"第(?P<number>\d{1,3})页.{0,2}共(?P<count>\d{1,3})页"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """``number`` of ``count``, from 1."""

    number: int
    count: int


def place_of(page: Page, pieces: Sequence[Piece]) -> Place | None:
    """What the head says; None where it says nothing or what cannot be (page 3 of 2)."""
    for row in rows(piece for piece in pieces if piece.middle < _HEAD * page.height):
        text = "".join(piece.squeezed for piece in row)
        for pattern in _COUNTS:
            if found := pattern.search(text):
                place = Place(int(found["number"]), int(found["count"]))
                return place if 1 <= place.number <= place.count else None
    return None


def gaps(places: Sequence[Place], *, of_list: bool) -> Iterator[Finding]:
    """PAGE-MISSING: pages of an invoice, or of its list of goods, count themselves, and not all of them are there."""
    counts = sorted({place.count for place in places})
    missing = sorted(set(range(1, max(counts, default=0) + 1)) - {place.number for place in places})
    if len(counts) < 2 and not missing:
        return
    zh, en = ("销货清单", "list of goods") if of_list else ("发票", "invoice")
    stated, absent = "、".join(map(str, counts)), "、".join(map(str, missing)) or "无"
    yield Finding(
        "PAGE-MISSING",
        Severity.ERROR,
        None,
        f"{zh}票面写明共 {stated} 页，缺第 {absent} 页，请补齐。",
        f"The pages of the {en} say that there are {stated.replace('、', ' or ')} of them; missing: "
        f"{absent.replace('、', ', ').replace('无', 'none')}. Send the whole document.",
    )
