"""电子发票（普通发票）: the fully digitalised ordinary invoice."""

import re

from ingest.kinds.kind import DIGITAL_FIELDS, Kind

DIGITAL_NORMAL = Kind(
    id="digital_normal",
    zh="电子发票（普通发票）",
    en="digital ordinary invoice",
    title=re.compile(r"电子发票\W{0,2}普通发票"),
    qr_kind="32",
    code=None,
    number_length=20,
    required=DIGITAL_FIELDS,
)
