"""二手车销售统一发票: the invoice of the sale of a used vehicle; its total is 车价合计."""

import re

from ingest.kinds.kind import DIGITAL_PAPER, Kind

USED_VEHICLE = Kind(
    id="used_vehicle",
    zh="二手车销售统一发票",
    en="used vehicle sales invoice",
    title=re.compile(rf"(?s)\A(?!.*(?:{DIGITAL_PAPER})).*(?<!\()二手车销售统一发票"),
    qr_kind="15",
    code=re.compile(r"0\d{9}17", re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "buyer_name", "seller_name", "total_amount"),
    paper=True,
    verified_by=("invoice_code", "invoice_number", "issue_date", "total_amount"),
)
