import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.model.evidence import Severity
from ingest.rules.parties import is_credit_code, is_resident_id, repair, tax_ids

VECTORS = json.loads((Path(__file__).parents[2] / "domain-vectors.json").read_text("utf-8"))
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TODAY = date(2026, 11, 22)
SOUND = "91110105MA00TET16L"


@pytest.mark.parametrize("code", VECTORS["uscc_valid"])
def test_sound_credit_codes_pass_and_repair_to_themselves(code: str) -> None:
    assert is_credit_code(code)
    assert repair(code) == code


@pytest.mark.parametrize("code", VECTORS["uscc_invalid"])
def test_unsound_credit_codes_fail(code: str) -> None:
    assert not is_credit_code(code)


@given(st.sampled_from(VECTORS["uscc_valid"]), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_seen(code: str, place: int, character: str) -> None:
    assume(character != code[place])
    assert not is_credit_code(code[:place] + character + code[place + 1 :])


def test_a_code_with_its_own_digit_right_but_the_organisations_wrong_fails() -> None:
    assert not is_credit_code("91110105MA00TET15H")


def test_a_registrar_with_a_letter_passes() -> None:
    assert is_credit_code("N2110105MA00TET164")


def test_resident_ids_are_checked_by_their_last_digit() -> None:
    assert is_resident_id("11010519491231002X")
    assert not is_resident_id("110105194912310021")
    assert not is_resident_id("11010519491231002x")


@pytest.mark.parametrize(
    ("misread", "code"),
    [
        ("9IIIOIO5MAOOTETI6L", SOUND),
        ("911101O5MA00TET16L", SOUND),
        ("9111010SMA00TET16L", SOUND),
        ("9111OIO8MAOIDEMZ39", "91110108MA01DEM239"),
        ("91110105MA00TET16K", None),
        ("9111010SMA00TET16K", None),
        ("", None),
        ("公司", None),
    ],
)
def test_letters_that_no_code_holds_are_mended_only_with_certainty(misread: str, code: str | None) -> None:
    assert repair(misread) == code


@given(st.sampled_from(VECTORS["uscc_valid"]), st.data())
def test_lookalikes_mend_back(code: str, data: st.DataObject) -> None:
    wrong = {"1": "I", "0": "O", "5": "S", "2": "Z"}
    places = [place for place, character in enumerate(code) if character in wrong]
    chosen = data.draw(st.sets(st.sampled_from(places)))
    misread = "".join(wrong[c] if place in chosen else c for place, c in enumerate(code))
    assert repair(misread) == code


@given(st.text(alphabet=ALPHABET + "IOSVZ", min_size=18, max_size=18))
def test_what_is_mended_is_sound(text: str) -> None:
    mended = repair(text)
    assert mended is None or is_credit_code(mended)


@pytest.mark.parametrize(
    "tax_id",
    [
        SOUND,
        "11010519491231002X",
        "110105123456789",
        "11010512345678X",
        "110105MA00TET16",
        "11010549123100201",
        "11010519491231002X01",
    ],
)
def test_every_known_kind_of_id_is_taken(draft_of, tax_id: str) -> None:
    assert list(tax_ids(draft_of(seller_tax_id=tax_id, buyer_tax_id=tax_id), TODAY)) == []


@pytest.mark.parametrize(
    ("tax_id", "code"),
    [
        ("91110105MA00TET16K", "TAX-ID-CHECK"),
        ("9111010SMA00TET16L", "TAX-ID-CHECK"),
        ("91110105MA00TET16", "TAX-ID-SHAPE"),
        ("91110105MA00TET16LL", "TAX-ID-SHAPE"),
        ("9111010512345678", "TAX-ID-SHAPE"),
        ("911101051234567", "TAX-ID-SHAPE"),
    ],
)
@pytest.mark.parametrize("field", ["buyer_tax_id", "seller_tax_id"])
def test_unsound_ids_are_errors_that_name_the_party(draft_of, field: str, tax_id: str, code: str) -> None:
    (finding,) = tax_ids(draft_of(**{field: tax_id}), TODAY)
    assert (finding.code, finding.severity, finding.field) == (code, Severity.ERROR, field)
    assert tax_id in finding.zh
    assert tax_id in finding.en


def test_the_finding_offers_the_mended_id(draft_of) -> None:
    (finding,) = tax_ids(draft_of(seller_tax_id="9111010SMA00TET16L"), TODAY)
    assert SOUND in finding.zh
    assert SOUND in finding.en
