"""货物运输业增值税专用发票: the carriers’ special invoice, until June 2016 (国家税务总局公告 2015 年第 99 号)."""

import re

from ingest.kinds.kind import BY_NET_AMOUNT, Kind

FREIGHT_SPECIAL = Kind(
    id="freight_special",
    zh="货物运输业增值税专用发票",
    en="freight VAT invoice",
    title=re.compile("货物运输业增值税"),
    qr_kind="02",
    code=re.compile(r"\d{7}[27]\d0", re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "amount_without_tax", "tax_amount", "total_amount"),
    paper=True,
    verified_by=BY_NET_AMOUNT,
)
