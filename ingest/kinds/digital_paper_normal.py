"""增值税普通发票（数电纸质）: issued by the digital platform, printed on the older form with a code of its own."""

import re

from ingest.kinds.kind import BY_CHECK_CODE, DIGITAL_PAPER, LEGACY_FIELDS, Kind

DIGITAL_PAPER_NORMAL = Kind(
    id="digital_paper_normal",
    zh="增值税普通发票（数电纸质）",
    en="ordinary VAT invoice of the digital platform, on paper",
    title=re.compile(rf"(?s)\A(?=.*(?:{DIGITAL_PAPER})).*增值税普通发票"),
    qr_kind="86",
    code=re.compile(r"\d{10}|0\d{11}", re.ASCII),
    number_length=8,
    required=(*LEGACY_FIELDS, "check_code"),
    paper=True,
    only_by_title=True,
    verified_by=BY_CHECK_CODE,
)
