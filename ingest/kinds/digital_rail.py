"""电子发票（铁路电子客票）: the railway ticket, since November 2024 (国家税务总局公告 2024 年第 8 号).

The railway is no party on it. The tax is stated in the data only, never on the page.
"""

import re

from ingest.kinds.kind import BY_TOTAL, TICKET_FIELDS, Kind

DIGITAL_RAIL = Kind(
    id="digital_rail",
    zh="电子发票（铁路电子客票）",
    en="digital railway ticket",
    title=re.compile(r"铁路电子客票"),
    qr_kind="51",
    code=None,
    number_length=20,
    required=TICKET_FIELDS,
    ticket=True,
    verified_by=BY_TOTAL,
)
