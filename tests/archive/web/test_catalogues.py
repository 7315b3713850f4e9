"""Both catalogues hold the same phrases, and the screens use exactly these."""

import re
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

import archive.web
import ingest.web
from archive.access.rights import Role
from archive.model.evidence import Source
from archive.model.record import VerificationStatus
from archive.retention.schedule import RetentionClass
from archive.web.language import Language, Words, load
from archive.web.search import presets
from archive.web.sheet import FIELD_GROUPS
from ingest.kinds.registry import KINDS, UNKNOWN

WEB = [Path(next(iter(package.__path__))) for package in (archive.web, ingest.web)]
SCREENS = [path for folder in WEB for pattern in ("templates/*.html", "static/*.js") for path in folder.glob(pattern)]
FULL = re.compile(r"""\bt\(\s*["']([a-z_]+\.[A-Za-z_-]+)["'](?!\s*~)""")
CHOSEN = re.compile(r"""["']([a-z]+\.[a-z_]+)["']""")
PREFIX = re.compile(r"""["'`]([a-z]+\.[a-z_]*?)(?:["']\s*~|\$\{)""")

ENUMERATED = {
    "field": set(chain.from_iterable(FIELD_GROUPS.values())),
    "group": set(FIELD_GROUPS),
    "source": set(Source),
    "role": set(Role),
    "verification": set(VerificationStatus),
    "retention": set(RetentionClass),
    "span": set(presets(date(2026, 5, 1))),
    "kind": {kind.id for kind in KINDS} | {UNKNOWN},
}
"""Areas whose keys are the values of a closed set."""


@pytest.fixture(scope="module")
def words() -> dict[Language, Words]:
    return dict(load())


def keys(words: Words) -> set[str]:
    return {f"{area}.{name}" for area, phrases in words.catalogue.items() for name in phrases}


def places(phrase: object) -> set[str]:
    texts = phrase.values() if isinstance(phrase, dict) else [phrase]
    return set(re.findall(r"\{(\w+)\}", " ".join(map(str, texts))))


def used() -> tuple[set[str], set[str]]:
    """Keys that the screens name in full, and beginnings of keys that they complete."""
    text = "\n".join(path.read_text("utf-8") for path in SCREENS)
    return {*FULL.findall(text), *CHOSEN.findall(text)}, set(PREFIX.findall(text))


def test_both_languages_have_the_same_keys_and_places(words: dict[Language, Words]) -> None:
    zh, en = words[Language.ZH], words[Language.EN]
    assert keys(zh) == keys(en)
    for key in keys(zh):
        area, _, name = key.partition(".")
        assert places(zh.catalogue[area][name]) - {"n"} == places(en.catalogue[area][name]) - {"n"}, key


def test_every_key_that_a_screen_names_exists(words: dict[Language, Words]) -> None:
    named = set().union(*(FULL.findall(path.read_text("utf-8")) for path in SCREENS))
    assert len(named) > 100
    assert not named - keys(words[Language.ZH])


def test_no_phrase_is_unused(words: dict[Language, Words]) -> None:
    full, beginnings = used()
    unused = {
        key
        for key in keys(words[Language.ZH])
        if key not in full and not any(key.startswith(beginning) for beginning in beginnings)
    }
    assert not unused


@pytest.mark.parametrize("area", sorted(ENUMERATED))
def test_a_closed_set_has_a_phrase_for_each_of_its_values(words: dict[Language, Words], area: str) -> None:
    assert set(words[Language.ZH].catalogue[area]) == {str(value) for value in ENUMERATED[area]}


def test_a_number_chooses_its_form(words: dict[Language, Words]) -> None:
    assert words[Language.EN]("upload.files", n=1) == "1 file"
    assert words[Language.EN]("upload.files", n=2) == "2 files"
    assert words[Language.ZH]("upload.files", n=1) == "1 个文件"
