"""Several readings of a field → the one to believe, how surely, and what contradicts it.

Text layer, OCR and QR code are independent of each other: where two of them agree, both would have to err in the same
way. Where they disagree, a person looks, except that a QR code whose check sum holds outweighs an OCR reading that is
itself unsure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from archive.model.evidence import Finding, Reading, Severity, Source
from ingest.extraction import normalise

_UNSURE = Decimal("0.9")  # an OCR reading with a character below this may be overruled
_CERTAIN = Decimal("0.9999")
_NAMES = frozenset({"buyer_name", "seller_name"})
_COMPARED = frozenset(
    {
        "invoice_number", "invoice_code", "issue_date", "check_code", "machine_number",
        "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id",
        "amount_without_tax", "tax_amount", "total_amount", "total_amount_cn",
    }
)  # fmt: skip
_ZH = {
    "invoice_number": "发票号码",
    "invoice_code": "发票代码",
    "issue_date": "开票日期",
    "check_code": "校验码",
    "machine_number": "机器编号",
    "buyer_name": "购买方名称",
    "buyer_tax_id": "购买方纳税人识别号",
    "seller_name": "销售方名称",
    "seller_tax_id": "销售方纳税人识别号",
    "amount_without_tax": "合计金额",
    "tax_amount": "合计税额",
    "total_amount": "价税合计",
    "total_amount_cn": "价税合计（大写）",
    "buyer_address_phone": "购买方地址、电话",
    "buyer_bank_account": "购买方开户行及账号",
    "seller_address_phone": "销售方地址、电话",
    "seller_bank_account": "销售方开户行及账号",
    "payee": "收款人",
    "reviewer": "复核人",
    "drawer": "开票人",
    "remarks": "备注",
    "plate_number": "车牌号",
    "boarding_time": "上车时间",
    "alighting_time": "下车时间",
    "mileage": "里程（公里）",
    "departure": "出发地",
    "destination": "到达地",
    "carrier_no": "车次/航班",
    "departure_time": "出发时间",
    "seat_class": "席别",
    "passenger_name": "旅客姓名",
    "passenger_id_no": "旅客证件号",
    "vin": "车辆识别代号",
    "certificate_no": "合格证号",
    "engine_no": "发动机号",
    "vehicle_type": "车辆类型",
    "brand_model": "厂牌型号",
    "registration_no": "登记证号",
    "name": "名称",
    "spec": "规格型号",
    "unit": "单位",
    "quantity": "数量",
    "unit_price": "单价",
    "amount": "金额",
    "tax_rate": "税率",
}


def reconcile(readings: Sequence[Reading]) -> tuple[dict[str, Reading], tuple[Finding, ...]]:
    """The chosen reading of each field, in the order in which fields were first read, and FIELD-CONFLICT findings.

    Fields that nothing can confirm, such as remarks, are left unchosen where OCR is unsure of them.
    """
    chosen: dict[str, Reading] = {}
    findings = []
    for field in dict.fromkeys(reading.field for reading in readings):
        own = [reading for reading in readings if reading.field == field]
        best = _chosen(own)
        if field in _COMPARED or not _is_unsure(best):
            chosen[field] = best
        if field in _COMPARED and _is_open(own, best):
            findings.append(_conflict(field, own))
    return chosen, tuple(findings)


def name_of(field: str) -> tuple[str, str]:
    """A field's name for people, Chinese and English."""
    return _ZH.get(field, field), field.replace("_", " ")


def _chosen(readings: Sequence[Reading]) -> Reading:
    """A printed reading that the QR code confirms, else the QR code where it outweighs the print, else the print."""
    printed = [reading for reading in readings if reading.source is not Source.QR]
    scanned = [reading for reading in readings if reading.source is Source.QR]
    if not printed:
        return max(scanned, key=lambda reading: reading.confidence)
    confirmed = [reading for reading in printed if any(_same(reading, other) for other in scanned)]
    if confirmed:
        best = max(confirmed, key=lambda reading: reading.confidence)
        return replace(best, confidence=_together(best, *(other for other in scanned if _same(best, other))))
    if scanned and _outweighs(scanned, printed):
        return scanned[0]
    return max(printed, key=lambda reading: reading.confidence)


def _together(*agreeing: Reading) -> Decimal:
    """The confidence in a value that independent sources agree on."""
    doubt = Decimal(1)
    for reading in {reading.source: reading for reading in agreeing}.values():
        doubt *= 1 - reading.confidence
    return min(_CERTAIN, 1 - doubt)


def _is_open(readings: Sequence[Reading], chosen: Reading) -> bool:
    """Whether a reading contradicts the chosen one and nothing settles it.

    A source may print a field in several places; one of them that another source confirms settles the others. A source
    of which no place agrees is never outvoted: data that differs from what the page shows may have been tampered with.
    Two QR codes that differ are two invoices.
    """
    others = [reading for reading in readings if not _same(reading, chosen)]
    if not others:
        return False
    if chosen.source is Source.QR and all(reading.source is not Source.QR for reading in others):
        return not _outweighs([chosen], others)
    agreeing = {reading.source for reading in readings if _same(reading, chosen)}
    dissenting = {reading.source for reading in others} - agreeing
    return agreeing == {chosen.source} or bool(dissenting) or any(reading.source is Source.QR for reading in others)


def _outweighs(scanned: Sequence[Reading], printed: Sequence[Reading]) -> bool:
    """Whether one QR code with a matching check sum stands against unsure OCR readings only."""
    return (
        len({reading.value for reading in scanned}) == 1
        and scanned[0].confidence >= _CERTAIN
        and all(_is_unsure(reading) for reading in printed)
    )


def _is_unsure(reading: Reading) -> bool:
    return reading.source is Source.OCR and reading.confidence < _UNSURE


def _same(a: Reading, b: Reading) -> bool:
    if a.field in _NAMES:
        return normalise.same_name(a.value, b.value)
    if a.field == "total_amount_cn":
        return normalise.same_words(a.value, b.value)
    return a.value == b.value


def _conflict(field: str, readings: Iterable[Reading]) -> Finding:
    values = " / ".join(dict.fromkeys(f"{reading.value} ({reading.source})" for reading in readings))
    zh, en = name_of(field)
    return Finding(
        "FIELD-CONFLICT",
        Severity.ERROR,
        field,
        f"{zh}的几处读数不一致：{values}。请对照票面确认。",
        f"The readings of the {en} differ: {values}. Compare them with the page.",
    )
