"""Pages that count themselves: 共 2 页 第 1 页."""

from collections.abc import Callable

import pytest

from ingest.extraction.layout import pieces_of
from ingest.extraction.paging import Place, gaps, place_of


@pytest.mark.parametrize(
    ("prints", "expected"),
    [
        ([("共 3 页", 800, 100), ("第 2 页", 900, 100)], Place(2, 3)),
        ([("共3页第1页", 800, 100)], Place(1, 3)),
        ([("第1页/共2页", 800, 100)], Place(1, 2)),
        ([("共2页 第3页", 800, 100)], None),
        ([("共29页 第3页", 800, 690)], None),  # the foot counts the file's pages
        ([("电子发票", 330, 40)], None),
    ],
)
def test_the_head_says_which_page_it_is(page_of: Callable, prints: list, expected: Place | None) -> None:
    page = page_of(prints)
    assert place_of(page, pieces_of(page)) == expected


def test_pages_that_are_not_there_are_named() -> None:
    (finding,) = gaps([Place(1, 3), Place(3, 3), Place(3, 3)], of_list=False)
    assert finding.code == "PAGE-MISSING"
    assert "missing: 2." in finding.en
    assert list(gaps([Place(1, 2), Place(2, 2)], of_list=True)) == []
    assert list(gaps([], of_list=False)) == []


def test_counts_that_contradict_each_other_are_told() -> None:
    (finding,) = gaps([Place(1, 2), Place(2, 2), Place(3, 3)], of_list=False)
    assert "2 or 3" in finding.en
