"""通用机打发票: the invoice of the provinces that is printed by machine, for those who issue no VAT invoices."""

import re

from ingest.kinds.kind import LOCAL_CODE, Kind

GENERAL_MACHINE = Kind(
    id="general_machine",
    zh="通用机打发票",
    en="general printed invoice",
    title=re.compile(r"通用机打发票(?!.{0,6}出租)"),
    qr_kind="",
    code=re.compile(LOCAL_CODE, re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "seller_name", "total_amount"),
    paper=True,
)
