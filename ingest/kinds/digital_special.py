"""电子发票（增值税专用发票）: the fully digitalised special invoice."""

import re

from ingest.kinds.kind import BY_TOTAL, DIGITAL_FIELDS, Kind

DIGITAL_SPECIAL = Kind(
    id="digital_special",
    zh="电子发票（增值税专用发票）",
    en="digital special VAT invoice",
    title=re.compile(r"电子发.{0,6}专用发票"),  # its middle lies under a seal
    qr_kind="31",
    code=None,
    number_length=20,
    required=DIGITAL_FIELDS,
    verified_by=BY_TOTAL,
)
