"""Data that belongs to one of several pages goes where its invoice number is shown."""

from archive.model.evidence import Box, Source
from ingest.model.page import Symbol, Word
from ingest.model.statement import Statement
from ingest.readers.statements.placing import placed

PLACE = Box(0, 0, 0.1, 0.1)
ONE, TWO = (Statement(Source.XBRL, {"invoice_number": number}) for number in ("11111111", "22222222"))
NAMELESS = Statement(Source.PDF_DATA, {"total_amount": "1.00"})


def test_a_page_takes_what_it_shows_in_print_or_in_its_code() -> None:
    words = (Word("发票号码:1111", PLACE), Word("1111", PLACE))
    assert placed([ONE, TWO], words, (), last=False) == ((ONE,), (TWO,))
    assert placed([ONE, TWO], (), (Symbol("01,10,,22222222,", PLACE),), last=False) == ((TWO,), (ONE,))


def test_the_last_page_takes_what_no_page_shows() -> None:
    assert placed([NAMELESS, TWO], (Word("3", PLACE),), (), last=False) == ((), (NAMELESS, TWO))
    assert placed([NAMELESS, TWO], (), (), last=True) == ((NAMELESS, TWO), ())
