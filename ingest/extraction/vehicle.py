"""机动车销售统一发票 and 二手车销售统一发票: a table of labels, each with its value in the cell right of it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from archive.model.evidence import Reading
from ingest.extraction import normalise
from ingest.extraction.found import reading
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece, find_labels
from ingest.extraction.roll import words
from ingest.model.page import Page

TITLE = re.compile("机动车销售统一发票")
USED_TITLE = re.compile("二手车销售统一发票")

_VIN_VALUES = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_FIGURES = re.compile(r"(?:\(?小写\)?:?)?[¥Y]?(\d[\d,]*\.\d\d)元?", re.ASCII)


def vin(text: str) -> str | None:
    """A vehicle's 17 characters, where their check digit holds (GB 16735-2019)."""
    squeezed = re.sub(r"\s", "", text).upper()
    if len(squeezed) != len(_VIN_WEIGHTS) or not set(squeezed) <= set(_VIN_VALUES):
        return None
    rest = sum(_VIN_VALUES[letter] * weight for letter, weight in zip(squeezed, _VIN_WEIGHTS, strict=True)) % 11
    return squeezed if squeezed[8] == ("X" if rest == 10 else str(rest)) else None


def _printed(text: str) -> str | None:
    """What a machine prints into a cell of codes: no Chinese, so that no label is taken for it."""
    squeezed = re.sub(r"\s", "", text)
    return squeezed if re.fullmatch(r"[0-9A-Z/\-.+]{4,}", squeezed, re.ASCII) else None


def _figures(text: str) -> str | None:
    found = _FIGURES.fullmatch(text)
    return normalise.money(found[1]) if found else None


def _described(text: str) -> str | None:
    return normalise.company_name(text)


_FORM: tuple[Spec, ...] = (
    # Labels that begin like others, and have no field of ours.
    ("", ("买方单位/个人住址", "卖方单位/个人住址"), words),
    ("invoice_code", ("发票代码", "机打代码"), normalise.invoice_code),
    ("invoice_number", ("发票号码", "机打号码"), normalise.invoice_number),
    ("machine_number", ("机器编号",), normalise.machine_number),
    ("issue_date", ("开票日期",), normalise.issue_date),
    ("buyer_name", ("购买方名称及", "购买方名称", "购货单位", "买方单位/个人"), normalise.company_name),
    ("seller_name", ("销货单位名称", "销售方名称", "卖方单位/个人"), normalise.company_name),
    (
        "tax_id",
        ("统一社会信用代码/纳税人识别号", "纳税人识别号", "统一社会信用代码"),
        normalise.tax_id,
    ),
    ("vin", ("车辆识别代号/车架号码", "车架号/车辆识别代码", "车辆识别代号", "车架号"), vin),
    ("certificate_no", ("合格证号",), _printed),
    ("engine_no", ("发动机号码",), _printed),
    ("vehicle_type", ("车辆类型",), _described),
    ("brand_model", ("厂牌型号",), _described),
    ("plate_number", ("车牌照号",), _described),
    ("registration_no", ("登记证号",), _printed),
    # Labels without a field of ours: no value reaches into their cells.
    ("", ("产地", "进口证明书号", "商检单号", "电话", "账号", "地址", "开户银行", "吨位", "限乘人数"), words),
    ("", ("完税凭证号码", "主管税务", "身份证号码", "组织机构代码", "增值税税率", "增值税", "住址", "转入地"), words),
)  # fmt: skip
# On a used vehicle's form this label is the market's; seller and buyer have one of their own.
_TAX_LABELS = ("统一社会信用代码/纳税人识别号", "纳税人识别号", "统一社会信用代码")
_USED_FORM: tuple[Spec, ...] = (
    *(("tax_id", ("单位代码/身份证号码",), normalise.tax_id) if spec[0] == "tax_id" else spec for spec in _FORM),
    ("", _TAX_LABELS, words),
)
_SUMS: tuple[tuple[str, tuple[str, ...], Callable[[str], str | None]], ...] = (
    ("total_amount_cn", ("价税合计", "车价合计"), words),
    ("total_amount", ("价税合计", "车价合计"), _figures),
    ("amount_without_tax", ("不含税价",), _figures),
    ("tax_amount", ("增值税税额", "税额"), _figures),
)
_SELLER, _BUYER = ("销货单位名称", "销售方名称", "卖方单位/个人"), "买方单位/个人"


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a new vehicle's form shows."""
    return _readings(page, pieces, _FORM)


def used_readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a used vehicle's form shows."""
    return _readings(page, pieces, _USED_FORM)


def _readings(page: Page, pieces: Sequence[Piece], form: Sequence[Spec]) -> Iterator[Reading]:
    """Tax ids above the seller's name are the buyer's."""
    sellers = [label.piece for label in find_labels(pieces, *_SELLER) if label.piece.as_label != _BUYER]
    for found in labelled(page, pieces, form):
        if found.field == "tax_id" and found.box and sellers:
            middle = (found.box.y0 + found.box.y1) / 2 * page.height
            above = middle < sellers[0].middle - 0.5 * sellers[0].height
            yield replace(found, field="buyer_tax_id" if above else "seller_tax_id")
        elif found.field and found.field != "tax_id":
            yield found
    yield from _sums(page, pieces)


def _sums(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """The one amount on the row of its label; two would leave open which is meant."""
    for field, names, value in _SUMS:
        for label in find_labels(pieces, *names)[:1]:
            place = label.piece
            row = [p for p in pieces if abs(p.middle - place.middle) < 0.8 * place.height and p.x0 > place.x0]
            right = [*row, *([label.rest] if label.rest else [])]
            found = {text: piece for piece in right if (text := value(_bare(piece.squeezed)))}
            if len(found) == 1:
                text, piece = next(iter(found.items()))
                yield reading(page, field, text, [piece])


def _bare(text: str) -> str:
    """Without what the form prints before an amount in words."""
    return text.lstrip("⊗ⓧ×X()大写:")
