"""Extend: a record is kept longer than before, never shorter. And the locks in the vault that lag behind their term."""

from dataclasses import replace
from datetime import date, datetime

from archive.audit import log
from archive.audit.entry import Act, Details
from archive.catalog import catalog
from archive.catalog.catalog import KeptObject
from archive.catalog.database import Database
from archive.deposit import Written, keep_json, turn
from archive.errors import NotFoundError, QueryError, RetentionError
from archive.model.beijing import beijing_date
from archive.model.record import Record
from archive.objects.store import ObjectStore
from archive.retention.schedule import RetentionClass, lock_lags, lock_until, retain_until

_BATCH = 500


def extend(
    database: Database,
    vault: ObjectStore,
    record_id: str,
    *,
    retention_class: RetentionClass | None,
    booking_year: int | None,
    actor: str,
    now: datetime,
) -> Record:
    """See ``Archive.extend``. A crash leaves locks that reach further than the catalog says, or a JSON that the next
    attempt takes up; never a term without its locks."""
    today = beijing_date(now)
    with turn(record_id):
        while True:
            with database.read() as connection:
                record = catalog.existing(connection, record_id)
                kept = catalog.objects_of(connection, record)
            extended = _extended(record, retention_class, booking_year, today)
            if extended == record:
                return record
            _lock_all(vault, kept, extended.retain_until, today)
            written = keep_json(vault, extended, today)
            longer = [replace(there, retain_until=extended.retain_until) for there in kept]
            with database.write() as connection:
                catalog.keep_all(connection, (*longer, *written.objects))
                if catalog.existing(connection, record_id).version == record.version:
                    catalog.advance(connection, written.record, written.text, len(record.originals))
                    log.append(connection, actor, Act.RETENTION_EXTENDED, record_id, _details(record, written), now)
                    return written.record


def lengthen_locks(database: Database, vault: ObjectStore, today: date) -> int:
    """See ``Archive.lengthen_locks``. What is missing in the vault is left to the check."""
    lengthened, last = 0, ""
    while True:
        with database.read() as connection:
            batch = catalog.kept_after(connection, last, _BATCH)
        if not batch:
            return lengthened
        lengthened += sum(_lengthened(vault, kept, today) for kept in batch)
        last = batch[-1].key


def _extended(record: Record, retention_class: RetentionClass | None, booking_year: int | None, today: date) -> Record:
    """The record under the wider terms, as its next version; itself where they are what it has."""
    held = RetentionClass(record.retention_class)
    wanted = retention_class or held
    if wanted.rank < held.rank:
        raise RetentionError(
            f"记录 {record.id} 的保管类别为 {held}，只能延长，不能改为 {wanted}。",
            f"Record {record.id} is kept in class {held}; it can be kept longer but not be moved to {wanted}.",
        )
    arrived = beijing_date(record.originals[0].received_at)
    _require_year(booking_year, (record.invoice.issue_date or arrived).year, today)
    year = record.booking_year if booking_year is None else booking_year
    if (wanted, year) == (held, record.booking_year):
        return record
    until = retain_until(wanted, record.invoice.issue_date, arrived, year)
    return replace(
        record,
        version=record.version + 1,
        retention_class=str(wanted),
        booking_year=year,
        retain_until=max(record.retain_until, until),
    )


def _require_year(booking_year: int | None, issued: int, today: date) -> None:
    """A slip of the finger must not lock anything for centuries: locks cannot be taken back."""
    if booking_year is not None and not min(issued, today.year) - 1 <= booking_year <= today.year + 1:
        raise QueryError(
            f"{booking_year} 不会是入账年度；请核对（{issued - 1}–{today.year + 1}）。",
            f"{booking_year} cannot be the year of booking; look again ({issued - 1}–{today.year + 1}).",
        )


def _lock_all(vault: ObjectStore, kept: tuple[KeptObject, ...], until: date, today: date) -> None:
    for there in kept:
        vault.lock_until(there.key, lock_until(until, today))


def _lengthened(vault: ObjectStore, kept: KeptObject, today: date) -> bool:
    try:
        if not lock_lags(vault.stat(kept.key).locked_until, kept.retain_until, today):
            return False
        vault.lock_until(kept.key, lock_until(kept.retain_until, today))
    except NotFoundError:
        return False
    return True


def _details(before: Record, written: Written) -> Details:
    record = written.record
    return {
        "version": record.version,
        "record_json": written.json.digest.text,
        "class_before": before.retention_class,
        "class": record.retention_class,
        "booking_year": record.booking_year,
        "retain_until_before": before.retain_until.isoformat(),
        "retain_until": record.retain_until.isoformat(),
    }
