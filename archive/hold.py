"""Hold: what a case needs stays, whatever its term. 会计档案管理办法 (2015) keeps vouchers of unsettled claims and of
unfinished matters from destruction. In the catalog by trigger, in the vault by the store's own hold.

Placing: the vault first, then rows and audit entry, so that an acknowledged hold holds. Releasing: the other way round.
What a crash leaves between is put right by ``renew``.
"""

from datetime import datetime

from archive.audit import log
from archive.audit.entry import Act
from archive.catalog import catalog, holds
from archive.catalog.database import Database
from archive.errors import NotFoundError, QueryError
from archive.model.hold import Hold
from archive.objects.store import ObjectStore

_LONGEST_CASE = 120


def place(
    database: Database, vault: ObjectStore, record_id: str, *, case: str, reason: str, actor: str, now: datetime
) -> bool:
    """See ``Archive.hold``."""
    if not _is_line(case) or len(case) > _LONGEST_CASE or not _is_line(reason):
        raise QueryError(
            f"保全需要案由（至多 {_LONGEST_CASE} 字）和理由，各为一行文字。",
            f"A hold needs a case (at most {_LONGEST_CASE} letters) and a reason, one line of text each.",
        )
    with database.read() as connection:
        record = catalog.existing(connection, record_id)
        kept = catalog.objects_of(connection, record)
    for there in kept:
        vault.hold(there.key)
    with database.write() as connection:
        if _open(holds.of_record(connection, record_id), case):
            return False
        holds.place(connection, Hold(record_id, case, reason, now, actor))
        log.append(connection, actor, Act.HOLD_PLACED, record_id, {"case": case, "reason": reason}, now)
    return True


def release(
    database: Database, vault: ObjectStore, record_id: str, *, case: str, reason: str, actor: str, now: datetime
) -> None:
    """See ``Archive.release``."""
    if not _is_line(reason):
        raise QueryError("解除保全需要理由，为一行文字。", "A release needs a reason, one line of text.")
    with database.write() as connection:
        record = catalog.existing(connection, record_id)
        if not _open(holds.of_record(connection, record_id), case):
            raise NotFoundError(
                f"记录 {record_id} 没有案由为“{case}”的保全。",
                f"Record {record_id} is not on hold for the case {case!r}.",
            )
        holds.release(connection, record_id, case, actor, reason, now)
        log.append(connection, actor, Act.HOLD_RELEASED, record_id, {"case": case, "reason": reason}, now)
        still = any(hold.is_open for hold in holds.of_record(connection, record_id))
        keys = {kept.key for kept in catalog.objects_of(connection, record)}
        free = set() if still else keys - holds.held_otherwise(connection, record_id, keys)
    for key in sorted(free):
        vault.release(key)


def renew(database: Database, vault: ObjectStore) -> int:
    """Hold in the vault whatever belongs to a record on hold: what was joined since, and what a crash or a release of
    another record's hold at the same moment left. How many records those are. For the schedule."""
    with database.read() as connection:
        held = holds.held_records(connection)
    for record_id in held:
        with database.read() as connection:
            kept = catalog.objects_of(connection, catalog.existing(connection, record_id))
        for there in kept:
            vault.hold(there.key)
    return len(held)


def _is_line(text: str) -> bool:
    """Also whether database and log can hold it: bytes of a command line that are no UTF-8 are not printable."""
    return bool(text.strip()) and text.isprintable()


def _open(found: tuple[Hold, ...], case: str) -> bool:
    return any(hold.is_open and hold.case == case for hold in found)
