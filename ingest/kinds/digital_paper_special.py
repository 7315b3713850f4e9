"""增值税专用发票（数电纸质）: issued by the digital platform, printed on the older form with a code of its own."""

import re

from ingest.kinds.kind import BY_NET_AMOUNT, DIGITAL_PAPER, LEGACY_FIELDS, Kind

DIGITAL_PAPER_SPECIAL = Kind(
    id="digital_paper_special",
    zh="增值税专用发票（数电纸质）",
    en="special VAT invoice of the digital platform, on paper",
    title=re.compile(rf"(?s)\A(?=.*(?:{DIGITAL_PAPER})).*增值税专用发票"),
    qr_kind="85",
    code=re.compile(r"\d{10}|0\d{11}", re.ASCII),
    number_length=8,
    required=LEGACY_FIELDS,
    paper=True,
    only_by_title=True,
    verified_by=BY_NET_AMOUNT,
)
