"""水路客运发票: the ticket of a ship or ferry."""

import re

from ingest.kinds.kind import LOCAL_CODE, Kind

SHIP = Kind(
    id="ship",
    zh="水路客运发票",
    en="ship ticket",
    title=re.compile(r"(?:水路|轮船|客轮|轮渡|船舶)\w{0,4}(?:客票|船票|客运\w{0,4}(?:发票|票))"),
    qr_kind="",
    code=re.compile(LOCAL_CODE, re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "seller_name", "total_amount"),
    paper=True,
)
