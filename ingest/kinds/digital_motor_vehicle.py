"""电子发票（机动车销售统一发票）: the fully digitalised invoice of the sale of a new vehicle."""

import re

from ingest.kinds.kind import BY_TOTAL, Kind

DIGITAL_MOTOR_VEHICLE = Kind(
    id="digital_motor_vehicle",
    zh="电子发票（机动车销售统一发票）",
    en="digital motor vehicle invoice",
    title=re.compile(r"电子发\w?.{0,3}机动车销售|\(机动车销售统一发票"),
    qr_kind="83",
    code=None,
    number_length=20,
    required=(
        "invoice_number",
        "issue_date",
        "buyer_name",
        "seller_name",
        "seller_tax_id",
        "amount_without_tax",
        "tax_amount",
        "total_amount",
    ),
    verified_by=BY_TOTAL,
)
