"""机动车销售统一发票: the invoice of the sale of a new vehicle."""

import re

from ingest.kinds.kind import BY_NET_AMOUNT, DIGITAL_PAPER, Kind

MOTOR_VEHICLE = Kind(
    id="motor_vehicle",
    zh="机动车销售统一发票",
    en="motor vehicle sales invoice",
    title=re.compile(rf"(?s)\A(?!.*(?:{DIGITAL_PAPER})).*(?<!\()机动车销售统一发票"),
    qr_kind="03",
    code=re.compile(r"[1-9]\d{6}2\d{4}", re.ASCII),
    number_length=8,
    required=(
        "invoice_code",
        "invoice_number",
        "issue_date",
        "buyer_name",
        "seller_name",
        "seller_tax_id",
        "amount_without_tax",
        "tax_amount",
        "total_amount",
    ),
    paper=True,
    verified_by=BY_NET_AMOUNT,
)
