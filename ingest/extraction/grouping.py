"""Which pages of a document belong to which invoice."""

from collections.abc import Iterable, Iterator

from ingest.extraction.fields import PageReading


def invoices(pages: Iterable[PageReading]) -> Iterator[tuple[PageReading, ...]]:
    """The pages of each invoice in turn. A page with a number of its own begins an invoice; one with the same number,
    or with none, continues the one before it. Pages that show no part of an invoice belong to none."""
    group: tuple[PageReading, ...] = ()
    for page in pages:
        if not page.is_invoice:
            continue
        if group and _continues(page, group):
            group = (*group, page)
            continue
        if group:
            yield group
        group = (page,)
    if group:
        yield group


def _continues(page: PageReading, group: tuple[PageReading, ...]) -> bool:
    own = _numbers(page)
    return not own or bool(own & set().union(*map(_numbers, group)))


def _numbers(page: PageReading) -> set[str]:
    return {reading.value for reading in page.readings if reading.field == "invoice_number"}
