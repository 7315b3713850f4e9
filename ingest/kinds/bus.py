"""道路客运发票: the ticket of a coach."""

import re

from ingest.kinds.kind import LOCAL_CODE, Kind

BUS = Kind(
    id="bus",
    zh="道路客运发票",
    en="coach ticket",
    title=re.compile(r"(?:公路|道路|(?<!出租)汽车|长途)\w{0,4}(?:客票|客运\w{0,4}(?:发票|票))"),
    qr_kind="",
    code=re.compile(LOCAL_CODE, re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "seller_name", "total_amount"),
    paper=True,
)
