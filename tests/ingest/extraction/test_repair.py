"""Only what everything else leaves one value for is repaired; the misreading stays to be seen."""

from dataclasses import replace
from decimal import Decimal

import pytest

from archive.model.evidence import Reading, Severity, Source
from ingest.extraction.repair import repaired
from ingest.model.draft import Draft, Item

LINE = Item("*文具*笔", "0.5mm", "支", "2", "500.00", "1000.00", "13%", "130.00")
FIELDS = {
    "seller_tax_id": "91110105MA00TET16L",
    "amount_without_tax": "1000.00",
    "tax_amount": "130.00",
    "total_amount": "1130.00",
    "total_amount_cn": "壹仟壹佰叁拾圆整",
}


def draft(*items: Item, scanned: tuple[str, ...] = (), sure: Decimal = Decimal("0.8"), **fields: str) -> Draft:
    chosen = {field: Reading(field, value, Source.OCR, sure, 1) for field, value in (FIELDS | fields).items()}
    codes = [replace(chosen[field], source=Source.QR) for field in scanned]
    return Draft("vat_normal_paper", (1,), chosen, (*chosen.values(), *codes), items or (LINE,), ())


def test_what_agrees_stays_as_it_is() -> None:
    assert repaired(draft()) == draft()


@pytest.mark.parametrize(
    ("field", "misread", "draft_with"),
    [
        ("total_amount", "1180.00", {}),
        ("tax_amount", "180.00", {}),
        ("tax_amount", "180.00", {"scanned": ("amount_without_tax",)}),
        ("amount_without_tax", "1008.00", {}),
        ("seller_tax_id", "9111O105MA00TET16L", {}),
        ("seller_tax_id", "91110105MA00TETI6L", {}),
    ],
)
def test_the_one_wrong_value_is_worked_out_and_told(field: str, misread: str, draft_with: dict[str, object]) -> None:
    before = draft(**{field: misread}, **draft_with)  # type: ignore[arg-type]
    after = repaired(before)
    assert after.fields[field].value == FIELDS[field]
    assert after.fields[field].source is Source.PROOF
    assert [reading for reading in after.readings if reading.field == field and reading.value == misread]
    (finding,) = after.findings
    assert (finding.code, finding.severity, finding.field) == ("REPAIRED", Severity.INFO, field)
    assert misread in finding.en
    assert FIELDS[field] in finding.zh


@pytest.mark.parametrize(
    "doubtful",
    [
        draft(tax_amount="180.00", amount_without_tax="1008.00"),  # two are wrong
        draft(replace(LINE, amount=None, tax_amount=None), tax_amount="180.00"),  # net or tax: nothing tells which
        draft(replace(LINE, tax_amount="180.00"), tax_amount="180.00"),  # net and tax each have their lines
        draft(tax_amount="180.00", total_amount_cn="壹仟壹佰"),  # the words say something else than the total
        draft(total_amount="1180.00", total_amount_cn="壹佰叁拾"),
        draft(total_amount="1180.00", scanned=("total_amount",)),  # a second source says so, too
        draft(tax_amount="130.01", sure=Decimal("0.9")),  # read for sure: the page contradicts itself
        draft(seller_tax_id="91110105MA00TET18L"),  # a digit that the alphabet allows
    ],
)
def test_what_leaves_two_possibilities_is_not_touched(doubtful: Draft) -> None:
    assert repaired(doubtful) == doubtful
