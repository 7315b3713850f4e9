"""All forms of data that are known, found anywhere in an XML tree."""

from collections.abc import Iterator

from ingest.model.statement import Statement
from ingest.readers.markup import Element, name
from ingest.readers.picture import FindSymbols
from ingest.readers.statements import digital, original_invoice, pinyin, xbrl


def statements(root: Element, find_symbols: FindSymbols) -> tuple[Statement, ...]:
    """One statement for each invoice in the tree; empty where there is none."""
    return tuple(_statements(root, find_symbols))


def _statements(element: Element, find_symbols: FindSymbols) -> Iterator[Statement]:
    """An element of a known form is read whole; in others, the parts are looked at."""
    kind = name(element)
    if kind == digital.ROOT:
        yield digital.statement(element)
    elif kind == xbrl.ROOT:
        stated = xbrl.statement(element)
        if stated:
            yield stated
    elif kind == original_invoice.ROOT:
        yield original_invoice.statement(element, find_symbols)
    elif pinyin.is_invoice(element):
        yield pinyin.statement(element)
    else:
        for part in element:
            yield from _statements(part, find_symbols)
