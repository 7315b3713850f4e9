"""二手车销售统一发票（数电纸质）: issued by the digital platform, printed on the older form."""

import re

from ingest.kinds.kind import DIGITAL_PAPER, Kind

DIGITAL_PAPER_USED = Kind(
    id="digital_paper_used",
    zh="二手车销售统一发票（数电纸质）",
    en="used vehicle invoice of the digital platform, on paper",
    title=re.compile(rf"(?s)\A(?=.*(?:{DIGITAL_PAPER})).*(?<!\()二手车销售统一发票"),
    qr_kind="88",
    code=re.compile(r"\d{12}", re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "buyer_name", "seller_name", "total_amount"),
    paper=True,
    only_by_title=True,
    verified_by=("invoice_code", "invoice_number", "issue_date", "total_amount"),
)
