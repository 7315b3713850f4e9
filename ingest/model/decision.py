"""The decision on a draft: accept it, or put it in front of a person, with the reasons."""

from dataclasses import dataclass
from enum import StrEnum

from archive.model.evidence import Finding


class Outcome(StrEnum):
    ACCEPT = "accept"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Claim:
    """A record of the archive that already holds the same invoice: its id, media types and settled values."""

    record: str
    media_types: frozenset[str]
    values: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows that bears on a draft, as a value."""

    same_invoice: Claim | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """``reasons`` is empty only for an accepted draft. ``joins`` names the record that an accepted draft becomes a
    further rendition of; ``duplicate_of`` the record that a draft in review claims once more."""

    outcome: Outcome
    reasons: tuple[Finding, ...]
    joins: str | None = None
    duplicate_of: str | None = None
