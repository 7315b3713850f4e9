"""车辆通行费发票: the receipt of a toll gate on paper."""

import re

from ingest.kinds.kind import LOCAL_CODE, Kind

TOLL_PAPER = Kind(
    id="toll_paper",
    zh="车辆通行费发票（纸质）",
    en="toll receipt on paper",
    title=re.compile(r"(?<!\()(?:车辆通行费|过路费|过桥费|通行费)(?:(?!电子)\w){0,6}(?:发票|收据)(?!\()"),
    qr_kind="",
    code=re.compile(LOCAL_CODE, re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "seller_name", "total_amount"),
    paper=True,
)
