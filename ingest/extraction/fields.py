"""All that one page says of an invoice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.model.evidence import Box, Finding, Reading
from ingest.extraction import qr_payload, remarks, standing
from ingest.extraction.amounts import amounts
from ingest.extraction.business import business
from ingest.extraction.foot import foot
from ingest.extraction.forms import Form, form_of, is_list, link_readings
from ingest.extraction.header import header
from ingest.extraction.items import items
from ingest.extraction.layout import Piece, find_labels, pieces_of, rows
from ingest.extraction.paging import Place, place_of
from ingest.extraction.parties import parties
from ingest.extraction.qr_readings import qr_readings
from ingest.extraction.second_look import second_look
from ingest.extraction.stated import stated_items, stated_readings
from ingest.model.draft import Item
from ingest.model.page import Page
from ingest.model.qr_payload import QrPayload

_HEAD = 0.4  # of the page's height, for forms without a block of parties; titles stand above it on all of them

# What pages show that are (part of) an invoice or a bill: its title, or some of the labels that only such forms have.
_TITLE = re.compile(
    r"增值税\w{0,4}发票|电子(?:普通)?发票\(|(?:统一|机打|定额|汽车专用)发票|票据\(电子|电子客票|仅供报销使用"
)
_LABELS = (
    "发票代码", "发票号码", "机打代码", "机打号码", "票据代码", "票据号码", "开票日期", "校验码", "税控码", "密码区",
    "纳税人识别号", "价税合计", "购买方", "销售方", "收款人", "开票人", "交款人",
)  # fmt: skip
_DIGITAL_NUMBER = ("数电票号码", "数电发票号码")  # stands where paper forms of the tax control systems have the cipher
_ENOUGH_LABELS = 2
# Contracts and bank slips name parties, payees and the invoices that are due; they do so in sentences.
_OTHERS_LABELS = frozenset({"纳税人识别号", "购买方", "销售方", "收款人", "开票人", "交款人"})
_SENTENCE = re.compile(r"[。;]|,(?!\d{3}(?!\d))|开具|出具|提供|等额|合法|有效的?增值税|凭.{0,6}发票")
_LONGEST_LABELLED = 45  # characters of a run; a line of running text is as long


@dataclass(frozen=True, slots=True)
class PageReading:
    """The readings of one page, its lines of goods, and what tells the kind: the head's text, the QR codes, the titles
    that its data states. ``place`` is which of the invoice's pages it says it is; ``is_list``: a list of goods, whose
    pages are counted by themselves. ``marks`` say that it is no invoice, or none any more."""

    page: Page
    readings: tuple[Reading, ...]
    items: tuple[Item, ...]
    blank: frozenset[str]
    head: str
    titles: tuple[str, ...]
    payloads: tuple[QrPayload, ...]
    is_invoice: bool
    place: Place | None = None
    is_list: bool = False
    marks: tuple[Finding, ...] = ()


def read_page(page: Page) -> PageReading:
    pieces = pieces_of(page)
    codes: list[tuple[str, Box | None]] = [(symbol.text, symbol.box) for symbol in page.symbols]
    codes += [(statement.code, None) for statement in page.statements if statement.code]
    payloads = tuple((payload, box) for text, box in codes if (payload := qr_payload.parse(text)))
    head, whole = _head(page, pieces), _text(pieces)
    if any(piece.as_label.startswith(_DIGITAL_NUMBER) for piece in pieces):
        head += f"\n{_DIGITAL_NUMBER[0]}"
    form = form_of(head, whole)
    printed, blank = _printed(page, pieces, form)
    scanned = [reading for payload, box in payloads for reading in qr_readings(payload, page.number, box)]
    stated = [reading for statement in page.statements for reading in stated_readings(statement, page.number)]
    noted = [found for reading in (*stated, *printed) if reading.field == "remarks" for found in remarks.told(reading)]
    plain = (*stated, *printed, *scanned, *link_readings(page), *noted)
    again = second_look(page, pieces, plain)
    return PageReading(
        page=replace(page, look_again=None),
        readings=tuple(_placed(reading, page) for reading in (*plain, *again)),
        items=_stated_lines(page) or (_lines(pieces, form)),
        blank=blank,
        head=whole if form and form.anywhere else head,
        titles=_titles(page, form, head),
        is_invoice=bool(payloads or page.statements) or _looks_like_invoice(pieces) or _is_numbered(form, printed),
        payloads=tuple(payload for payload, _ in payloads),
        place=place_of(page, pieces),
        is_list=is_list(form),
        marks=tuple(standing.marks(pieces)),
    )


def _printed(page: Page, pieces: tuple[Piece, ...], form: Form | None) -> tuple[list[Reading], frozenset[str]]:
    """What the page shows, and the fields whose places are blank."""
    if form:
        return list(form.readings(page, pieces)), frozenset()
    found, blank = parties(page, pieces)
    return [*header(page, pieces), *found, *amounts(page, pieces), *foot(page, pieces), *business(page, pieces)], blank


def _titles(page: Page, form: Form | None, head: str) -> tuple[str, ...]:
    """What the document's data calls the invoice; the form's name where its printed title is illegible."""
    named = (form.name,) if form and form.name and not form.title.search(head) else ()
    return (*(statement.title for statement in page.statements if statement.title), *named)


def _placed(reading: Reading, page: Page) -> Reading:
    """A reading of a sheet's part, with its box where the sheet shows it."""
    return replace(reading, box=page.place.box(reading.box)) if page.place and reading.box else reading


def _stated_lines(page: Page) -> tuple[Item, ...]:
    """The lines of the first part of the document's data that has any."""
    return next((stated_items(statement) for statement in page.statements if statement.items), ())


def _lines(pieces: tuple[Piece, ...], form: Form | None) -> tuple[Item, ...]:
    table = items if form is None else form.lines
    return table(pieces) if table else ()


def _looks_like_invoice(pieces: tuple[Piece, ...]) -> bool:
    """Whether a page has a title or labels of an invoice, at least one of them on no other paper."""
    runs = [piece.as_label for piece in pieces]
    text = "\n".join(run for run in runs if len(run) <= _LONGEST_LABELLED and not _SENTENCE.search(run))
    found = {label for label in _LABELS if label in text}
    return bool(_TITLE.search(text)) or (len(found) >= _ENOUGH_LABELS and not found <= _OTHERS_LABELS)


def _is_numbered(form: Form | None, printed: Sequence[Reading]) -> bool:
    """Whether a page shows the number of a form that has no title of its own."""
    return form is not None and any(reading.field == "invoice_number" for reading in printed)


def _head(page: Page, pieces: tuple[Piece, ...]) -> str:
    """The text above the parties, row by row without spaces, so that a title set wide is found as one."""
    names = [label.piece for label in find_labels(pieces, "名称") if label.piece.middle < page.height / 2]
    bottom = min((piece.y0 for piece in names), default=_HEAD * page.height)
    return _text([piece for piece in pieces if piece.middle < bottom])


def _text(pieces: Sequence[Piece]) -> str:
    return "\n".join(re.sub(r"\s", "", "".join(piece.text for piece in row)) for row in rows(pieces))
