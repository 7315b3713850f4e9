"""增值税专用发票: the special invoice on paper."""

import re

from ingest.kinds.kind import BY_NET_AMOUNT, DIGITAL_PAPER, LEGACY_FIELDS, PROVINCE, Kind

VAT_SPECIAL_PAPER = Kind(
    id="vat_special_paper",
    zh="增值税专用发票",
    en="special VAT invoice on paper",
    title=re.compile(rf"(?s)\A(?!.*(?:{DIGITAL_PAPER})).*{PROVINCE}增值税专用发票"),
    qr_kind="01",
    # The eighth digit was the language of the form and now tells the kind; the last, 0, means printed by computer.
    code=re.compile(r"\d{7}[15]\d0", re.ASCII),
    number_length=8,
    required=LEGACY_FIELDS,
    paper=True,
    verified_by=BY_NET_AMOUNT,
)
