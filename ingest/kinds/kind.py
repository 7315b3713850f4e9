"""What a kind of invoice is: how it is told, what must be read of it, how long it is kept."""

import re
from dataclasses import dataclass

_PARTIES_AND_SUMS = (
    "issue_date",
    "seller_name",
    "seller_tax_id",
    "buyer_name",
    "buyer_tax_id",
    "amount_without_tax",
    "tax_amount",
    "total_amount",
)
# Older forms carry the name of the province, or of a city planned separately, before their kind.
PROVINCE = (
    "(?:北京|天津|河北|山西|内蒙古|辽宁|大连|吉林|黑龙江|上海|江苏|浙江|宁波|安徽|福建|厦门|江西|山东|青岛|河南|湖北|湖南|"
    "广东|深圳|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆)"
)

# Codes of the provinces' own forms. Four codes of the first electronic ordinary invoices begin alike.
LOCAL_CODE = r"(?!144031539110|131001570151|133011501118|111001571071)[12]\d{11}"

DIGITAL_FIELDS = ("invoice_number", *_PARTIES_AND_SUMS)
TICKET_FIELDS = ("invoice_number", "issue_date", "buyer_name", "buyer_tax_id", "total_amount")
LEGACY_FIELDS = ("invoice_code", "invoice_number", *_PARTIES_AND_SUMS)

# What the tax administration's verification platform (inv-veri.chinatax.gov.cn) asks for, by family of kinds.
BY_TOTAL = ("invoice_number", "issue_date", "total_amount")
BY_NET_AMOUNT = ("invoice_code", "invoice_number", "issue_date", "amount_without_tax")
BY_CHECK_CODE = ("invoice_code", "invoice_number", "issue_date", "check_code")

# 数电纸质发票 print their 20-digit number, or where to verify it, in the place of the cipher.
DIGITAL_PAPER = r"数电(?:票|发票)号码|(?<!票据)查验平台|inv-veri"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind that is read, checked and accepted.

    ``qr_kind`` is the second part of its QR code, empty where it has none of that form. ``code`` matches its invoice
    codes, None where it has none.
    ``title`` is found in the head's text without spaces, brackets half-width. ``paper``: its original is no file.
    ``ticket``: it states a fare, and its buyer may be a traveller who is not named as such. ``only_by_title``: code and
    number are those of another kind, so that they tell it only together with its title. ``by_link``: its QR code is an
    address that ends with code, number and check code, and states neither day nor sum. ``verified_by`` are the fields
    by which its issuer's platform is asked; empty where there is none to ask.
    """

    id: str
    zh: str
    en: str
    title: re.Pattern[str]
    qr_kind: str
    code: re.Pattern[str] | None
    number_length: int
    required: tuple[str, ...]
    paper: bool = False
    ticket: bool = False
    only_by_title: bool = False
    by_link: bool = False
    verified_by: tuple[str, ...] = ()
    retention_class: str = "five-years"
