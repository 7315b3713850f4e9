"""增值税电子普通发票: the electronic ordinary invoice of the tax control systems (2015 to 2025)."""

import re

from ingest.kinds.kind import BY_CHECK_CODE, LEGACY_FIELDS, Kind

# Before the kind had a code of its own, four provinces issued it under these (国家税务总局公告 2015 年第 84 号).
_FIRST_CODES = "144031539110|131001570151|133011501118|111001571071"

VAT_NORMAL_ELECTRONIC = Kind(
    id="vat_normal_electronic",
    zh="增值税电子普通发票",
    en="electronic ordinary VAT invoice",
    title=re.compile(r"增值税电子普通发票"),
    qr_kind="10",
    code=re.compile(rf"0\d{{9}}11|{_FIRST_CODES}", re.ASCII),
    number_length=8,
    required=(*LEGACY_FIELDS, "check_code"),
    verified_by=BY_CHECK_CODE,
)
