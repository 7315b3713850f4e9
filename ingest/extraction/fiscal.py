"""财政电子票据: bills of public bodies, of the form that the Ministry of Finance set (财综〔2018〕62 号 and later)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from archive.model.evidence import Reading, Source
from ingest.extraction import normalise
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece
from ingest.extraction.roll import words
from ingest.model.page import Page, Symbol

TITLE = re.compile(r"(?:票据|收据)\(电子\)|财政(?:电子)?票据")

_DECODED = Decimal("0.99")  # the symbol's own error correction held; nothing else checks it
_LINK = re.compile(r"https?://\S+/(\d{8})/(\d{10})/([0-9A-Za-z]{6})", re.ASCII)


def _code(text: str) -> str | None:
    return _exactly(r"\d{8}", text)


def _number(text: str) -> str | None:
    return _exactly(r"\d{10}", text)


def _check_code(text: str) -> str | None:
    return _exactly(r"[0-9A-Za-z]{6}", text)


def _exactly(pattern: str, text: str) -> str | None:
    squeezed = re.sub(r"\s", "", text)
    return squeezed if re.fullmatch(pattern, squeezed, re.ASCII) else None


def _sum(text: str) -> str | None:
    return normalise.money(text) if re.search(r"\d\.\d\d$", text.strip()) else None


_FORM: tuple[Spec, ...] = (
    ("invoice_code", ("票据代码",), _code),
    ("invoice_number", ("票据号码",), _number),
    ("check_code", ("校验码",), _check_code),
    ("issue_date", ("开票日期",), normalise.issue_date),
    ("buyer_tax_id", ("交款人统一社会信用代码", "交款人纳税人识别号"), normalise.tax_id),
    ("buyer_name", ("交款人",), normalise.company_name),
    ("seller_name", ("收款单位(章):", "收款单位(章)", "收款单位"), normalise.company_name),
    ("total_amount_cn", ("金额合计(大写)", "金额合计(大写"), words),
    ("total_amount", ("(小写)", "(小写"), _sum),
    ("reviewer", ("复核人", "复核"), normalise.company_name),
    ("payee", ("收款人",), normalise.company_name),
)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a bill shows."""
    yield from labelled(page, pieces, _FORM)


def link_readings(symbol: Symbol, page: int) -> Iterator[Reading]:
    """Code, number and check code, where the QR code's address ends with them; the address is never called."""
    found = _LINK.fullmatch(symbol.text.strip())
    if found:
        for field, value in zip(("invoice_code", "invoice_number", "check_code"), found.groups(), strict=True):
            yield Reading(field, value, Source.QR, _DECODED, page, symbol.box)
