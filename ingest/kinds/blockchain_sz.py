"""深圳电子普通发票: the invoice on the blockchain, issued in Shenzhen from 2018 on."""

import re

from ingest.extraction import blockchain
from ingest.kinds.kind import Kind

BLOCKCHAIN_SZ = Kind(
    id="blockchain_sz",
    zh="深圳电子普通发票（区块链）",
    en="Shenzhen blockchain invoice",
    title=blockchain.TITLE,
    qr_kind="",
    code=re.compile(r"(?!144031539110)144\d{9}", re.ASCII),
    number_length=8,
    required=(
        "invoice_code",
        "invoice_number",
        "issue_date",
        "check_code",
        "seller_name",
        "seller_tax_id",
        "amount_without_tax",
        "total_amount",
    ),
    verified_by=("invoice_code", "invoice_number", "issue_date", "amount_without_tax", "check_code"),
)
