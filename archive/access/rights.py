"""What each role may do: the one table. Every route names its right."""

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    UPLOAD = "upload"
    READ = "read"
    REVIEW = "review"


class Role(StrEnum):
    ADMINISTRATOR = "administrator"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
}
