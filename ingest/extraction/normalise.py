"""One field's text as printed or scanned → its normalised value, or None where the text is not such a value.

Every function applies Unicode NFKC first. A slip of a scanner is mended only where one reading of it is possible;
what would need a guess is refused, because a missing value is asked of a person and a wrong one is believed.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

_MONEY = re.compile(
    r"""
    (?P<words>[(]?负数?[)]?)? \s*
    (?P<before>-)? \s* (?:¥|CN¥|CNY|RMB)? \s* (?P<after>-)? \s*
    (?:
        (?P<plain>0|[1-9]\d{0,11}) (?: \s?[.]\s? (?P<fen>\d\d) | [.] (?P<tenths>\d) )?
      | (?P<comma>0|[1-9]\d{3,11}) , (?P<comma_fen>\d\d)
      | (?P<grouped>[1-9]\d{0,2}(?:,\s?\d{3})+) (?: (?:\s?[.]\s?|,) (?P<grouped_fen>\d\d) )?
      | (?P<stopped>[1-9]\d{0,2}(?:[.,]\d{3})+) [.,] (?P<stopped_fen>\d\d)
    )
    \s* [元圆圓]?
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_MINUS = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))  # hyphens, dashes and the minus sign, none of which NFKC folds

_DATES = (
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d\d)", re.ASCII),
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})\s*(\d\d)\s*(\d\d)", re.ASCII),
)

_INVOICE_NUMBER = re.compile(r"(?:No\.?:?)?(\d{20}|\d{8})", re.ASCII | re.IGNORECASE)
_INVOICE_CODE = re.compile(r"\d{12}|\d{10}", re.ASCII)
_CHECK_CODE = re.compile(r"\d{20}", re.ASCII)
_MACHINE_NUMBER = re.compile(r"\d{12}", re.ASCII)
_TAX_ID = re.compile(r"(?=.*\d)[0-9A-Z]{15,20}", re.ASCII)

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}（）·])\s+|\s+(?=[{_HAN}（）·])")
_FULL_WIDTH = str.maketrans({"(": "（", ")": "）", "•": "·", "‧": "·", "∙": "·", "・": "·"})


_WORD_VARIANTS = str.maketrans("元圓正〇貳叄參陸萬億", "圆圆整零贰叁叁陆万亿")


def money(text: str) -> str | None:
    """Yuan with two decimals, exact: ``¥1,130.00`` → ``1130.00``. None for what is no amount below a trillion.

    A comma for the decimal point, or a point for a comma, is mended where the groups of digits leave one reading:
    ``1130,00`` and ``1.130.00`` are amounts; ``1.130`` and ``13 130.00`` could be two things and are refused.
    """
    found = _MONEY.fullmatch(_plain(text).translate(_MINUS))
    if not found or (found["before"] and found["after"]):
        return None
    whole = re.sub(r"\D", "", found["plain"] or found["comma"] or found["grouped"] or found["stopped"])
    decimals = found["fen"] or found["tenths"] or found["comma_fen"] or found["grouped_fen"] or found["stopped_fen"]
    amount = Decimal(f"{whole}.{decimals or 0}").quantize(Decimal("0.01"))
    negative = amount and (found["words"] or found["before"] or found["after"])
    return f"-{amount}" if negative else str(amount)


def issue_date(text: str) -> str | None:
    """``2025年10月13日``, ``20251013``, ``2025-10-13`` → ``2025-10-13``. None for what is no day of the calendar.

    A one-digit day before no 日 is refused: its second digit may have been cut off.
    """
    plain = _unspaced(text) if "年" in text else _plain(text)
    for pattern in _DATES:
        if found := pattern.fullmatch(plain):
            return _day(*found.groups())
    return None


def invoice_number(text: str) -> str | None:
    """8 digits, or 20 on fully digitalised invoices; a printed ``No`` before them is dropped."""
    found = _INVOICE_NUMBER.fullmatch(_unspaced(text))
    return found[1] if found else None


def invoice_code(text: str) -> str | None:
    """10 or 12 digits."""
    return _exactly(_INVOICE_CODE, _unspaced(text))


def check_code(text: str) -> str | None:
    """20 digits, printed as four groups of five or in one run."""
    return _exactly(_CHECK_CODE, _unspaced(text))


def machine_number(text: str) -> str | None:
    """12 digits: the tax control device."""
    return _exactly(_MACHINE_NUMBER, _unspaced(text))


def tax_id(text: str) -> str | None:
    """Capitals and digits, 15 to 20 of them; which of these are sound ids is the rules' to say."""
    return _exactly(_TAX_ID, _unspaced(text).upper())


def company_name(text: str) -> str | None:
    """A name as Chinese print sets it: brackets full-width, no space beside a Chinese character."""
    full_width = _plain(text).translate(_FULL_WIDTH)
    name = re.sub(r"\s+", " ", _SPACE_BESIDE_HAN.sub("", full_width))
    return name if any(letter.isalpha() for letter in name) else None


def same_name(a: str, b: str) -> bool:
    """Whether two names differ in spaces, width or case only. 有限公司 and 有限责任公司 are different names."""
    return _folded(a) == _folded(b) is not None


def same_words(a: str, b: str) -> bool:
    """Whether two amounts in words differ only in what writers are free in: 元 or 圆, a closing 整 or 正, brackets."""
    return _folded_words(a) == _folded_words(b)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().removeprefix(":").lstrip()


def _unspaced(text: str) -> str:
    return re.sub(r"\s", "", _plain(text))


def _exactly(pattern: re.Pattern[str], text: str) -> str | None:
    return text if pattern.fullmatch(text) else None


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _folded(name: str) -> str | None:
    printed = company_name(name)
    return re.sub(r"\s", "", printed).casefold() if printed else None


def _folded_words(words: str) -> str:
    return re.sub(r"[^\u4e00-\u9fff]", "", words).translate(_WORD_VARIANTS).removesuffix("整")
