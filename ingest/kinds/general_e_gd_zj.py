"""通用（机打）电子发票: the electronic form of the provinces, above all Guangdong’s and Zhejiang’s."""

import re

from ingest.kinds.kind import LOCAL_CODE, Kind

GENERAL_E_GD_ZJ = Kind(
    id="general_e_gd_zj",
    zh="通用（机打）电子发票",
    en="general electronic invoice",
    title=re.compile(r"通用(?:机打)?电子发票"),
    qr_kind="",
    code=re.compile(LOCAL_CODE, re.ASCII),
    number_length=8,
    required=("invoice_code", "invoice_number", "issue_date", "seller_name", "total_amount"),
)
