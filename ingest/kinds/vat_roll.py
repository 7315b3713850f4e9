"""增值税普通发票（卷票）: the ordinary VAT invoice on a roll, 57 or 76 mm wide (国家税务总局公告 2016 年第 82 号)."""

import re

from ingest.kinds.kind import BY_CHECK_CODE, Kind

VAT_ROLL = Kind(
    id="vat_roll",
    zh="增值税普通发票（卷票）",
    en="VAT roll invoice",
    title=re.compile(r"增值税普通发票\(卷|\(卷票\)"),
    qr_kind="11",
    code=re.compile(r"0\d{9}0[67]", re.ASCII),
    number_length=8,
    required=(
        "invoice_code",
        "invoice_number",
        "issue_date",
        "check_code",
        "seller_name",
        "seller_tax_id",
        "total_amount",
    ),
    paper=True,
    verified_by=BY_CHECK_CODE,
)
