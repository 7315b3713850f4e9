"""Which pages of a document belong to which invoice."""

from collections.abc import Iterable, Iterator

from ingest.extraction.fields import PageReading


def invoices(pages: Iterable[PageReading]) -> Iterator[tuple[PageReading, ...]]:
    """The pages of each invoice in turn. A page with a number of its own begins an invoice; one with the same number,
    or with lines of goods and no number, continues the one before it. Other pages belong to none."""
    group: tuple[PageReading, ...] = ()
    for page in pages:
        if not is_invoice(page):
            continue
        if group and _continues(page, group):
            group = (*group, page)
            continue
        if group:
            yield group
        group = (page,)
    if group:
        yield group


def is_invoice(page: PageReading) -> bool:
    """Whether a page shows (part of) an invoice: its QR code says so, or title or labels do, not a number alone."""
    fields = {reading.field for reading in page.readings}
    identified = fields & {"invoice_number", "invoice_code"}
    summed = fields & {"total_amount", "amount_without_tax", "seller_tax_id"}
    return bool(page.payloads or (identified and (page.titled or summed)) or (page.titled and summed) or page.items)


def _continues(page: PageReading, group: tuple[PageReading, ...]) -> bool:
    own = _numbers(page)
    return not own or bool(own & set().union(*map(_numbers, group)))


def _numbers(page: PageReading) -> set[str]:
    return {reading.value for reading in page.readings if reading.field == "invoice_number"}
