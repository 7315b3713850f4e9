"""机动车销售统一发票（数电纸质）: issued by the digital platform, printed on the older form."""

import re

from ingest.kinds.kind import BY_NET_AMOUNT, DIGITAL_PAPER, Kind

DIGITAL_PAPER_MOTOR = Kind(
    id="digital_paper_motor",
    zh="机动车销售统一发票（数电纸质）",
    en="motor vehicle invoice of the digital platform, on paper",
    title=re.compile(rf"(?s)\A(?=.*(?:{DIGITAL_PAPER})).*(?<!\()机动车销售统一发票"),
    qr_kind="87",
    code=re.compile(r"\d{12}", re.ASCII),
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
    only_by_title=True,
    verified_by=BY_NET_AMOUNT,
)
