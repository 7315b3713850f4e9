from datetime import date

import pytest

from archive.model.evidence import Severity
from ingest.model.qr_payload import CrcState, QrPayload
from ingest.rules import numbers

TODAY = date(2026, 11, 22)
NUMBER = "26117000000123456789"
BEIJING_SELLER = "91110105MA00TET16L"


@pytest.mark.parametrize("kind", ["digital_special", "digital_normal"])
def test_digital_numbers_have_twenty_digits(draft_of, kind: str) -> None:
    assert list(numbers.number_length(draft_of(kind=kind, invoice_number=NUMBER), TODAY)) == []
    (finding,) = numbers.number_length(draft_of(kind=kind, invoice_number="00123456"), TODAY)
    assert (finding.code, finding.severity, finding.field) == ("NUMBER-LENGTH", Severity.ERROR, "invoice_number")


@pytest.mark.parametrize("kind", ["vat_special_paper", "vat_normal_paper", "vat_normal_electronic"])
def test_older_numbers_have_eight_digits(draft_of, kind: str) -> None:
    assert list(numbers.number_length(draft_of(kind=kind, invoice_number="00123456"), TODAY)) == []
    assert len(list(numbers.number_length(draft_of(kind=kind, invoice_number=NUMBER), TODAY))) == 1


def test_the_length_of_an_unknown_kinds_number_is_not_judged(draft_of) -> None:
    assert list(numbers.number_length(draft_of(kind="unknown", invoice_number="1"), TODAY)) == []


@pytest.mark.parametrize(
    ("kind", "code", "sound"),
    [
        ("vat_special_paper", "1100261130", True),
        ("vat_special_paper", "011002600111", False),
        ("vat_normal_paper", "1100261130", True),
        ("vat_normal_paper", "011002600104", True),
        ("vat_normal_electronic", "011002600111", True),
        ("vat_normal_electronic", "1100261130", False),
        ("digital_normal", "011002600111", False),
        ("unknown", "1", True),
    ],
)
def test_codes_have_the_length_of_their_kind(draft_of, kind: str, code: str, sound: bool) -> None:
    found = [finding.code for finding in numbers.code_length(draft_of(kind=kind, invoice_code=code), TODAY)]
    assert found == ([] if sound else ["CODE-LENGTH"])


def test_check_codes_have_twenty_digits(draft_of) -> None:
    assert list(numbers.check_code_length(draft_of(check_code="01234567890123456789"), TODAY)) == []
    (finding,) = numbers.check_code_length(draft_of(check_code="0123456789012345678"), TODAY)
    assert (finding.code, finding.severity) == ("CHECK-CODE-LENGTH", Severity.ERROR)
    assert "19" in finding.en


@pytest.mark.parametrize(("kind", "code"), [("fiscal_e_bill", "a1B2c3"), ("blockchain_sz", "a1b2c")])
def test_check_codes_of_other_systems_are_shorter(draft_of, kind: str, code: str) -> None:
    assert list(numbers.check_code_length(draft_of(kind=kind, check_code=code), TODAY)) == []
    (finding,) = numbers.check_code_length(draft_of(kind=kind, check_code=code[:-1]), TODAY)
    assert (finding.code, finding.severity) == ("CHECK-CODE-LENGTH", Severity.ERROR)


def test_a_number_of_another_year_than_its_date_warns(draft_of) -> None:
    assert list(numbers.number_year(draft_of(invoice_number=NUMBER, issue_date="2026-01-05"), TODAY)) == []
    (finding,) = numbers.number_year(draft_of(invoice_number=NUMBER, issue_date="2025-12-31"), TODAY)
    assert (finding.code, finding.severity) == ("NUMBER-YEAR", Severity.WARNING)
    assert "2025-12-31" in finding.zh


def test_eight_digits_hold_no_year(draft_of) -> None:
    assert list(numbers.number_year(draft_of(invoice_number="00123456", issue_date="2025-12-31"), TODAY)) == []


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ({"invoice_number": NUMBER, "seller_tax_id": BEIJING_SELLER}, None),
        ({"invoice_number": NUMBER}, None),
        ({"invoice_code": "011002600111", "seller_tax_id": BEIJING_SELLER}, None),
        ({"invoice_code": "1100261130", "seller_tax_id": "110105123456789"}, None),
        ({"invoice_number": "26957000000123456789", "seller_tax_id": "91440300MA5TEHT188"}, None),
        ({"invoice_number": "26317000000123456789", "seller_tax_id": BEIJING_SELLER}, Severity.INFO),
        ({"invoice_code": "031002600111", "seller_tax_id": BEIJING_SELLER}, Severity.INFO),
        ({"invoice_number": "26997000000123456789"}, Severity.WARNING),
        ({"invoice_code": "099002600111", "invoice_number": "00123456"}, Severity.WARNING),
        ({"invoice_number": "00123456"}, None),
    ],
)
def test_the_region_is_a_province_and_the_sellers(draft_of, values: dict[str, str], severity: Severity | None) -> None:
    found = list(numbers.number_region(draft_of(**values), TODAY))
    assert [(finding.code, finding.severity) for finding in found] == (
        [("NUMBER-REGION", severity)] if severity else []
    )


@pytest.mark.parametrize("state", CrcState)
def test_only_a_mismatch_of_the_check_sum_asks_for_a_person(state: CrcState) -> None:
    payload = QrPayload("32", None, NUMBER, "1130.00", "2026-11-20", None, "46BE", state)
    finding = numbers.crc_finding(payload)
    if state is not CrcState.MISMATCH:
        assert finding is None
    else:
        assert finding is not None
        assert (finding.code, finding.severity) == ("QR-CRC-MISMATCH", Severity.WARNING)
        assert NUMBER in finding.zh
