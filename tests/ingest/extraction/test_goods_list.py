"""An invoice whose goods stand on a list 销货清单: the list's pages join it, its lines replace the line that refers to
it, and its sums must be the invoice's."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from archive.model.evidence import Severity, Source
from ingest.drafting import draft_of
from ingest.extraction import goods_list
from ingest.extraction.fields import PageReading, read_page
from ingest.extraction.grouping import invoices
from ingest.extraction.layout import pieces_of
from ingest.model.draft import Draft

TODAY = date(2026, 11, 22)
CODE, NUMBER = "011002600111", "00123456"
GOODS = (("*文具*钢笔", "600.00", "18.00"), ("*文具*铅笔", "400.00", "12.00"))
Print = tuple[str, float, float]


def list_page(
    goods: Sequence[tuple[str, str, str]], place: str = "共1页 第1页", number: str = NUMBER, total: str = "1000.00"
) -> list[Print]:
    rows = [
        part
        for row, (name, amount, tax) in enumerate(goods)
        for part in (
            (str(row + 1), 20, 200 + 30 * row),
            (name, 70, 200 + 30 * row),
            (amount, 680, 200 + 30 * row),
            ("3%", 785, 200 + 30 * row),
            (tax, 930, 200 + 30 * row),
        )
    ]
    return [
        ("销售货物或者提供应税劳务、服务清单", 300, 40),
        (f"所属增值税电子普通发票代码:{CODE}", 40, 120), (f"号码:{number}", 420, 120), (place, 860, 120),
        ("序号", 15, 165), ("货物(劳务)名称", 75, 165), ("规格型号", 240, 165), ("单位", 340, 165), ("数量", 450, 165),
        ("单价", 575, 165), ("金额", 690, 165), ("税率", 785, 165), ("税额", 930, 165),
        *rows,
        ("总计", 20, 500), (f"¥{total}", 672, 500), ("¥30.00", 922, 500),
        ("填开日期:", 700, 560), ("2026年04月07日", 780, 560),
    ]  # fmt: skip


@pytest.fixture
def form(page_of: Callable, legacy_prints: Callable) -> PageReading:
    """The form that refers to the list."""
    prints = [(text, x, y) for text, x, y in legacy_prints()]
    name = next(text for text, x, y in prints if text.startswith("*"))
    return read_page(page_of([("(详见销货清单)" if text == name else text, x, y) for text, x, y in prints]))


@pytest.fixture(params=[Source.PDF_TEXT, Source.OCR])
def drafted(form: PageReading, page_of: Callable, request: pytest.FixtureRequest) -> Callable[..., Draft]:
    """The draft of form and list, the list also as a scan behind a form that is none."""

    def drafted(*lists: list[Print]) -> Draft:
        made = (page_of(prints, number=n, source=request.param) for n, prints in enumerate(lists, start=2))
        pages = [read_page(page) for page in made]
        (group,) = invoices([form, *pages])
        return draft_of(group, TODAY)

    return drafted


def codes(draft: Draft) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in draft.findings}


def test_the_lines_of_the_list_stand_for_the_line_that_refers_to_it(drafted: Callable) -> None:
    draft = drafted(list_page(GOODS))
    assert [(item.name, item.amount, item.tax_amount) for item in draft.items] == list(GOODS)
    assert {"LIST-ELSEWHERE", "AMOUNT-LINES", "PAGE-MISSING"}.isdisjoint(codes(draft))
    assert draft.kind == "vat_normal_electronic"
    assert draft.pages == (1, 2)


def test_a_list_that_is_not_in_the_document_is_told(drafted: Callable) -> None:
    assert codes(drafted())["LIST-ELSEWHERE"] is Severity.WARNING


def test_a_list_whose_lines_do_not_add_up_to_the_invoice_is_an_error(drafted: Callable) -> None:
    assert codes(drafted(list_page(GOODS[:1])))["AMOUNT-LINES"] is Severity.ERROR


def test_a_list_whose_own_total_differs_from_the_invoice_is_a_conflict(drafted: Callable) -> None:
    found = drafted(list_page(GOODS, total="900.00")).findings
    assert ("FIELD-CONFLICT", "amount_without_tax") in {(finding.code, finding.field) for finding in found}


def test_a_missing_page_of_the_list_is_named(drafted: Callable) -> None:
    assert codes(drafted(list_page(GOODS, "共2页 第1页")))["PAGE-MISSING"] is Severity.ERROR
    both = drafted(list_page(GOODS[:1], "共2页 第1页"), list_page(GOODS[1:], "共2页 第2页"))
    assert "PAGE-MISSING" not in codes(both)
    assert [item.name for item in both.items] == [name for name, _, _ in GOODS]
    turned = drafted(list_page(GOODS[1:], "共2页 第2页"), list_page(GOODS[:1], "共2页 第1页"))
    assert turned.items == both.items


def test_pages_in_any_order_find_their_invoice(form: PageReading, page_of: Callable) -> None:
    other = read_page(page_of(list_page(GOODS, number="00999999"), number=2))
    own = read_page(page_of(list_page(GOODS), number=3))
    assert [[page.page.number for page in group] for group in invoices([other, own, form])] == [[2], [3, 1]]


def test_the_list_of_an_invoice_that_is_missing_is_put_before_a_person(page_of: Callable) -> None:
    draft = draft_of((read_page(page_of(list_page(GOODS))),), TODAY)
    assert draft.value("invoice_number") == NUMBER
    assert draft.value("total_amount") is None


@pytest.mark.parametrize("first", ["¥1OO.00", "¥100,0"])
def test_a_sum_that_is_not_read_makes_the_tax_no_amount(page_of: Callable, first: str) -> None:
    page = page_of([("总计", 60, 300), (first, 300, 300), ("¥13.00", 400, 300)])
    assert list(goods_list.readings(page, pieces_of(page))) == []
