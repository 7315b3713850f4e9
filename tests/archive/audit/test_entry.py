"""Entries: the leaf hash covers every word, and its spelling is fixed."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.audit.entry import Entry, canonical_json, entry

AT = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def made(**changes: object) -> Entry:
    values = {
        "sequence": 7,
        "at": AT,
        "actor": "审核员",
        "act": "record-deposited",
        "subject": "abc",
        "details": {"n": 1},
    }
    return entry(**{**values, **changes})  # type: ignore[arg-type]


def test_the_leaf_hash_is_that_of_rfc_9162_over_canonical_json() -> None:
    leaf = (
        '{"act":"record-deposited","actor":"审核员","at":"2026-01-02T03:04:05.000006+00:00",'
        '"details":{"n":1},"sequence":7,"subject":"abc"}'
    )
    assert made().leaf_hash == hashlib.sha256(b"\x00" + leaf.encode()).hexdigest()


def test_the_same_moment_in_another_time_zone_is_the_same_entry() -> None:
    assert made(at=AT.astimezone(timezone(timedelta(hours=8)))) == made()


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 8},
        {"at": AT + timedelta(microseconds=1)},
        {"actor": "other"},
        {"act": "record-removed"},
        {"subject": "abd"},
        {"details": {"n": 2}},
        {"details": {"n": "1"}},
        {"details": {}},
    ],
)
def test_an_entry_with_any_word_changed_is_not_whole(change: dict[str, object]) -> None:
    assert made().is_whole
    assert not replace(made(), **change).is_whole  # type: ignore[arg-type]


@pytest.mark.parametrize("act", ["", "Deposit", "record deposited", "-a", "a-", "a--b", "删除"])
def test_an_act_out_of_form_is_refused(act: str) -> None:
    with pytest.raises(ValueError, match="not an act"):
        made(act=act)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        made(at=datetime(2026, 1, 2))  # noqa: DTZ001


@given(st.dictionaries(TEXT, st.one_of(TEXT, st.integers(), st.none()), max_size=5))
def test_canonical_json_does_not_depend_on_the_order_of_keys(details: dict[str, str | int | None]) -> None:
    assert canonical_json(details) == canonical_json(dict(reversed(details.items())))
