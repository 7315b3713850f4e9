"""Pages of one invoice stay together, invoices of one document apart."""

from collections.abc import Callable

import pytest

from ingest.extraction.fields import PageReading, read_page
from ingest.extraction.grouping import invoices


@pytest.fixture
def invoice(page_of: Callable, digital_prints: Callable) -> Callable[..., PageReading]:
    def invoice(page: int, number: str) -> PageReading:
        return read_page(page_of(digital_prints(number=number), number=page))

    return invoice


def pages_of(readings: list[PageReading]) -> list[tuple[int, ...]]:
    return [tuple(reading.page.number for reading in group) for group in invoices(readings)]


def test_each_number_is_an_invoice(invoice: Callable) -> None:
    readings = [invoice(page, f"2611700000012345678{page}") for page in (1, 2, 3)]
    assert pages_of(readings) == [(1,), (2,), (3,)]


def test_copies_of_an_invoice_are_one_wherever_they_lie(invoice: Callable) -> None:
    first, second = "26117000000123456789", "26117000000123456790"
    assert pages_of([invoice(1, first), invoice(2, second), invoice(3, first)]) == [(1, 3), (2,)]


def test_a_page_of_goods_without_a_number_continues_the_invoice_before_it(
    invoice: Callable, page_of: Callable, digital_prints: Callable
) -> None:
    goods = [found for found in digital_prints() if not found[0].startswith(("发票号码", "价税合计"))]
    goods = [found for found in goods if "1130.00" not in found[0]]
    continuation = read_page(page_of(goods, number=2))
    assert pages_of([invoice(1, "26117000000123456789"), continuation]) == [(1, 2)]


def test_a_further_total_is_a_further_invoice_even_if_its_number_is_not_read(
    invoice: Callable, page_of: Callable, digital_prints: Callable
) -> None:
    """Two invoices of one day, seller and sum would be one without this, and nothing would tell that one is lost."""
    other = [found for found in digital_prints() if not found[0].startswith("发票号码")]
    assert pages_of([invoice(1, "26117000000123456789"), read_page(page_of(other, number=2))]) == [(1,), (2,)]


def test_other_pages_belong_to_no_invoice(invoice: Callable, page_of: Callable) -> None:
    letter = read_page(page_of([("尊敬的客户:", 100, 100), ("随函附上账单", 100, 130)], number=1))
    assert pages_of([letter]) == []
    assert pages_of([letter, invoice(2, "26117000000123456789"), letter]) == [(2,)]


def test_interleaved_invoices_come_apart(invoice: Callable) -> None:
    first, second = "26117000000123456789", "26117000000123456790"
    order = [invoice(1, first), invoice(2, second), invoice(3, first), invoice(4, second)]
    assert pages_of(order) == [(1, 3), (2, 4)]


def test_the_same_eight_digits_under_another_code_are_another_invoice(
    page_of: Callable, legacy_prints: Callable
) -> None:
    prints = legacy_prints()
    other = [(text.replace("011002600111", "011002600211"), x, y) for text, x, y in prints]
    assert pages_of([read_page(page_of(prints, number=1)), read_page(page_of(other, number=2))]) == [(1,), (2,)]


def test_a_page_that_counts_itself_elsewhere_does_not_continue_the_invoice_before_it(
    page_of: Callable, digital_prints: Callable
) -> None:
    def counted(number: int, place: str, *, numbered: bool) -> PageReading:
        prints = [found for found in digital_prints() if numbered or not found[0].startswith("发票号码")]
        return read_page(page_of([*prints, (place, 870, 105)], number=number))

    first = counted(1, "共2页 第1页", numbered=True)
    assert pages_of([first, counted(2, "共2页 第2页", numbered=False)]) == [(1, 2)]
    assert pages_of([first, counted(2, "共2页 第1页", numbered=False)]) == [(1,), (2,)]
    assert pages_of([first, counted(2, "共3页 第2页", numbered=False)]) == [(1,), (2,)]
