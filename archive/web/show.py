"""How values look on a screen: money, dates, sizes."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from archive.model.beijing import BEIJING


def money(value: Decimal | str | None) -> str:
    """``13,470.28``. What is no number is shown as it is."""
    if value is None or value == "":
        return ""
    try:
        return f"{Decimal(value):,.2f}"
    except InvalidOperation:
        return str(value)


def moment(value: datetime) -> str:
    """Beijing time to the minute."""
    return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def size(octets: int) -> str:
    for unit, shift in (("GB", 30), ("MB", 20), ("KB", 10)):
        if octets >= 1 << shift:
            scaled = octets / (1 << shift)
            return f"{scaled:.1f} {unit}" if scaled < 10 else f"{scaled:.0f} {unit}"
    return f"{octets} B"


def percent(confidence: Decimal) -> int:
    """Confidence as whole percent, rounded down, so that 100 means certain."""
    return int(confidence * 100)
