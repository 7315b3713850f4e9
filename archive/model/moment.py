"""Moments as they are stored: UTC with microseconds, so that the order of texts is the order of times."""

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def to_text(moment: datetime) -> str:
    """Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).strftime(_FORM)


def from_text(text: str) -> datetime:
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
