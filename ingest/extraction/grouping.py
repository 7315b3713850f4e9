"""Which pages of a document belong to which invoice."""

from collections.abc import Iterable

from ingest.extraction.fields import PageReading


def invoices(pages: Iterable[PageReading]) -> list[tuple[PageReading, ...]]:
    """The pages of each invoice, in the order of their first pages.

    A page with a new number begins an invoice, and so does each form of a sheet that shows several. One with a number
    seen before belongs to that invoice, also when it is a further copy; one without a number continues the invoice
    before it. Pages that show no part of an invoice belong to none.
    """
    groups: list[list[PageReading]] = []
    for page in pages:
        if not page.is_invoice:
            continue
        own = _numbers(page)
        same = [group for group in groups if any(own & _numbers(other) for other in group)]
        target = same[0] if same else groups[-1] if groups and not own and not page.page.place else None
        if target is None:
            groups.append([page])
        else:
            target.append(page)
    return [tuple(group) for group in groups]


def _numbers(page: PageReading) -> set[str]:
    return {reading.value for reading in page.readings if reading.field == "invoice_number"}
