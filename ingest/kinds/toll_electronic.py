"""通行费电子发票: the electronic ordinary invoice for road tolls, with 通行费 on its upper left.

Title and QR code are those of the electronic ordinary invoice; the last digits of its code tell it apart.
"""

import re

from ingest.kinds.kind import BY_CHECK_CODE, LEGACY_FIELDS, Kind

TOLL_ELECTRONIC = Kind(
    id="toll_electronic",
    zh="通行费电子发票",
    en="electronic toll invoice",
    title=re.compile(r"增值税电子普通发票"),
    qr_kind="10",
    code=re.compile(r"0\d{9}12", re.ASCII),
    number_length=8,
    required=(*LEGACY_FIELDS, "check_code"),
    verified_by=BY_CHECK_CODE,
)
