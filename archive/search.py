"""Search: the query language, and the catalog asked.

``甲公司 seller:乙 date:2025-10 amount:>1000`` — words and conditions, all of which must hold. A condition is a name, a
colon and a value, Chinese or English, half- or full-width; quotes keep spaces and colons together.
"""

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from archive.catalog import catalog
from archive.catalog.database import Database
from archive.errors import QueryError
from archive.model.query import Page, Query

LONGEST_LIST = 1000
_LONGEST_QUERY = 1000

_NAMES = {
    "seller": "seller",
    "销售方": "seller",
    "buyer": "buyer",
    "购买方": "buyer",
    "kind": "kind",
    "票种": "kind",
    "date": "date",
    "日期": "date",
    "amount": "amount",
    "金额": "amount",
    "verification": "verification",
    "查验": "verification",
}
_TOKEN = re.compile(
    r"""(?:(?P<name>[^\s"“”:：]*)[:：])?(?:["“”](?P<quoted>[^"“”]*)(?P<end>["“”]?)|(?P<plain>[^\s"“”]*))"""
)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,2})?")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?(.+)")
_FEN = Decimal("0.01")


def search(database: Database, query: Query, limit: int, after: str | None) -> Page:
    """Raises ValueError for a limit below 1 or above LONGEST_LIST, QueryError for an ``after`` that no page gave."""
    if not 1 <= limit <= LONGEST_LIST:
        raise ValueError(f"a list has 1 to {LONGEST_LIST} hits, not {limit}")
    with database.read() as connection:
        return catalog.search(connection, query, limit, after)


def parse(text: str) -> Query:
    """The query that a text asks. Raises QueryError that names the place, counted from 1. No text asks for all."""
    if len(text) > _LONGEST_QUERY:
        raise _fault(_LONGEST_QUERY, f"查询超过 {_LONGEST_QUERY} 个字符", f"longer than {_LONGEST_QUERY} characters")
    words: list[str] = []
    conditions: dict[str, Any] = {}
    named: set[str] = set()
    for token in _tokens(text):
        if token.name is None:
            words.append(token.value)
            continue
        field = _field(token)
        if field in named:
            raise _fault(token.place, f"“{token.name}”出现两次", f"“{token.name}” is given twice")
        named.add(field)
        conditions.update(_READERS[field](token))
    return Query(words=tuple(words), **conditions)


@dataclass(frozen=True, slots=True)
class _Token:
    name: str | None
    value: str
    place: int


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        assert match is not None
        if match["quoted"] is not None and not match["end"]:
            raise _fault(at + 1, "引号没有结束", "a quotation mark is not closed")
        value = match["quoted"] if match["quoted"] is not None else match["plain"]
        token = _Token(match["name"], value.strip(), at + 1)
        if token.name is not None and not token.value:
            raise _fault(token.place, f"“{token.name}:”之后没有内容", f"nothing follows “{token.name}:”")
        if token.value:
            yield token
        at = match.end()


def _field(token: _Token) -> str:
    assert token.name is not None
    field = _NAMES.get(unicodedata.normalize("NFKC", token.name).casefold())
    if field is None:
        raise _fault(
            token.place,
            f"没有“{token.name}”这个条件（可用：销售方、购买方、票种、日期、金额、查验）；若要查找含冒号的文字，请加引号",
            f"there is no condition “{token.name}” (only seller, buyer, kind, date, amount, verification); put text "
            "that holds a colon in quotation marks",
        )
    return field


def _text(field: str) -> Callable[[_Token], dict[str, Any]]:
    return lambda token: {field: token.value}


def _kind(token: _Token) -> dict[str, Any]:
    return {"kind": token.value.casefold()}


def _verification(token: _Token) -> dict[str, Any]:
    return {"verification": token.value.upper()}


def _dates(token: _Token) -> dict[str, Any]:
    first, last = _ends(token)
    return {
        "issued_from": _days(token, first)[0] if first else None,
        "issued_to": _days(token, last)[1] if last else None,
    }


def _days(token: _Token, text: str) -> tuple[date, date]:
    """First and last day of a year, a month or a day."""
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError as error:
        raise _fault(
            token.place,
            f"“{text}”不是日期（例：2025-10-01、2025-10、2025-01-01..2025-03-31）",
            f"“{text}” is no date (examples: 2025-10-01, 2025-10, 2025-01-01..2025-03-31)",
        ) from error


def _amounts(token: _Token) -> dict[str, Any]:
    if ".." in token.value:
        first, last = _ends(token)
        return {
            "amount_from": _amount(token, first) if first else None,
            "amount_to": _amount(token, last) if last else None,
        }
    match = _COMPARED.fullmatch(unicodedata.normalize("NFKC", token.value))
    assert match is not None
    amount = _amount(token, match[2])
    match match[1]:
        case ">":
            return {"amount_from": amount + _FEN}
        case ">=":
            return {"amount_from": amount}
        case "<":
            return {"amount_to": amount - _FEN}
        case "<=":
            return {"amount_to": amount}
        case _:
            return {"amount_from": amount, "amount_to": amount}


def _amount(token: _Token, text: str) -> Decimal:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").removeprefix("¥")
    if not _AMOUNT.fullmatch(plain):
        raise _fault(
            token.place,
            f"“{text}”不是金额（例：>1000、100..200、99.50）",
            f"“{text}” is no amount (examples: >1000, 100..200, 99.50)",
        )
    return Decimal(plain)


def _ends(token: _Token) -> tuple[str, str]:
    """Both ends of ``a..b``; one of them may be left open. A single value is both."""
    first, dots, last = token.value.partition("..")
    if not dots:
        return first, first
    if not first and not last:
        raise _fault(token.place, "范围的两端都是空的", "both ends of the range are empty")
    return first.strip(), last.strip()


_READERS: dict[str, Callable[[_Token], dict[str, Any]]] = {
    "seller": _text("seller"),
    "buyer": _text("buyer"),
    "kind": _kind,
    "date": _dates,
    "amount": _amounts,
    "verification": _verification,
}


def _fault(place: int, zh: str, en: str) -> QueryError:
    return QueryError(f"查询第 {place} 个字符处：{zh}。", f"At character {place} of the query: {en}.")
