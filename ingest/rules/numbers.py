"""Invoice number, code and check code: their lengths by kind, the year and the region inside them, the QR check sum."""

from collections.abc import Iterator
from datetime import date

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft
from ingest.model.qr_payload import CrcState, QrPayload

_DIGITAL = frozenset(
    {
        "digital_special", "digital_normal", "digital_toll", "digital_rail", "digital_air",
        "digital_motor_vehicle", "digital_used_vehicle",
    }
)  # fmt: skip
_CODE_LENGTHS = {
    "vat_special_paper": (10,),
    "vat_normal_paper": (10, 12),
    "vat_normal_electronic": (12,),
    "vat_special_electronic": (12,),
    "toll_electronic": (12,),
    "vat_roll": (12,),
    "motor_vehicle": (12,),
    "used_vehicle": (12,),
    "taxi": (12,),
    "quota": (12,),
    "general_machine": (12,),
    "blockchain_sz": (12,),
    "digital_paper_special": (10, 12),
    "digital_paper_normal": (10, 12),
    "digital_paper_motor": (12,),
    "digital_paper_used": (12,),
    "freight_special": (10,),
    "general_e_gd_zj": (12,),
    "bus": (12,),
    "ship": (12,),
    "toll_paper": (12,),
}
_FISCAL = "fiscal_e_bill"  # its numbers are the Ministry of Finance's, not the tax administration's
_CHECK_CODE_LENGTHS = {_FISCAL: 6, "blockchain_sz": 5}
_CHECK_CODE_LENGTH = 20

# GB/T 2260, first two digits; the cities planned separately have numbers of their own on 数电票.
_PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
}  # fmt: skip
_PLANNED_CITIES = {"91": "21", "92": "33", "93": "37", "94": "35", "95": "44"}


def number_length(draft: Draft, today: date) -> Iterator[Finding]:
    """NUMBER-LENGTH: 20 digits on 数电票, 8 on older kinds."""
    number, expected = draft.value("invoice_number"), _number_length(draft.kind)
    if number and expected and len(number) != expected:
        yield Finding(
            "NUMBER-LENGTH",
            Severity.ERROR,
            "invoice_number",
            f"发票号码 {number} 有 {len(number)} 位，该票种应为 {expected} 位。",
            f"The invoice number {number} has {len(number)} digits; this kind of invoice has {expected}.",
        )


def code_length(draft: Draft, today: date) -> Iterator[Finding]:
    """CODE-LENGTH: 10 or 12 digits by kind; 数电票 have no code."""
    code = draft.value("invoice_code")
    if code is None:
        return
    if draft.kind in _DIGITAL:
        yield _code_finding(
            f"数电票没有发票代码，却读到 {code}。", f"This kind has no invoice code, yet {code} was read."
        )
    lengths = _CODE_LENGTHS.get(draft.kind)
    if lengths and len(code) not in lengths:
        yield _code_finding(
            f"发票代码 {code} 有 {len(code)} 位，该票种应为 {' 或 '.join(map(str, lengths))} 位。",
            f"The invoice code {code} has {len(code)} digits; this kind has {' or '.join(map(str, lengths))}.",
        )


def check_code_length(draft: Draft, today: date) -> Iterator[Finding]:
    """CHECK-CODE-LENGTH: 20 digits, fewer characters on the forms that are no tax control system's."""
    code, expected = draft.value("check_code"), _CHECK_CODE_LENGTHS.get(draft.kind, _CHECK_CODE_LENGTH)
    if code and len(code) != expected:
        yield Finding(
            "CHECK-CODE-LENGTH",
            Severity.ERROR,
            "check_code",
            f"校验码 {code} 有 {len(code)} 位，应为 {expected} 位。",
            f"The check code {code} has {len(code)} digits instead of {expected}.",
        )


def number_year(draft: Draft, today: date) -> Iterator[Finding]:
    """NUMBER-YEAR: a 20-digit number begins with the year of issue (国家税务总局公告 2024 年第 11 号)."""
    number, issued = draft.value("invoice_number"), draft.value("issue_date")
    if number and len(number) == 20 and issued and number[:2] != issued[2:4]:
        yield Finding(
            "NUMBER-YEAR",
            Severity.WARNING,
            "invoice_number",
            f"发票号码 {number} 以年份 {number[:2]} 开头，与开票日期 {issued} 不符。",
            f"The invoice number {number} begins with the year {number[:2]}, unlike the issue date {issued}.",
        )


def number_region(draft: Draft, today: date) -> Iterator[Finding]:
    """NUMBER-REGION: a warning where number or code names no province, information where it is not the seller's."""
    found = _region(draft)
    if found is None:
        return
    field, text, region = found
    province = _PLANNED_CITIES.get(region, region)
    if province not in _PROVINCES:
        yield Finding(
            "NUMBER-REGION",
            Severity.WARNING,
            field,
            f"{text} 中的地区代码 {region} 不是任何省级地区的代码。",
            f"The region {region} in {text} is no province's.",
        )
    elif (sellers := _sellers_province(draft)) not in (None, province):
        yield Finding(
            "NUMBER-REGION",
            Severity.INFO,
            field,
            f"{text} 的地区（{region} {_PROVINCES[province]}）与销售方识别号的地区 {sellers} 不同。",
            f"The region {region} in {text} is not the region {sellers} in the seller's tax id.",
        )


def crc_finding(payload: QrPayload) -> Finding | None:
    """QR-CRC-MISMATCH: the code was altered or misread. No proof of forgery, so a person is asked."""
    if payload.crc_state is not CrcState.MISMATCH:
        return None
    return Finding(
        "QR-CRC-MISMATCH",
        Severity.WARNING,
        None,
        f"二维码（发票号码 {payload.invoice_number}）的校验值 {payload.crc} 与其内容不符，请对照票面核对。",
        f"The check sum {payload.crc} of the QR code (invoice {payload.invoice_number}) does not match its content; "
        "compare it with the page.",
    )


def _number_length(kind: str) -> int | None:
    if kind in _DIGITAL:
        return 20
    return 8 if kind in _CODE_LENGTHS else None


def _code_finding(zh: str, en: str) -> Finding:
    return Finding("CODE-LENGTH", Severity.ERROR, "invoice_code", zh, en)


def _region(draft: Draft) -> tuple[str, str, str] | None:
    """The field, its text and the two digits in it that name the province."""
    number, code = draft.value("invoice_number"), draft.value("invoice_code")
    if code and len(code) in (10, 12) and draft.kind != _FISCAL:
        return "invoice_code", code, code[:2] if len(code) == 10 else code[1:3]
    if number and len(number) == 20:
        return "invoice_number", number, number[2:4]
    return None


def _sellers_province(draft: Draft) -> str | None:
    tax_id = draft.value("seller_tax_id") or ""
    province = {18: tax_id[2:4], 15: tax_id[:2]}.get(len(tax_id))
    return province if province in _PROVINCES else None
