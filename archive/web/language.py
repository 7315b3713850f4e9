"""The two languages of the screens: one catalogue each, used by templates and scripts alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

Phrase = str | Mapping[str, str]
Catalogue = Mapping[str, Mapping[str, Phrase]]
LOCALES = Path(__file__).parent / "locales"


class Language(StrEnum):
    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """The tag for the page's ``lang`` (BCP 47)."""
        return {"zh": "zh-Hans", "en": "en"}[self.value]

    @property
    def other(self) -> "Language":
        return Language.EN if self is Language.ZH else Language.ZH


@dataclass(frozen=True, slots=True)
class Words:
    """A catalogue's phrases, found by ``area.name``. A phrase may hold ``{places}``, and ``one``/``other`` forms that
    are chosen by ``n``."""

    language: Language
    catalogue: Catalogue

    def __call__(self, key: str, **values: object) -> str:
        area, _, name = key.partition(".")
        phrase = self.catalogue[area][name]
        if not isinstance(phrase, str):
            phrase = phrase["one" if values.get("n") == 1 else "other"]
        return phrase.format_map(values) if values else phrase

    def known(self, key: str) -> bool:
        area, _, name = key.partition(".")
        return name in self.catalogue.get(area, {})

    def areas(self, *areas: str) -> dict[str, Mapping[str, Phrase]]:
        """The part of the catalogue that a page's scripts need."""
        return {area: self.catalogue[area] for area in areas}

    def of(self, told: object) -> str:
        """The sentence in this language of anything that speaks both (``zh``, ``en``)."""
        return str(getattr(told, self.language.value))


def load(folder: Path = LOCALES) -> Mapping[Language, Words]:
    return {
        language: Words(language, json.loads((folder / f"{language}.json").read_text("utf-8"))) for language in Language
    }
