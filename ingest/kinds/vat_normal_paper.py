"""增值税普通发票: the ordinary invoice on paper, in sheets."""

import re

from ingest.kinds.kind import BY_CHECK_CODE, DIGITAL_PAPER, LEGACY_FIELDS, PROVINCE, Kind

VAT_NORMAL_PAPER = Kind(
    id="vat_normal_paper",
    zh="增值税普通发票",
    en="ordinary VAT invoice on paper",
    title=re.compile(rf"(?s)\A(?!.*(?:{DIGITAL_PAPER})).*{PROVINCE}增值税普通发票(?!\(卷)"),
    qr_kind="04",
    code=re.compile(r"\d{7}[36]\d0|0\d{9}0[45]", re.ASCII),
    number_length=8,
    required=(*LEGACY_FIELDS, "check_code"),
    paper=True,
    verified_by=BY_CHECK_CODE,
)
