"""All kinds: those that are read and accepted, and those that are only told apart."""

import re

from ingest.kinds.blockchain_sz import BLOCKCHAIN_SZ
from ingest.kinds.digital_air import DIGITAL_AIR
from ingest.kinds.digital_normal import DIGITAL_NORMAL
from ingest.kinds.digital_rail import DIGITAL_RAIL
from ingest.kinds.digital_special import DIGITAL_SPECIAL
from ingest.kinds.digital_toll import DIGITAL_TOLL
from ingest.kinds.fiscal_e_bill import FISCAL_E_BILL
from ingest.kinds.general_machine import GENERAL_MACHINE
from ingest.kinds.kind import Unsupported
from ingest.kinds.motor_vehicle import MOTOR_VEHICLE
from ingest.kinds.quota import QUOTA
from ingest.kinds.taxi import TAXI
from ingest.kinds.toll_electronic import TOLL_ELECTRONIC
from ingest.kinds.train_paper import TRAIN_PAPER
from ingest.kinds.used_vehicle import USED_VEHICLE
from ingest.kinds.vat_normal_electronic import VAT_NORMAL_ELECTRONIC
from ingest.kinds.vat_normal_paper import VAT_NORMAL_PAPER
from ingest.kinds.vat_roll import VAT_ROLL
from ingest.kinds.vat_special_electronic import VAT_SPECIAL_ELECTRONIC
from ingest.kinds.vat_special_paper import VAT_SPECIAL_PAPER

KINDS = (
    DIGITAL_SPECIAL,
    DIGITAL_NORMAL,
    DIGITAL_TOLL,
    DIGITAL_RAIL,
    DIGITAL_AIR,
    VAT_NORMAL_ELECTRONIC,
    VAT_SPECIAL_ELECTRONIC,
    TOLL_ELECTRONIC,
    VAT_SPECIAL_PAPER,
    VAT_NORMAL_PAPER,
    VAT_ROLL,
    MOTOR_VEHICLE,
    USED_VEHICLE,
    TAXI,
    QUOTA,
    GENERAL_MACHINE,
    BLOCKCHAIN_SZ,
    FISCAL_E_BILL,
    TRAIN_PAPER,
)
UNKNOWN = "unknown"


def _unsupported(zh: str, en: str, title: str | None, *, qr: str | None = None, code: str | None = None) -> Unsupported:
    return Unsupported(zh, en, re.compile(title) if title else None, qr, re.compile(code, re.ASCII) if code else None)


UNSUPPORTED = (
    _unsupported("货物运输业增值税专用发票", "freight VAT invoice", "货物运输业增值税", qr="02", code=r"\d{7}[27]\d0"),
    _unsupported(
        "航空运输电子客票行程单",
        "air itinerary on paper",
        r"(?<!电子客票)行程单|(?<!电子发票)(?<!电子发票\()航空运输电子客票行程单",
    ),
    _unsupported(
        "电子发票（机动车、二手车销售统一发票）",
        "digital vehicle sales invoice",
        r"电子发\w?.{0,3}(?:机动车|二手车)销售|\((?:机动车|二手车)销售统一发票",
    ),
    _unsupported("通用（机打）电子发票", "general electronic invoice", r"通用(?:机打)?电子发票"),
    _unsupported("数电纸质发票", "digital invoice on paper", r"数电(?:票|发票)号码|(?<!票据)查验平台|inv-veri"),
)
