"""Invented pages: words with boxes where the real forms have them, on a sheet of 1,000 by 660 pixels."""

from collections.abc import Callable, Iterable

import pytest

from archive.model.evidence import Box, Source
from ingest.model.page import Page, Symbol, Word

WIDTH, HEIGHT = 1000, 660
LETTER = 12  # pixels high, and wide for a Chinese character
Print = tuple[str, float, float]

BUYER, BUYER_ID = "上海青禾物流有限公司", "91310101MA1FTET38D"
SELLER, SELLER_ID = "北京云杉远景科技有限公司", "91110105MA00TET16L"


def word(text: str, x: float, y: float, confidence: float = 1.0) -> Word:
    width = sum(LETTER if character > "\u2e7f" else LETTER / 2 for character in text)
    return Word(text, Box(x / WIDTH, y / HEIGHT, (x + width) / WIDTH, (y + LETTER) / HEIGHT), confidence)


def downwards(text: str, x: float, y: float) -> Iterable[Print]:
    return ((character, x, y + index * 15) for index, character in enumerate(text))


@pytest.fixture(scope="session")
def page_of() -> Callable[..., Page]:
    """A page of prints, each a text with its upper left corner."""

    def page_of(
        prints: Iterable[Print],
        *,
        source: Source = Source.PDF_TEXT,
        qr: Iterable[str] = (),
        number: int = 1,
        confidence: float = 1.0,
        unsure: dict[str, float] | None = None,
    ) -> Page:
        words = tuple(word(text, x, y, (unsure or {}).get(text, confidence)) for text, x, y in prints)
        symbols = tuple(Symbol(text, Box(0.03, 0.03, 0.12, 0.16)) for text in qr)
        return Page(number, WIDTH, HEIGHT, source, words, symbols)

    return page_of


@pytest.fixture(scope="session")
def digital_prints() -> Callable[..., list[Print]]:
    """数电票: buyer on the left, seller on the right."""

    def digital_prints(
        *,
        title: str = "电子发票(普通发票)",
        number: str = "26117000000123456789",
        issued: str = "2026年11月20日",
        buyer: str = BUYER,
        buyer_id: str = BUYER_ID,
        seller: str = SELLER,
        seller_id: str = SELLER_ID,
        net: str = "¥1000.00",
        tax: str = "¥130.00",
        total: str = "¥1130.00",
        in_words: str = "壹仟壹佰叁拾圆整",
        lines: Iterable[Print] = (
            ("*物流辅助服务*收派服", 20, 275),
            ("务费", 20, 290),
            ("次", 350, 275),
            ("2", 478, 275),
            ("500.00", 570, 275),
            ("1000.00", 680, 275),
            ("13%", 785, 275),
            ("130.00", 930, 275),
        ),
    ) -> list[Print]:
        values = [(buyer, 100, 165), (buyer_id, 245, 210), (seller, 585, 165), (seller_id, 730, 210)]
        return [
            (title, 330, 40),
            (f"发票号码:{number}", 740, 55),
            ("开票日期:", 740, 80),
            (issued, 805, 80),
            *downwards("购买方信息", 25, 155),
            *downwards("销售方信息", 505, 155),
            ("名称:", 55, 165),
            ("名称:", 540, 165),
            ("统一社会信用代码/纳税人识别号:", 55, 210),
            ("统一社会信用代码/纳税人识别号:", 540, 210),
            *(print_ for print_ in values if print_[0]),
            ("项目名称", 75, 255), ("规格型号", 200, 255), ("单", 330, 255), ("位", 360, 255), ("数", 450, 255),
            ("量", 480, 255), ("单价", 575, 255), ("金", 690, 255), ("额", 720, 255), ("税率/征收率", 750, 255),
            ("税", 930, 255), ("额", 960, 255),
            *lines,
            ("合", 100, 435), ("计", 175, 435), (net, 672, 433), (tax, 922, 433),
            ("价税合计(大写)", 80, 465), (in_words, 300, 464), ("(小写)", 690, 465), (total, 745, 463),
            *downwards("备注", 27, 510), ("订单号:2026-1120", 55, 495),
            ("开票人:", 95, 610), ("何清", 150, 609),
        ]  # fmt: skip

    return digital_prints


@pytest.fixture(scope="session")
def legacy_prints() -> Callable[..., list[Print]]:
    """增值税电子普通发票 and its paper relatives: buyer on top, seller at the bottom, cipher area on the right."""

    def legacy_prints(
        *,
        head: Iterable[Print] = (
            ("北京增值税电子普通发票", 350, 40),
            ("发票代码:", 710, 30),
            ("011002600111", 780, 30),
            ("发票号码:", 710, 55),
            ("00123456", 780, 55),
            ("开票日期:", 710, 80),
            ("2026", 780, 80),
            ("年", 808, 80),
            ("04", 822, 80),
            ("月", 836, 80),
            ("07", 850, 80),
            ("日", 864, 80),
            ("校", 710, 105),
            ("验", 730, 105),
            ("码:", 750, 105),
            ("01234 56789 01234 56789", 780, 105),
            ("机器编号:499900001234", 50, 105),
        ),
        buyer: str = BUYER,
        buyer_id: str = BUYER_ID,
        tax: str = "¥30.00",
        total: str = "¥1030.00",
        in_words: str = "壹仟零叁拾元整",
        rate: str = "3%",
        line_tax: str = "30.00",
    ) -> list[Print]:
        return [
            *head,
            *downwards("购买方", 47, 145), *downwards("密码区", 575, 145), *downwards("销售方", 47, 500),
            *downwards("备注", 575, 510),
            ("03<0/83*0*930281+7*/*739*/45", 620, 145), ("/7<56929369*14218*7633-070*6", 620, 165),
            ("名", 80, 143), ("称:", 150, 143), *((buyer, 180, 141) for _ in (1,) if buyer),
            ("纳税人识别号:", 80, 165), *((buyer_id, 180, 160) for _ in (1,) if buyer_id),
            ("地址、电话:", 80, 187), ("北京市朝阳区云杉路1号 010-55550100", 180, 187),
            ("开户行及账号:", 80, 209), ("云杉银行北京分行 110100000000001", 180, 209),
            ("货物或应税劳务、服务名称", 75, 240), ("规格型号", 300, 240), ("单位", 375, 240), ("数量", 455, 240),
            ("单价", 570, 240), ("金", 695, 240), ("额", 725, 240), ("税率", 795, 240), ("税额", 890, 240),
            ("*餐饮服务*餐费", 45, 262), ("1", 510, 262), ("1000.00", 575, 262), ("1000.00", 745, 262),
            (rate, 805, 262), (line_tax, 930, 262),
            ("合", 100, 430), ("计", 165, 430), ("¥1000.00", 720, 432), (tax, 920, 432),
            ("价税合计(大写)", 100, 462), ("ⓧ", 300, 462), (in_words, 320, 462), (f"(小写){total}", 735, 462),
            ("名", 80, 495), ("称:", 150, 495), (SELLER, 180, 495),
            ("纳税人识别号:", 80, 517), (SELLER_ID, 180, 515),
            ("地址、电话:上海市黄浦区青禾路2号 021-55550200", 80, 539),
            ("开户行及账号:", 80, 561), ("青禾银行上海分行 310100000000002", 180, 561),
            ("收款人:", 55, 600), ("田一", 110, 600), ("复核:", 315, 600), ("方二", 355, 600),
            ("开票人:", 515, 600), ("何清", 570, 600), ("销售方:(章)", 715, 600),
        ]  # fmt: skip

    return legacy_prints
