"""What an invoice says of itself beside its sums: red-letter, issued for another, taxed on a margin, for a business
whose particulars the law asks for.

What is lacking is a warning, since what was not read may still be printed; a contradiction is an error.
"""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft
from ingest.model.field_names import name_of
from ingest.rules import rates

_FEN = Decimal("0.01")
_DIFFERENTIAL = ("***", "")
_MARGIN_RATES = ("3%", "5%", "6%", "9%", "10%", "11%", "13%")
_ORGAN = "税务"
_SPECIAL = frozenset(
    {"digital_special", "vat_special_paper", "vat_special_electronic", "digital_paper_special", "freight_special"}
)
_REGULATION_ENDS = date(2025, 12, 31)  # of 增值税暂行条例, which 增值税法 replaces
_NAMED = ("original_invoice_number", "red_notice_no")
# By name of business: what the invoice has to state.
_ASKED = {
    "建筑服务": ("construction_place", "construction_project"),
    "货物运输": ("loading_place", "unloading_place", "transport_no", "goods_carried"),
    "不动产": ("property_address",),
}


def red_original(draft: Draft, today: date) -> Iterator[Finding]:
    """RED-ORIGINAL: a red-letter invoice names the invoice it takes back, or the notice that allows it.

    国家税务总局公告 2024 年第 11 号 (数电票: 确认单); 国家税务总局公告 2016 年第 47 号 (信息表).
    """
    total = draft.money("total_amount")
    if total is not None and total < 0 and not any(draft.value(field) for field in _NAMED):
        yield _finding(
            "RED-ORIGINAL",
            Severity.WARNING,
            "remarks",
            "负数发票未注明所红冲的蓝字发票号码或红字信息编号，请核对备注。",
            "This negative invoice names neither the invoice it takes back nor its notice; see the remarks.",
        )


def red_sign(draft: Draft, today: date) -> Iterator[Finding]:
    """RED-SIGN: what calls itself red-letter 红字 is negative."""
    total = draft.money("total_amount")
    if draft.value("is_red") and total is not None and total > 0:
        yield _finding(
            "RED-SIGN",
            Severity.ERROR,
            "total_amount",
            f"发票标明为红字，价税合计却为正数 {total}。",
            f"The invoice says that it is red-letter, yet its total {total} is positive.",
        )


def red_itself(draft: Draft, today: date) -> Iterator[Finding]:
    """RED-ITSELF: no invoice takes itself back."""
    original, number = draft.value("original_invoice_number"), draft.value("invoice_number")
    codes = {draft.value("original_invoice_code") or draft.value("invoice_code"), draft.value("invoice_code")}
    if original and original == number and len(codes) == 1:
        yield _finding(
            "RED-ITSELF",
            Severity.ERROR,
            "original_invoice_number",
            f"备注中被红冲的发票号码 {original} 就是本发票的号码。",
            f"The invoice {original} that the remarks take back is this one.",
        )


def margin_tax(draft: Draft, today: date) -> Iterator[Finding]:
    """MARGIN-TAX: 差额开票 taxes the total less the deduction; no line states the rate.

    国家税务总局公告 2016 年第 23 号, 第四条 (二).
    """
    total, tax, deduction = draft.money("total_amount"), draft.money("tax_amount"), draft.money("deduction")
    starred = bool(draft.items) and all((item.tax_rate or "") in _DIFFERENTIAL for item in draft.items)
    if total is None or tax is None or deduction is None or not starred:
        return
    margin = abs(total) - deduction
    dues = {rate: _included(margin, rate) for rate in _MARGIN_RATES}
    if margin < 0 or all(abs(abs(tax) - due) > _FEN for due in dues.values()):
        yield _finding(
            "MARGIN-TAX",
            Severity.WARNING,
            "tax_amount",
            f"差额征税：价税合计 {total} 扣除 {deduction} 后，税额 {tax} 与任何税率都不符。",
            f"Margin scheme: no rate makes the tax {tax} of the total {total} less the deduction {deduction}.",
        )


def agency_named(draft: Draft, today: date) -> Iterator[Finding]:
    """AGENCY-PRINCIPAL: what a tax bureau issues for a seller tells for whom (国税发〔2004〕153号)."""
    seller = draft.value("seller_name") or ""
    if draft.value("is_agency_issued") and _ORGAN in seller and not draft.value("principal_name"):
        yield _finding(
            "AGENCY-PRINCIPAL",
            Severity.WARNING,
            "remarks",
            f"由{seller}代开，但未读出代开企业名称，请核对备注。",
            "A tax bureau issued this for another seller, whose name was not read; see the remarks.",
        )


def business_told(draft: Draft, today: date) -> Iterator[Finding]:
    """BUSINESS-INCOMPLETE: construction states its place and project, property its address (国家税务总局公告 2016 年第
    23 号, 第四条), transport of goods its route, vehicle and goods (国家税务总局公告 2015 年第 99 号)."""
    business = draft.value("special_business") or ""
    asked = next((fields for name, fields in _ASKED.items() if business.startswith(name)), ())
    lacking = [name_of(field) for field in asked if not draft.value(field)]
    if lacking:
        zh, en = "、".join(zh for zh, _ in lacking), ", ".join(en for _, en in lacking)
        yield _finding(
            "BUSINESS-INCOMPLETE",
            Severity.WARNING,
            "special_business",
            f"{business}发票应注明的内容未读出：{zh}。",
            f"An invoice of this business must state what was not read: {en}.",
        )


def special_exempt(draft: Draft, today: date) -> Iterator[Finding]:
    """SPECIAL-EXEMPT: no special invoice for what is exempt (增值税暂行条例, 第二十一条 (二))."""
    exempt = [item.name for item in draft.items if item.tax_rate in rates.EXEMPT]
    if _is_regulated(draft) and exempt:
        yield _finding(
            "SPECIAL-EXEMPT",
            Severity.WARNING,
            "items",
            f"专用发票含免税或不征税的明细：{exempt[0]}。",
            f"A special invoice has an exempt or untaxed line: {exempt[0]}.",
        )


def special_person(draft: Draft, today: date) -> Iterator[Finding]:
    """SPECIAL-PERSON: no special invoice for a consumer (增值税暂行条例, 第二十一条 (一))."""
    if _is_regulated(draft) and draft.value("buyer_name") == "个人":
        yield _finding(
            "SPECIAL-PERSON",
            Severity.WARNING,
            "buyer_name",
            "专用发票的购买方是个人。",
            "The buyer of this special invoice is a person.",
        )


def _is_regulated(draft: Draft) -> bool:
    issued = draft.value("issue_date")
    return draft.kind in _SPECIAL and issued is not None and date.fromisoformat(issued) <= _REGULATION_ENDS


def _included(gross: Decimal, rate: str) -> Decimal:
    """The tax that an amount includes."""
    share = rates.fraction(rate) or Decimal(0)
    return (gross / (1 + share) * share).quantize(_FEN, ROUND_HALF_UP)


def _finding(code: str, severity: Severity, field: str, zh: str, en: str) -> Finding:
    return Finding(code, severity, field, zh, en)
