"""The rows of legal holds."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from archive.catalog.tables import holds, record_originals
from archive.model.hold import Hold


def of_record(connection: Connection, record_id: str) -> tuple[Hold, ...]:
    """All holds on a record, also those that have ended, oldest first."""
    rows = connection.execute(select(holds).where(holds.c.record_id == record_id).order_by(holds.c.placed_at))
    return tuple(
        Hold(
            row.record_id,
            row.case_name,
            row.reason,
            row.placed_at,
            row.placed_by,
            row.released_at,
            row.released_by,
            row.release_reason,
        )
        for row in rows
    )


def place(connection: Connection, hold: Hold) -> None:
    """A new hold; there must be no open one on the record for the case."""
    earlier = select(func.coalesce(func.max(holds.c.number), 0)).where(
        holds.c.record_id == hold.record_id, holds.c.case_name == hold.case
    )
    connection.execute(
        insert(holds).values(
            record_id=hold.record_id,
            case_name=hold.case,
            number=(connection.scalar(earlier) or 0) + 1,
            reason=hold.reason,
            placed_at=hold.placed_at,
            placed_by=hold.placed_by,
        )
    )


def release(connection: Connection, record_id: str, case: str, actor: str, reason: str, now: datetime) -> None:
    """End the open hold on a record for a case."""
    open_hold = (holds.c.record_id == record_id, holds.c.case_name == case, holds.c.released_at.is_(None))
    connection.execute(
        update(holds).where(*open_hold).values(released_at=now, released_by=actor, release_reason=reason)
    )


def held_records(connection: Connection) -> tuple[str, ...]:
    """The ids of all records on which a hold is open."""
    held = select(holds.c.record_id).where(holds.c.released_at.is_(None)).distinct().order_by(holds.c.record_id)
    return tuple(connection.scalars(held))


def held_otherwise(connection: Connection, record_id: str, keys: Iterable[str]) -> set[str]:
    """Those of the keys that are originals of another record on which a hold is open."""
    others = (
        select(record_originals.c.object_key)
        .join(holds, holds.c.record_id == record_originals.c.record_id)
        .where(holds.c.released_at.is_(None), holds.c.record_id != record_id)
        .where(record_originals.c.object_key.in_(keys))
    )
    return set(connection.scalars(others))
