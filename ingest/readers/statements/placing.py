"""Which page of a document a statement belongs to."""

import re
from collections.abc import Sequence

from ingest.model.page import Symbol, Word
from ingest.model.statement import Statement


def placed(
    statements: Sequence[Statement], words: Sequence[Word], symbols: Sequence[Symbol], *, last: bool
) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """Those that belong to this page, and the others.

    A page's are those whose invoice number it shows. The last page takes what is left, so that nothing that was stated
    goes unread: where no page shows the number, the contradiction comes to light.
    """
    if not statements or last:
        return tuple(statements), ()
    text = re.sub(r"\s", "", "".join([*(word.text for word in words), *(symbol.text for symbol in symbols)]))
    own = tuple(statement for statement in statements if statement.values.get("invoice_number", "\n") in text)
    return own, tuple(statement for statement in statements if statement not in own)
