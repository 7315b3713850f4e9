"""Legal hold: a record that must not be disposed of while a case is open, whatever its term."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """``case`` names the matter: an audit, a lawsuit, an unsettled claim. ``released_at`` is None while it is open."""

    record_id: str
    case: str
    reason: str
    placed_at: datetime
    placed_by: str
    released_at: datetime | None = None
    released_by: str | None = None
    release_reason: str | None = None

    @property
    def is_open(self) -> bool:
        return self.released_at is None
