"""Which pages of a document belong to which invoice."""

from collections.abc import Iterable, Sequence

from ingest.extraction.fields import PageReading


def invoices(pages: Iterable[PageReading]) -> list[tuple[PageReading, ...]]:
    """The pages of each invoice, in the order of their first pages.

    A page with a new number begins an invoice, and so does each form of a sheet that shows several. One with a number
    seen before belongs to that invoice, also when it is a further copy or a page of its list; one without a number
    continues the invoice before it, unless its count of pages or a total of its own says otherwise. Pages that show no
    part of an invoice belong to none.
    """
    groups: list[list[PageReading]] = []
    for page in pages:
        if not page.is_invoice:
            continue
        same = [group for group in groups if any(_are_one(page, other) for other in group)]
        target = same[0] if same else groups[-1] if groups and _continues(page, groups[-1]) else None
        if target is None:
            groups.append([page])
        else:
            target.append(page)
    return [tuple(group) for group in groups]


def _are_one(page: PageReading, other: PageReading) -> bool:
    """Numbers of eight digits repeat from code to code, so that codes must not contradict each other."""
    codes, others = _values(page, "invoice_code"), _values(other, "invoice_code")
    numbered = _values(page, "invoice_number") & _values(other, "invoice_number")
    return bool(numbered) and (not codes or not others or bool(codes & others))


def _continues(page: PageReading, group: Sequence[PageReading]) -> bool:
    if _values(page, "invoice_number") or page.page.place:
        return False
    counted = [other.place for other in group if other.place and other.is_list == page.is_list]
    if not page.place or not counted:
        return not (_values(page, "total_amount") and any(_values(other, "total_amount") for other in group))
    return page.place.count == counted[-1].count and page.place not in counted


def _values(page: PageReading, field: str) -> set[str]:
    return {reading.value for reading in page.readings if reading.field == field}
