"""通用定额发票: an invoice of a fixed amount. It names neither buyer nor day, and the seller only by its seal."""

import re

from ingest.extraction import machine
from ingest.kinds.kind import LOCAL_CODE, Kind

QUOTA = Kind(
    id="quota",
    zh="通用定额发票",
    en="fixed-amount invoice",
    title=machine.FIXED_TITLE,
    qr_kind="",
    code=re.compile(LOCAL_CODE, re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "total_amount"),
    paper=True,
)
