"""电子发票（普通发票）: the fully digitalised ordinary invoice."""

import re

from ingest.kinds.kind import BY_TOTAL, DIGITAL_FIELDS, Kind

DIGITAL_NORMAL = Kind(
    id="digital_normal",
    zh="电子发票（普通发票）",
    en="digital ordinary invoice",
    title=re.compile(r"(?s)\A(?!.*通行费).*电子发.{0,4}通发票"),  # under a seal; with 通行费 it is a toll invoice
    qr_kind="32",
    code=None,
    number_length=20,
    required=DIGITAL_FIELDS,
    verified_by=BY_TOTAL,
)
