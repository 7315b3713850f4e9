"""铁路车票: the ticket on paper, for journeys until September 2025 (国家税务总局公告 2024 年第 8 号)."""

from ingest.extraction import train
from ingest.kinds.kind import Kind

TRAIN_PAPER = Kind(
    id="train_paper",
    zh="铁路车票（纸质）",
    en="railway ticket on paper",
    title=train.TITLE,
    qr_kind="",
    code=None,
    number_length=7,
    required=("invoice_number", "issue_date", "total_amount"),
    paper=True,
)
