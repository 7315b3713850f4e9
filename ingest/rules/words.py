"""Amounts in Chinese capital numerals 大写 ↔ Decimal.

Written as 正确填写票据和结算凭证的基本规定 asks (annex to 支付结算办法, 银发〔1997〕393号). Reading allows what that
leaves to the writer (a 零 before a written 仟, 角 or 分; a closing 整) and the variants of the characters, no more.
"""

import re
import unicodedata
from decimal import Decimal

_LIMIT = Decimal(10) ** 12
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = {"仟": 1000, "佰": 100, "拾": 10, "": 1}
_SECTIONS = {"亿": 10**8, "万": 10**4, "": 1}
_IN_FEN = {"亿": 10**10, "万": 10**6, "圆": 100, "角": 10, "分": 1}

_VARIANTS = str.maketrans(
    "〇○一二三四五六七八九两兩弌壹弍貳貮弎參叄参陸漆十百千万萬亿億元円圓正",
    "零零壹贰叁肆伍陆柒捌玖贰贰壹壹贰贰贰叁叁叁叁陆柒拾佰仟万万亿亿圆圆圆整",
)
_MARK = re.compile(r"^[^\u4e00-\u9fff(]{1,2}")  # ⊗ before the words of older forms, however a scanner read it
_NEGATIVE = re.compile(r"^\(?负数?\)?")
_FREEDOMS = (
    (re.compile(r"(?<=[圆角])整$"), ""),
    (re.compile(r"^零圆(?=.)"), ""),
    (re.compile(r"(?:^|(?<=圆))零(?=.[角分])"), ""),
    (re.compile(r"(?<=[亿万])零(?=.仟)"), ""),
    (re.compile(r"(?<![壹贰叁肆伍陆柒捌玖])拾"), "壹拾"),
)


def to_words(amount: Decimal) -> str:
    """``1680.32`` → ``壹仟陆佰捌拾圆叁角贰分``. Raises ValueError from a trillion yuan on and for parts of a fen."""
    fen = abs(amount) * 100
    if abs(amount) >= _LIMIT or fen != int(fen):
        raise ValueError(f"not an amount in fen below a trillion yuan: {amount}")
    yuan, decimals = divmod(int(fen), 100)
    words = (_whole(yuan) + "圆" if yuan else "") + _decimals(decimals, after_yuan=yuan > 0)
    return ("（负数）" if amount < 0 else "") + (words or "零圆整")


def from_words(text: str) -> Decimal | None:
    """The amount with two decimals; None where the text is not how any amount below a trillion yuan is written."""
    printed = _MARK.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    words = _NEGATIVE.sub("", printed)
    negative, words = words != printed, words.translate(_VARIANTS)
    fen = _sum(words)
    if fen is None or fen >= _LIMIT * 100:
        return None
    amount = Decimal(fen).scaleb(-2)
    if _strict(words) != _strict(to_words(amount)):
        return None
    return -amount if negative and amount else amount


def _whole(yuan: int) -> str:
    words, gap = "", False
    for unit, size in _SECTIONS.items():
        section = yuan // size % 10_000
        if section:
            words += ("零" if words and (gap or section < 1000) else "") + _section(section) + unit
        gap = not section
    return words


def _section(value: int) -> str:
    words, gap = "", False
    for place, size in _PLACES.items():
        digit = value // size % 10
        if digit:
            words += ("零" if words and gap else "") + _DIGITS[digit] + place
        gap = not digit
    return words


def _decimals(fen: int, *, after_yuan: bool) -> str:
    tenths, hundredths = divmod(fen, 10)
    if not hundredths:
        return f"{_DIGITS[tenths]}角整" if tenths else "整" if after_yuan else ""
    return (f"{_DIGITS[tenths]}角" if tenths else "零" if after_yuan else "") + f"{_DIGITS[hundredths]}分"


def _sum(words: str) -> int | None:
    """The sum in fen that the characters add up to in any order; None where one is no numeral."""
    total = section = digit = 0
    for character in _strict(words):
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in _PLACES:
            section, digit = section + digit * _PLACES[character], 0
        elif character in _IN_FEN:
            total, section, digit = total + (section + digit) * _IN_FEN[character], 0, 0
        else:
            return None
    return total


def _strict(words: str) -> str:
    """The words without what the writer is free to add or leave out."""
    for freedom, written in _FREEDOMS:
        words = freedom.sub(written, words)
    return words
