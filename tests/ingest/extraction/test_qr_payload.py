import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction.qr_payload import parse, qr_crc, small_crc
from ingest.model.qr_payload import CrcState

VECTORS = json.loads((Path(__file__).parents[2] / "domain-vectors.json").read_text("utf-8"))["qr_crc"]
COVERED = "01,32,,26117000000123456789,1130.00,20261120,,"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["crc"])
def test_the_check_sum_is_that_of_known_payloads(vector: dict[str, str]) -> None:
    assert qr_crc(vector["text"].encode()) == vector["crc"]
    for tail in (vector["crc"], vector["crc"].lower() + ","):
        payload = parse(vector["text"] + tail)
        assert payload is not None
        assert payload.crc_state is CrcState.MATCH


def test_the_check_sum_has_the_catalogued_check_value() -> None:
    assert qr_crc(b"123456789") == "FEE8"


def test_a_payload_of_an_older_invoice_gives_all_its_values() -> None:
    payload = parse("01,10,011002600111,00123456,300,20260407,01234567890123456789,0816,")
    assert payload is not None
    assert (payload.kind_code, payload.invoice_code, payload.invoice_number) == ("10", "011002600111", "00123456")
    assert (payload.amount, payload.issue_date) == ("300.00", "2026-04-07")
    assert payload.check_code == "01234567890123456789"


def test_a_digital_payload_has_no_code_and_states_the_total() -> None:
    payload = parse(COVERED + "46BD")
    assert payload is not None
    assert (payload.invoice_code, payload.check_code, payload.amount) == (None, None, "1130.00")
    assert payload.amount_field == "total_amount"


@pytest.mark.parametrize(
    ("kind_code", "field"),
    [
        *((kind, "amount_without_tax") for kind in ("01", "04", "10", "20")),
        *((kind, "total_amount") for kind in ("31", "32", "51", "61")),
        ("11", None),
        ("99", None),
    ],
)
def test_what_the_amount_means_depends_on_the_kind(kind_code: str, field: str | None) -> None:
    payload = parse(f"01,{kind_code},,26117000000123456789,5.00,20261120,,")
    assert payload is not None
    assert payload.amount_field == field


def test_seen_slips_are_tolerated() -> None:
    payload = parse("01,32, ,26117000000123456789,-1130,2026-11-20, ,\n")
    assert payload is not None
    assert (payload.invoice_code, payload.amount, payload.issue_date) == (None, "-1130.00", "2026-11-20")
    assert (payload.check_code, payload.crc_state) == (None, CrcState.ABSENT)


def test_the_check_sum_covers_the_text_as_printed_spaces_included() -> None:
    spaced = COVERED.replace(",,", ", ,")
    states = [parse(spaced + crc) for crc in (qr_crc(spaced.encode()), "46BD")]
    assert [payload and payload.crc_state for payload in states] == [CrcState.MATCH, CrcState.MISMATCH]


def test_the_comma_before_the_check_sum_may_be_left_out_of_it() -> None:
    text = "01,10,011002600111,00123456,300,20260407,01234567890123456789"
    payload = parse(f"{text},{qr_crc(text.encode())},")
    assert payload is not None
    assert payload.crc_state is CrcState.MATCH


@pytest.mark.parametrize(("tail", "polynomial", "flip"), [("906e", 0x8408, 0xFFFF), ("4b37", 0xA001, 0)])
def test_small_letters_may_be_another_check_sum(tail: str, polynomial: int, flip: int) -> None:
    assert small_crc(b"123456789", polynomial, flip) == tail
    small = small_crc(COVERED.encode(), polynomial, flip)
    states = [payload.crc_state for crc in (small, "0" + small[:3]) if (payload := parse(COVERED + crc))]
    assert states == [CrcState.MATCH, CrcState.MISMATCH]


def test_a_roll_invoice_states_neither_amount_nor_date() -> None:
    payload = parse("01,11,011002600107,00123456,,,,4B4D")
    assert payload is not None
    assert (payload.amount, payload.issue_date, payload.check_code) == (None, None, None)


@pytest.mark.parametrize("tail", ["", ","])
def test_seven_parts_or_an_empty_check_sum_are_absent(tail: str) -> None:
    payload = parse(COVERED.removesuffix(",") + tail)
    assert payload is not None
    assert (payload.crc, payload.crc_state) == (None, CrcState.ABSENT)


@pytest.mark.parametrize(
    ("kind_code", "state"),
    [
        ("01", CrcState.MISMATCH),
        ("04", CrcState.MISMATCH),
        ("31", CrcState.MISMATCH),
        ("32", CrcState.MISMATCH),
        ("10", CrcState.NOT_APPLICABLE),
        ("51", CrcState.NOT_APPLICABLE),
    ],
)
def test_a_wrong_check_sum_counts_only_where_issuers_print_this_one(kind_code: str, state: CrcState) -> None:
    covered = COVERED.replace(",32,", f",{kind_code},")
    wrong = f"{int(qr_crc(covered.encode()), 16) ^ 1:04X}"
    payload = parse(covered + wrong)
    assert payload is not None
    assert payload.crc_state is state


@given(st.integers(min_value=0, max_value=len(COVERED) - 2), st.sampled_from("0123456789"))
def test_a_changed_digit_is_seen(place: int, digit: str) -> None:
    changed = COVERED[:place] + digit + COVERED[place + 1 :]
    payload = parse(changed + "46BD")
    if payload is not None and payload.kind_code in {"01", "04", "31", "32"}:
        assert (payload.crc_state is CrcState.MATCH) == (changed == COVERED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.invalid/verify?bill_num=00123456",
        "123456789012345678901234567890",
        "02,32,,26117000000123456789,1130.00,20261120,,46BD",
        "01,X2,,26117000000123456789,1130.00,20261120,,46BD",
        "01,32,,2611700000012345678,1130.00,20261120,,46BD",
        "01,04,11002,00123456,1130.00,20261120,,46BD",
        "01,32,,26117000000123456789,1130.00",
        "01,32,,26117000000123456789,1130.00,20261120,,46BD,,",
        "01,32,,26117000000123456789,1130.00,20261120,\ud800,46BD",
    ],
)
def test_other_codes_are_no_tax_invoice(text: str) -> None:
    assert parse(text) is None


@given(st.text(alphabet=st.sampled_from("01,23 ４年-\ufeff\ud800"), max_size=60) | st.text())
def test_no_text_makes_the_parser_fail(text: str) -> None:
    payload = parse(text)
    assert payload is None or len(payload.invoice_number) in (8, 20)
