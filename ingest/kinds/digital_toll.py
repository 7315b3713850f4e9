"""电子发票（普通发票） with 通行费 on its upper left: the digital invoice for road tolls."""

import re

from ingest.kinds.kind import BY_TOTAL, DIGITAL_FIELDS, Kind

DIGITAL_TOLL = Kind(
    id="digital_toll",
    zh="电子发票（通行费）",
    en="digital toll invoice",
    title=re.compile(r"(?s)\A(?=.*通行费).*电子发.{0,4}通发票"),  # its middle lies under a seal
    qr_kind="32",
    code=None,
    number_length=20,
    required=DIGITAL_FIELDS,
    verified_by=BY_TOTAL,
)
