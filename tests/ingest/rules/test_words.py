import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.rules.words import from_words, to_words

VECTORS = json.loads((Path(__file__).parents[2] / "domain-vectors.json").read_text("utf-8"))["amount_words"]
AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12).map(lambda fen: Decimal(fen).scaleb(-2))
ANY_AMOUNT = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1).map(lambda fen: Decimal(fen).scaleb(-2))
ROUND_AMOUNT = st.lists(st.sampled_from("0000123456789"), min_size=1, max_size=14).map(
    lambda digits: Decimal("".join(digits)).scaleb(-2)
)


@pytest.mark.parametrize(("amount", "words"), VECTORS.items())
def test_known_amounts_are_written_and_read(amount: str, words: str) -> None:
    assert to_words(Decimal(amount)) == words
    assert from_words(words) == Decimal(amount)


@given(AMOUNTS | ANY_AMOUNT | ROUND_AMOUNT)
def test_what_is_written_reads_back(amount: Decimal) -> None:
    assert from_words(to_words(amount)) == amount


@given(AMOUNTS | ROUND_AMOUNT, st.data())
def test_another_digit_changes_or_breaks_the_amount(amount: Decimal, data: st.DataObject) -> None:
    words = to_words(amount)
    places = [place for place, character in enumerate(words) if character in "零壹贰叁肆伍陆柒捌玖"]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("零壹贰叁肆伍陆柒捌玖"))
    assume(digit != words[place])
    assert from_words(words[:place] + digit + words[place + 1 :]) != amount


@given(AMOUNTS | ROUND_AMOUNT, st.data())
def test_a_lost_digit_changes_or_breaks_the_amount(amount: Decimal, data: st.DataObject) -> None:
    words = to_words(amount)
    places = [place for place, character in enumerate(words) if character in "贰叁肆伍陆柒捌玖"]
    assume(places)
    place = data.draw(st.sampled_from(places))
    assert from_words(words[:place] + words[place + 1 :]) != amount


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("壹仟陆佰捌拾圆零叁角贰分", "1680.32"),
        ("壹拾万零柒仟圆伍角叁分", "107000.53"),
        ("壹拾万柒仟圆零伍角叁分", "107000.53"),
        ("壹佰圆伍分", "100.05"),
        ("伍角", "0.50"),
        ("零圆伍分", "0.05"),
        ("壹佰圆", "100.00"),
        ("拾贰万元正", "120000.00"),
        ("⊗壹仟壹佰叁拾圆整", "1130.00"),
        ("ⓧ 壹仟壹佰叁拾圆整", "1130.00"),
        ("○壹仟壹佰叁拾圆整", "1130.00"),
        ("⊗(负数)壹仟圆整", "-1000.00"),
        ("负数壹仟圆整", "-1000.00"),
        ("壹萬貳仟叄佰兩圓整", None),
        ("壹萬貳仟叄佰零兩圓整", "12302.00"),
        ("壹〇壹圆整", None),
        ("壹佰〇壹圆整", "101.00"),
        ("壹佰 零壹 圆 整", "101.00"),
    ],
)
def test_variants_and_freedoms_of_the_writer(words: str, amount: str | None) -> None:
    assert from_words(words) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "圆整",
        "整",
        "壹佰",
        "壹仟壹圆",
        "壹佰零零壹圆",
        "壹佰零拾圆",
        "贰拾拾圆",
        "壹圆零零伍分",
        "伍分整",
        "伍分壹圆",
        "壹佰贰佰圆整",
        "壹万亿圆整",
        "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖亿圆整",
        "壹仟X佰圆整",
        "一共壹佰圆",
        "1130.00",
    ],
)
def test_what_is_no_amount_in_words_is_refused(words: str) -> None:
    assert from_words(words) is None


@given(st.text(alphabet="零壹贰玖拾佰仟万亿圆角分整负数（）⊗") | st.text())
def test_no_text_fails_and_what_is_read_can_be_written(words: str) -> None:
    amount = from_words(words)
    assert amount is None or from_words(to_words(amount)) == amount


@pytest.mark.parametrize("amount", ["1000000000000", "-1000000000000", "0.001"])
def test_amounts_beyond_a_trillion_or_below_a_fen_cannot_be_written(amount: str) -> None:
    with pytest.raises(ValueError, match="trillion"):
        to_words(Decimal(amount))
