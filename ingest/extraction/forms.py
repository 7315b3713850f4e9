"""Forms that are not set like VAT invoices: which one a page shows, and what it says."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive.model.evidence import Reading
from ingest.extraction import air, blockchain, fiscal, goods_list, machine, rail, roll, taxi, train, vehicle
from ingest.extraction.items import items
from ingest.extraction.layout import Piece
from ingest.model.draft import Item
from ingest.model.page import Page

_ENOUGH_MARKS = 4


@dataclass(frozen=True, slots=True)
class Form:
    """``title`` is found in the head, or anywhere on the page where the form has none; ``but_not`` rules it out.
    ``marks`` are labels of which four tell the form where its title is illegible; ``name`` is then taken for the title.
    ``lines`` reads its table of goods, if it has one."""

    title: re.Pattern[str]
    readings: Callable[[Page, Sequence[Piece]], Iterator[Reading]]
    anywhere: bool = False
    but_not: re.Pattern[str] | None = None
    lines: Callable[[Sequence[Piece]], tuple[Item, ...]] | None = None
    marks: tuple[str, ...] = ()
    name: str | None = None

    def is_marked(self, text: str) -> bool:
        return sum(mark in text for mark in self.marks) >= _ENOUGH_MARKS


# In this order: the name of a seller may hold another form's word.
FORMS = (
    Form(goods_list.TITLE, goods_list.readings, lines=items, marks=goods_list.MARKS),
    Form(rail.TITLE, rail.readings),
    Form(air.TITLE, air.readings),
    Form(roll.TITLE, roll.readings),
    Form(fiscal.TITLE, fiscal.readings, lines=fiscal.lines),
    Form(
        vehicle.USED_TITLE,
        vehicle.used_readings,
        marks=("买方单位/个人", "卖方单位/个人", "车牌照号", "登记证号", "转入地", "车价合计"),
        name="二手车销售统一发票",
    ),
    Form(
        vehicle.TITLE,
        vehicle.readings,
        marks=("合格证号", "厂牌型号", "发动机号码", "销货单位名称", "不含税价", "限乘人数", "商检单号"),
        name="机动车销售统一发票",
    ),
    Form(
        taxi.TITLE,
        taxi.readings,
        marks=("车号", "上车", "下车", "里程", "等候", "单价"),
        name="出租汽车专用发票",
    ),
    Form(machine.FIXED_TITLE, machine.fixed_readings),
    Form(machine.TITLE, machine.readings),
    Form(blockchain.TITLE, blockchain.readings, but_not=re.compile("通行费|增值|值税"), lines=items),
    Form(train.TITLE, train.readings, anywhere=True, but_not=re.compile(r"电子客票|电子发票|增值税")),
)


def is_list(form: Form | None) -> bool:
    """Whether a page is a list of goods that belongs to the form of an invoice."""
    return form is not None and form.readings is goods_list.readings


def form_of(head: str, whole: str) -> Form | None:
    """The form of a page by the text of its head or of all of it; None for a VAT invoice and for what is no invoice."""
    for form in FORMS:
        text = (whole if form.anywhere else head).replace("（", "(").replace("）", ")")
        if form.title.search(text) and not (form.but_not and form.but_not.search(text)):
            return form
    return next((form for form in FORMS if form.is_marked(whole)), None)


def link_readings(page: Page) -> Iterator[Reading]:
    """What the addresses in a page's QR codes state."""
    for symbol in page.symbols:
        yield from fiscal.link_readings(symbol, page.number)
        yield from blockchain.link_readings(symbol, page.number)
