"""航空运输电子客票行程单 on paper, for journeys until September 2025 (国家税务总局公告 2024 年第 9 号)."""

import re

from ingest.kinds.kind import Kind

AIR_PAPER = Kind(
    id="air_paper",
    zh="航空运输电子客票行程单（纸质）",
    en="air itinerary on paper",
    title=re.compile(r"(?<!电子发票)(?<!电子发票\()(?<!发票\()航空运输电子客票行程单"),
    qr_kind="",
    code=None,
    number_length=11,
    required=("invoice_number", "issue_date", "total_amount"),
    paper=True,
    ticket=True,
)
