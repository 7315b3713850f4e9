"""电子发票（航空运输电子客票行程单）: the air itinerary, since December 2024 (国家税务总局公告 2024 年第 9 号)."""

import re

from ingest.kinds.kind import BY_TOTAL, TICKET_FIELDS, Kind

DIGITAL_AIR = Kind(
    id="digital_air",
    zh="电子发票（航空运输电子客票行程单）",
    en="digital air itinerary",
    title=re.compile(r"电子发票\W{0,2}航空运输电子客票行程单"),
    qr_kind="61",
    code=None,
    number_length=20,
    required=TICKET_FIELDS,
    ticket=True,
    verified_by=BY_TOTAL,
)
