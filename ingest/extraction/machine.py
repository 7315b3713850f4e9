"""Forms of the provinces: 通用机打发票, printed by machine, and 通用定额发票, of a fixed amount."""

import re
from collections.abc import Iterator, Sequence

from archive.model.evidence import Reading
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece
from ingest.extraction.roll import figures, words
from ingest.model.page import Page

TITLE = re.compile(r"通用机打发票")
FIXED_TITLE = re.compile(r"定额发票")

_NUMBERS: tuple[Spec, ...] = (
    ("invoice_code", ("发票代码",), normalise.invoice_code),
    ("invoice_number", ("发票号码",), normalise.invoice_number),
)
_FORM: tuple[Spec, ...] = (
    *_NUMBERS,
    ("issue_date", ("开票日期",), normalise.issue_date),
    ("seller_tax_id", ("收款方识别号", "销售方识别号", "收款方纳税人识别号", "开票方识别号"), normalise.tax_id),
    ("buyer_tax_id", ("付款方识别号", "购买方识别号", "付款方纳税人识别号"), normalise.tax_id),
    ("seller_name", ("收款方名称", "收款单位", "销售方名称", "开票单位", "开票方名称"), normalise.company_name),
    ("buyer_name", ("付款方名称", "付款单位", "购买方名称", "客户名称"), normalise.company_name),
    ("total_amount", ("合计金额(小写)", "合计(小写)", "(小写)", "小写合计", "小写"), figures),
    ("total_amount_cn", ("合计金额(大写)", "合计(大写)", "(大写)", "大写合计", "大写"), words),
    ("payee", ("收款员", "收款人"), normalise.company_name),
    ("drawer", ("开票人",), normalise.company_name),
)
# The amounts that fixed-amount forms are printed with, in yuan.
_FACES = {
    "壹": 1, "贰": 2, "伍": 5, "壹拾": 10, "拾": 10, "贰拾": 20, "伍拾": 50, "壹佰": 100, "贰佰": 200, "伍佰": 500,
    "壹仟": 1000,
}  # fmt: skip
_FACE_WORDS = re.compile(r"([壹贰伍拾佰仟]{1,2})[元圆][整正]?")
_FACE_FIGURES = re.compile(r"[¥Y]?(\d{1,4})(?:\.00)?元?", re.ASCII)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a form printed by machine shows."""
    yield from labelled(page, pieces, _FORM)


def fixed_readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a fixed-amount form shows: its amount stands alone on it, in words, and in figures with a sign or 元."""
    yield from labelled(page, pieces, _NUMBERS)
    for piece in pieces:
        text = piece.squeezed
        in_words, in_figures = _FACE_WORDS.fullmatch(text), _FACE_FIGURES.fullmatch(text)
        if in_words and in_words[1] in _FACES:
            yield reading(page, "total_amount_cn", text, [piece])
            yield reading(page, "total_amount", f"{_FACES[in_words[1]]}.00", [piece])
        elif in_figures and text[0] + text[-1] != in_figures[1][0] + in_figures[1][-1]:
            yield from _face(page, piece, int(in_figures[1]))


def _face(page: Page, piece: Piece, amount: int) -> Iterator[Reading]:
    if amount in _FACES.values():
        yield reading(page, "total_amount", f"{amount}.00", [piece])
