"""增值税电子专用发票: the electronic special invoice of the tax control systems (2020 to 2025)."""

import re

from ingest.kinds.kind import BY_NET_AMOUNT, LEGACY_FIELDS, Kind

VAT_SPECIAL_ELECTRONIC = Kind(
    id="vat_special_electronic",
    zh="增值税电子专用发票",
    en="electronic special VAT invoice",
    title=re.compile(r"增值税电子专用发票"),
    qr_kind="20",
    code=re.compile(r"0\d{9}13", re.ASCII),  # 国家税务总局公告 2020 年第 22 号
    number_length=8,
    required=(*LEGACY_FIELDS, "check_code"),
    verified_by=BY_NET_AMOUNT,
)
