"""What OCR alone says is told, and a cell that fails its own check is not recorded."""

from dataclasses import replace
from decimal import Decimal

import pytest

from archive.model.evidence import Finding, Reading, Severity, Source
from ingest.extraction.proof import ocr_only, proven_items
from ingest.model.draft import Draft, Item

LINE = Item("*文具*笔", "0.5mm", "支", "2", "500.00", "1000.00", "13%", "130.00")
FIELDS = {
    "invoice_number": "26117000000123456789",
    "issue_date": "2026-11-20",
    "seller_tax_id": "91110105MA00TET16L",
    "amount_without_tax": "1000.00",
    "tax_amount": "130.00",
    "total_amount": "1130.00",
    "total_amount_cn": "壹仟壹佰叁拾圆整",
}


def draft(*items: Item, scanned: tuple[str, ...] = (), **fields: str) -> Draft:
    values = {**FIELDS, **fields}
    chosen = {field: Reading(field, value, Source.OCR, Decimal("0.99"), 1) for field, value in values.items()}
    codes = [replace(chosen[field], source=Source.QR) for field in scanned]
    return Draft("digital_normal", (1,), chosen, (*chosen.values(), *codes), items or (LINE,), ())


def alone(draft: Draft) -> str:
    (finding,) = ocr_only(draft)
    assert (finding.code, finding.severity) == ("OCR-ONLY", Severity.INFO)
    return finding.en.partition(":")[2]


def left(item: Item, **fields: str) -> tuple[Item, list[Finding]]:
    (kept,), findings = proven_items(draft(item, **fields))
    return kept, list(findings)


def test_a_line_that_holds_is_kept() -> None:
    assert left(LINE) == (LINE, [])


def test_quantity_and_price_whose_product_is_not_the_amount_are_left_out() -> None:
    kept, (finding,) = left(replace(LINE, unit_price="600.00"))
    assert kept == replace(LINE, quantity=None, unit_price=None)
    assert (finding.code, finding.severity) == ("CELL-LEFT-OUT", Severity.WARNING)
    assert "600.00" in finding.en
    assert "单价“600.00”" in finding.zh


def test_a_rate_that_does_not_make_the_tax_is_left_out() -> None:
    assert left(replace(LINE, tax_rate="3%"))[0] == replace(LINE, tax_rate=None)


@pytest.mark.parametrize(("price", "expected"), [("1000.00", "1000.00"), ("250.00", "250.00"), ("2500.00", None)])
def test_a_price_alone_is_believed_where_a_whole_number_of_pieces_makes_the_amount(
    price: str, expected: str | None
) -> None:
    kept, _ = left(replace(LINE, quantity=None, unit_price=price))
    assert (kept.quantity, kept.unit_price) == (None, expected)


def test_a_quantity_alone_is_never_believed() -> None:
    assert left(replace(LINE, unit_price=None))[0].quantity is None


@pytest.mark.parametrize(
    "name",
    ["文具笔", "*文具笔", "*文具*笔（红", "*文具*笔*纸制品*纸", "文具*笔", "*文具*笔（红））", "*文具*笔发票专用章"],
)
def test_a_name_that_lost_a_star_or_a_bracket_is_left_out(name: str) -> None:
    kept, (finding,) = left(replace(LINE, name=name))
    assert (kept, finding.code) == (replace(LINE, name=None), "CELL-LEFT-OUT")


@pytest.mark.parametrize(
    ("spec", "unit", "expected"),
    [
        ("500m1", "瓶", None),
        ("S6730-4891310117MA0000000X发票专用章", "台", None),
        ("件", None, None),
        ("无", "件", "无"),
        ("M12", "件", "M12"),
    ],
)
def test_a_type_that_may_be_something_else_is_left_out(spec: str, unit: str | None, expected: str | None) -> None:
    assert left(replace(LINE, spec=spec, unit=unit))[0].spec == expected


@pytest.mark.parametrize("unit", ["次台 包箱间桶", "次台包箱间"])
def test_units_of_several_lines_are_no_unit(unit: str) -> None:
    assert left(replace(LINE, unit=unit))[0].unit is None


@pytest.mark.parametrize("name", ["*文具*笔（红）", "*建筑材料*板20*30", "（详见销货清单）"])
def test_a_whole_name_is_kept(name: str) -> None:
    assert left(replace(LINE, name=name))[0].name == name


def test_before_2018_names_had_no_class() -> None:
    assert left(replace(LINE, name="餐费"), issue_date="2017-12-31")[0].name == "餐费"
    assert left(replace(LINE, name="餐费"), issue_date="2018-01-01")[0].name is None


def test_what_nothing_confirms_is_named() -> None:
    told = alone(draft(drawer="何清", scanned=("invoice_number",)))
    assert told == " issue date, drawer; of the lines: name, spec, unit."


def test_sums_that_disagree_confirm_nothing() -> None:
    told = alone(draft(tax_amount="131.00", scanned=("invoice_number", "issue_date")))
    assert told == (
        " amount without tax, tax amount, total amount, total amount cn; of the lines: name, spec, unit, tax amount."
    )


def test_a_tax_id_that_fails_its_check_digits_stands_alone() -> None:
    assert "seller tax id" in alone(draft(seller_tax_id="91110105MA00TET16X"))


def test_a_draft_that_is_confirmed_throughout_has_no_such_finding() -> None:
    bare = replace(LINE, name=None, spec=None, unit=None)
    assert list(ocr_only(draft(bare, scanned=("invoice_number", "issue_date")))) == []
