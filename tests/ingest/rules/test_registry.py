import inspect
from datetime import date

import pytest

from ingest.model.draft import Item
from ingest.rules import amounts, dates, lines, numbers, parties, rates, registry, relations, tickets

TODAY = date(2026, 11, 22)
SOUND = {
    "invoice_number": "26117000000123456789",
    "issue_date": "2026-11-20",
    "seller_name": "青禾测试有限公司",
    "seller_tax_id": "91110105MA00TET16L",
    "buyer_name": "远山测试有限公司",
    "buyer_tax_id": "91310101MA1FTET38D",
    "amount_without_tax": "1000.00",
    "tax_amount": "130.00",
    "total_amount": "1130.00",
    "total_amount_cn": "壹仟壹佰叁拾圆整",
}
ITEM = Item("*纸制品*纸", "A4", "箱", "10", "100", "1000.00", "13%", "130.00")


def test_a_sound_invoice_has_no_finding(draft_of) -> None:
    assert registry.findings(draft_of(ITEM, **SOUND), TODAY) == ()


def test_findings_of_several_rules_come_in_the_order_of_the_rules(draft_of) -> None:
    wrong = SOUND | {"total_amount": "1131.00", "invoice_number": "00123456", "issue_date": "2026-12-01"}
    codes = [finding.code for finding in registry.findings(draft_of(ITEM, **wrong), TODAY)]
    assert codes == ["NUMBER-LENGTH", "DATE-FUTURE", "AMOUNT-SUM", "WORDS-DIFFER"]


def test_a_draft_of_which_nothing_was_read_has_no_finding(draft_of) -> None:
    assert registry.findings(draft_of(kind="unknown"), TODAY) == ()


def test_an_empty_set_of_rules_is_an_error(draft_of) -> None:
    with pytest.raises(ValueError, match="no rules"):
        registry.findings(draft_of(), TODAY, rules=())


def test_every_rule_of_every_module_is_registered() -> None:
    rules = {
        function
        for module in (amounts, dates, lines, numbers, parties, rates, relations, tickets)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and list(inspect.signature(function).parameters) == ["draft", "today"]
    }
    assert rules == set(registry.ALL)
    assert len(registry.ALL) == len(set(registry.ALL))
