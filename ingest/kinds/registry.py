"""All kinds: those that are read and accepted, and those that are only told apart."""

import re

from ingest.kinds.digital_air import DIGITAL_AIR
from ingest.kinds.digital_normal import DIGITAL_NORMAL
from ingest.kinds.digital_rail import DIGITAL_RAIL
from ingest.kinds.digital_special import DIGITAL_SPECIAL
from ingest.kinds.kind import Unsupported
from ingest.kinds.toll_electronic import TOLL_ELECTRONIC
from ingest.kinds.vat_normal_electronic import VAT_NORMAL_ELECTRONIC
from ingest.kinds.vat_normal_paper import VAT_NORMAL_PAPER
from ingest.kinds.vat_special_electronic import VAT_SPECIAL_ELECTRONIC
from ingest.kinds.vat_special_paper import VAT_SPECIAL_PAPER

KINDS = (
    DIGITAL_SPECIAL,
    DIGITAL_NORMAL,
    DIGITAL_RAIL,
    DIGITAL_AIR,
    VAT_NORMAL_ELECTRONIC,
    VAT_SPECIAL_ELECTRONIC,
    TOLL_ELECTRONIC,
    VAT_SPECIAL_PAPER,
    VAT_NORMAL_PAPER,
)
UNKNOWN = "unknown"


def _unsupported(zh: str, en: str, title: str | None, *, qr: str | None = None, code: str | None = None) -> Unsupported:
    return Unsupported(zh, en, re.compile(title) if title else None, qr, re.compile(code, re.ASCII) if code else None)


UNSUPPORTED = (
    _unsupported("增值税普通发票（卷票）", "VAT roll invoice", r"增值税普通发票\(卷", qr="11", code=r"0\d{9}0[67]"),
    _unsupported(
        "机动车销售统一发票", "motor vehicle sales invoice", "机动车销售统一发票", qr="03", code=r"[1-9]\d{6}2\d{4}"
    ),
    _unsupported("二手车销售统一发票", "used vehicle sales invoice", "二手车销售统一发票", qr="15", code=r"0\d{9}17"),
    _unsupported("货物运输业增值税专用发票", "freight VAT invoice", "货物运输业增值税", qr="02", code=r"\d{7}[27]\d0"),
    _unsupported("铁路车票", "railway ticket on paper", r"火车票|仅供报销使用"),
    _unsupported(
        "航空运输电子客票行程单",
        "air itinerary on paper",
        r"(?<!电子客票)行程单|(?<!电子发票)(?<!电子发票\()航空运输电子客票行程单",
    ),
    _unsupported("财政票据", "fiscal bill", r"(?:票据|收据)\(电子\)|财政(?:电子)?票据|医疗.*收费票据"),
    _unsupported("出租汽车发票", "taxi receipt", r"出租(?:汽车|车)|的士|TAXI"),
    _unsupported("区块链电子普通发票", "blockchain invoice", r"(?<!税)电子普通发票"),
    _unsupported("通用机打发票", "general printed invoice", r"通用.{0,4}(?:机打|电子)|机打发票"),
    _unsupported("通用定额发票", "fixed-amount invoice", "定额发票"),
    _unsupported("数电纸质发票", "digital invoice on paper", "数电(?:票|发票)号码|查验平台|chinatax"),
)
