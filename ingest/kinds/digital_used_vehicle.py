"""电子发票（二手车销售统一发票）: the fully digitalised invoice of the sale of a used vehicle."""

import re

from ingest.kinds.kind import BY_TOTAL, Kind

DIGITAL_USED_VEHICLE = Kind(
    id="digital_used_vehicle",
    zh="电子发票（二手车销售统一发票）",
    en="digital used vehicle invoice",
    title=re.compile(r"电子发\w?.{0,3}二手车销售|\(二手车销售统一发票"),
    qr_kind="84",
    code=None,
    number_length=20,
    required=("invoice_number", "issue_date", "buyer_name", "seller_name", "total_amount"),
    verified_by=BY_TOTAL,
)
