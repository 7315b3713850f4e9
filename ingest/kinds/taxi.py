"""出租汽车专用发票: the receipt of a taxi; forms and their codes are those of the provinces."""

import re

from ingest.extraction import taxi
from ingest.kinds.kind import LOCAL_CODE, Kind

TAXI = Kind(
    id="taxi",
    zh="出租汽车专用发票",
    en="taxi receipt",
    title=taxi.TITLE,
    qr_kind="",
    code=re.compile(LOCAL_CODE, re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "total_amount"),
    paper=True,
)
