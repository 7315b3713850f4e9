"""增值税普通发票（卷票）: a narrow slip, label left and value right, one field a line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.model.evidence import Reading
from ingest.extraction import normalise
from ingest.extraction.labelled import Spec, labelled
from ingest.extraction.layout import Piece, find_labels
from ingest.model.page import Page

TITLE = re.compile(r"增值税普通发票\(卷|\(卷票\)")

_WORDS = re.compile(r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正]{2,}")


def words(text: str) -> str | None:
    """An amount in words."""
    squeezed = re.sub(r"\s", "", text)
    return squeezed if _WORDS.fullmatch(squeezed) else None


def figures(text: str) -> str | None:
    """An amount with its sign and two decimals."""
    return normalise.money(text) if re.search(r"^\s*[¥Y].*[.,]\s?\d\d$", text) else None


_HEAD: tuple[Spec, ...] = (
    ("invoice_code", ("发票代码",), normalise.invoice_code),
    ("invoice_number", ("发票号码",), normalise.invoice_number),
    ("machine_number", ("机器编号",), normalise.machine_number),
    ("issue_date", ("开票日期",), normalise.issue_date),
    ("payee", ("收款员", "收款人"), normalise.company_name),
    ("total_amount", ("合计金额(小写)", "合计金额(小写"), figures),
    ("total_amount_cn", ("合计金额(大写)", "合计金额(大写"), words),
    ("check_code", ("校验码",), normalise.check_code),
    ("seller_name", ("销售方名称", "销货方名称"), normalise.company_name),
    ("buyer_name", ("购买方名称", "购货方名称"), normalise.company_name),
    ("tax_id", ("纳税人识别号", "统一社会信用代码"), normalise.tax_id),
)


def readings(page: Page, pieces: Sequence[Piece]) -> Iterator[Reading]:
    """What a slip shows. A tax id belongs to the party whose name stands next above it."""
    for found in labelled(page, pieces, _HEAD):
        if found.field != "tax_id":
            yield found
        elif party := _party_above(found, page, pieces):
            yield replace(found, field=f"{party}_tax_id")


def _party_above(tax_id: Reading, page: Page, pieces: Sequence[Piece]) -> str | None:
    names = (("seller", ("销售方名称", "销货方名称")), ("buyer", ("购买方名称", "购货方名称")))
    labels = [(label.piece.middle, party) for party, own in names for label in find_labels(pieces, *own)]
    middle = (tax_id.box.y0 + tax_id.box.y1) / 2 * page.height if tax_id.box else 0.0
    return max((label for label in labels if label[0] < middle), default=(0.0, None))[1]
