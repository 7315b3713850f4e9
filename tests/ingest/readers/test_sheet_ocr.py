"""A sheet of slips, some of them on their side: each is read upright, with boxes where the sheet shows it."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from archive.model.evidence import Box
from ingest.model.draft import Draft
from ingest.pipeline import examine
from ingest.readers.image import ImageReader
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.ocr.raster import picture_reader
from ingest.readers.qr_code import find_symbols

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")  # Debian's fonts-wqy-zenhei
TODAY = date(2026, 11, 20)
SHIFT, STEP = 20, 46  # the meter prints that much below its lines


def slip(number: str, fare: str) -> Image.Image:
    """A taxi slip of 460 by 960 pixels."""
    picture = Image.new("RGB", (460, 960), (250, 250, 246))
    draw = ImageDraw.Draw(picture)
    form = (
        "北京市出租汽车专用发票", "发票联", "发票代码 111002670119", f"发票号码 {number}", "投诉电话:12328",
        "单位名称:北京云杉出租汽车有限公司", "机打发票 手写无效",
    )  # fmt: skip
    labels = ("车号:", "证号:", "日期:", "上车:", "下车:", "单价:", "里程:", "等候:", "金额:")
    printed = (
        "BTT1234",
        "900012345",
        "2026年01月05日",
        "09:15",
        "09:48",
        "2.70元",
        "12.40KM",
        "00:03:12",
        f"¥{fare}元",
    )
    for row, text in enumerate(form):
        draw.text((30, 30 + 56 * row), text, fill=(110, 60, 40), font=ImageFont.truetype(str(FONT), 24 if row else 34))
    for row, (label, text) in enumerate(zip(labels, printed, strict=True)):
        draw.text((60, 460 + STEP * row), label, fill=(110, 60, 40), font=ImageFont.truetype(str(FONT), 25))
        draw.text((215, 460 + STEP * row + SHIFT), text, fill=(30, 30, 90), font=ImageFont.truetype(str(FONT), 25))
    return picture


SLIPS = {"00123450": "46.50", "00123451": "38.00", "00123452": "120.80", "00123453": "29.90"}


@pytest.fixture(scope="module")
def drafts() -> tuple[Draft, ...]:
    """Two slips upright in the upper row, one turned to each side in the lower one."""
    sheet = Image.new("RGB", (2100, 1700), "white")
    first, second, third, fourth = (slip(number, fare) for number, fare in SLIPS.items())
    sheet.paste(first, (60, 60))
    sheet.paste(second, (620, 60))
    sheet.paste(third.rotate(90, expand=True), (60, 1160))
    sheet.paste(fourth.rotate(270, expand=True), (1100, 1160))
    content = BytesIO()
    sheet.save(content, "PNG")
    reader = ImageReader(picture_reader(RapidEngine(1), find_symbols))
    found = examine(content.getvalue(), [reader], lambda _number, _picture: None, TODAY)
    assert found.page_count == 1
    return found.drafts


def test_each_slip_of_a_sheet_is_a_draft_of_its_own(drafts: tuple[Draft, ...]) -> None:
    assert [(draft.kind, draft.pages) for draft in drafts] == [("taxi", (1,))] * len(SLIPS)
    assert {draft.value("invoice_number"): draft.value("total_amount") for draft in drafts} == SLIPS
    assert {draft.value("issue_date") for draft in drafts} == {"2026-01-05"}
    assert {draft.value("seller_name") for draft in drafts} == {"北京云杉出租汽车有限公司"}


def test_boxes_lie_where_the_sheet_shows_them(drafts: tuple[Draft, ...]) -> None:
    boxes = {draft.value("invoice_number"): draft.fields["invoice_number"].box for draft in drafts}
    # In a slip the number stands in the fourth row; turned to the left it runs upwards, near the slip's left edge.
    assert lies(boxes["00123450"], 60 + 130, 60 + 195, 60 + 260, 60 + 235)
    assert lies(boxes["00123451"], 620 + 130, 60 + 195, 620 + 260, 60 + 235)
    assert lies(boxes["00123452"], 60 + 195, 1160 + 200, 60 + 235, 1160 + 330)
    assert lies(boxes["00123453"], 1100 + 725, 1160 + 130, 1100 + 765, 1160 + 260)


def lies(box: Box | None, x0: float, y0: float, x1: float, y1: float) -> bool:
    """Whether a box, in fractions of the sheet, has its middle in these pixels and is no more than twice as large."""
    assert box is not None
    across, down = (box.x0 + box.x1) / 2 * 2100, (box.y0 + box.y1) / 2 * 1700
    size = ((box.x1 - box.x0) * 2100, (box.y1 - box.y0) * 1700)
    return x0 <= across <= x1 and y0 <= down <= y1 and size[0] <= 2 * (x1 - x0) and size[1] <= 2 * (y1 - y0)
