"""销售货物或者提供应税劳务、服务清单: the list that goes with an invoice whose lines do not fit on its form.

Who sums up his goods on the form must print it with the same software (增值税专用发票使用规定, 国税发〔2006〕156号,
第十二条). It names its invoice by code and number, and its last page repeats the invoice's sums.
"""

import re
from collections.abc import Iterator, Sequence

from archive.model.evidence import Reading
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece, find_labels, rows
from ingest.model.page import Page

TITLE = re.compile(r"销售货物(?:或|和)者?提供(?:应税)?劳务.{0,4}清单|应税(?:劳务|货物).{0,12}清单")
MARKS = ("所属增值税", "货物(劳务)名称", "填开日期", "销售方名称", "总计")
REFERENCE = "清单"
"""In the name of a line that stands for the list's."""

_FORM: tuple[Spec, ...] = (
    ("buyer_name", ("购买方名称", "购货单位名称"), normalise.company_name),
    ("seller_name", ("销售方名称", "销货单位名称"), normalise.company_name),
    ("issue_date", ("填开日期", "开票日期"), normalise.issue_date),
)
_OWNER = re.compile(r"所属.*?代码:?(\d{12}|\d{10})(?!\d)")
_NUMBER = re.compile(r"号码:?(\d{8})(?!\d)")
_SUMS = ("amount_without_tax", "tax_amount")
_SUM = re.compile(r"[¥Yy]?-?[\d,]+\.\d\d", re.ASCII)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a page of a list says of its invoice: whose it is, and, on the last page, its sums."""
    yield from _owner(page, pieces)
    yield from labelled(page, pieces, _FORM)
    yield from _sums(page, pieces)


def _owner(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    for row in rows(pieces):
        text = "".join(piece.squeezed for piece in row)
        if owner := _OWNER.search(text):
            yield reading(page, "invoice_code", owner[1], row)
            if number := _NUMBER.search(text, owner.end()):
                yield reading(page, "invoice_number", number[1], row)


def _sums(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """The two sums right of 总计, amount before tax. The list of an exempt invoice has no tax, or one of nothing."""
    for label in find_labels(pieces, "总计"):
        beside = [piece for piece in pieces if piece.is_beside(label.piece) and piece.x0 > label.piece.x1]
        sums = sorted((piece for piece in beside if _SUM.fullmatch(piece.squeezed)), key=lambda piece: piece.x0)
        unread = any(character.isdigit() for piece in beside if piece not in sums for character in piece.text)
        for field, piece in zip(_SUMS, sums, strict=False) if len(sums) <= len(_SUMS) and not unread else ():
            value = normalise.money(piece.squeezed.lstrip("¥Yy"))
            if value and value != "0.00":
                yield reading(page, field, value, [piece])
