"""Tax ids 纳税人识别号 of buyer and seller: check digits, and the mending of letters no id holds."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

from stdnum.cn import ric, uscc

from archive.model.evidence import Finding, Severity
from ingest.model.draft import Draft

_PARTIES = {"buyer_tax_id": ("购买方", "buyer"), "seller_tax_id": ("销售方", "seller")}

# GB 32100-2015: two of the registrar, six of the region, nine of the organisation, one check digit. Not stdnum's own
# shape, which asks for digits in the first two places and so refuses rural collectives (N…) and other registrars.
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}", re.ASCII)
_RESIDENT_ID = re.compile(r"[1-8]\d{5}(?:18|19|20)\d{9}[\dX]", re.ASCII)
_OTHER_SHAPES = re.compile(
    r"""
      [1-8]\d{5}[0-9A-Z]{8}[\dX]   # before 2015: region and organisation code
    | [1-8]\d{14}                  # a 15-digit resident id of before 1999
    | [1-8]\d{14}[0-9A-Z]{2}       # the same with a suffix
    | [1-8]\d{16}[\dX]\d{2}        # an 18-digit resident id with a suffix
    """,
    re.VERBOSE | re.ASCII,
)

_ORGANISATION = slice(8, 17)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOKALIKES = {"I": "1", "O": "0", "S": "5", "V": "UY", "Z": "2"}


def is_credit_code(text: str) -> bool:
    """Whether both check digits of a 统一社会信用代码 hold: its own (GB 32100-2015), the organisation's (GB 11714)."""
    return (
        bool(_CREDIT_CODE.fullmatch(text))
        and text[-1] == uscc.calc_check_digit(text[:-1])
        and _is_organisation_code(text[_ORGANISATION])
    )


def is_resident_id(text: str) -> bool:
    """Whether an 18-digit resident id's check digit holds (GB 11643-1999). Region and birthday are not looked up."""
    return bool(_RESIDENT_ID.fullmatch(text)) and text[-1] == ric.calc_check_digit(text)


def repair(text: str) -> str | None:
    """The one sound credit code that ``text`` stands for once I, O, S, V and Z, which no such code holds, are mended.

    None where no mending, or more than one, passes both check digits.
    """
    candidates = ("".join(letters) for letters in product(*(_LOOKALIKES.get(letter, letter) for letter in text)))
    sound = [candidate for candidate in candidates if is_credit_code(candidate)]
    return sound[0] if len(sound) == 1 else None


def tax_ids(draft: Draft, today: date) -> Iterator[Finding]:
    """TAX-ID-CHECK, TAX-ID-SHAPE: an id that fails is nearly always an id misread."""
    for field, (zh, en) in _PARTIES.items():
        text = draft.value(field)
        if text is None:
            continue
        if len(text) != 18:
            if not _OTHER_SHAPES.fullmatch(text):
                yield _misshapen(field, text, zh, en)
        elif not (is_credit_code(text) or is_resident_id(text)):
            yield _unsound(field, text, zh, en)


def _is_organisation_code(text: str) -> bool:
    if not text[:-1].isalnum():
        return False
    rest = 11 - sum(int(letter, 36) * weight for letter, weight in zip(text, _ORGANISATION_WEIGHTS, strict=False)) % 11
    return text[-1] == {10: "X", 11: "0"}.get(rest, str(rest))


def _misshapen(field: str, text: str, zh: str, en: str) -> Finding:
    return Finding(
        "TAX-ID-SHAPE",
        Severity.ERROR,
        field,
        f"{zh}纳税人识别号 {text} 有 {len(text)} 位，不符合任何一种识别号的格式。",
        f"The {en}'s tax id {text} has {len(text)} characters and the form of no known kind of id.",
    )


def _unsound(field: str, text: str, zh: str, en: str) -> Finding:
    mended = repair(text)
    return Finding(
        "TAX-ID-CHECK",
        Severity.ERROR,
        field,
        f"{zh}纳税人识别号 {text} 的校验位不符" + (f"，可能是 {mended}。" if mended else "。"),
        f"The check digit of the {en}'s tax id {text} does not hold" + (f"; it may be {mended}." if mended else "."),
    )
