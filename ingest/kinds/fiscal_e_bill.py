"""财政电子票据: the bill of a public body; the payer is its buyer, the collecting unit its seller."""

import re

from ingest.extraction import fiscal
from ingest.kinds.kind import Kind

FISCAL_E_BILL = Kind(
    id="fiscal_e_bill",
    zh="财政电子票据",
    en="fiscal e-bill",
    title=fiscal.TITLE,
    qr_kind="",
    code=re.compile(r"\d{8}", re.ASCII),
    number_length=10,
    required=(
        "invoice_code",
        "invoice_number",
        "check_code",
        "issue_date",
        "buyer_name",
        "seller_name",
        "total_amount",
    ),
    by_link=True,
    verified_by=("invoice_code", "invoice_number", "check_code", "issue_date", "total_amount"),  # pjcy.mof.gov.cn
)
