"""Column types that keep the model's promises in any database: aware times, exact money."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, TypeDecorator

_FEN = Decimal(100)
_MOST_FEN = 10**17


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Yuan(TypeDecorator[Decimal]):
    """Money in yuan, stored as whole fen, so that the database compares and adds without rounding.

    Fractions of a fen are refused with ValueError: no total of an invoice has them.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        fen = value * _FEN
        if not fen.is_finite() or fen != fen.to_integral_value() or abs(fen) > _MOST_FEN:
            raise ValueError(f"not an amount in whole fen: {value}")
        return int(fen)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(value) / _FEN).quantize(Decimal("0.01"))
