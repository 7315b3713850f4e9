"""The audit log's rows: appended inside the caller's transaction, never changed. Triggers refuse everything else."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from archive.audit.entry import Details, Entry, canonical_json, entry
from archive.catalog.tables import audit_entries


def append(connection: Connection, actor: str, act: str, subject: str, details: Details, at: datetime) -> Entry:
    """The next entry. The connection must hold the write transaction of the act, so that both commit or neither."""
    last = connection.scalar(select(func.coalesce(func.max(audit_entries.c.sequence), 0))) or 0
    made = entry(last + 1, at, actor, act, subject, details)
    connection.execute(
        insert(audit_entries).values(
            sequence=made.sequence,
            at=made.at,
            actor=made.actor,
            act=made.act,
            subject=made.subject,
            details=canonical_json(made.details).decode(),
            leaf_hash=made.leaf_hash,
        )
    )
    return made


def entries_of(connection: Connection, subject: str) -> tuple[Entry, ...]:
    """All entries about a subject, oldest first."""
    of_subject = select(audit_entries).where(audit_entries.c.subject == subject).order_by(audit_entries.c.sequence)
    return tuple(map(_entry, connection.execute(of_subject)))


def newest(connection: Connection, limit: int) -> tuple[Entry, ...]:
    """Newest first."""
    newest_first = select(audit_entries).order_by(audit_entries.c.sequence.desc()).limit(limit)
    return tuple(map(_entry, connection.execute(newest_first)))


def after(connection: Connection, sequence: int, limit: int) -> tuple[Entry, ...]:
    """The entries that follow a sequence number, oldest first."""
    following = select(audit_entries).where(audit_entries.c.sequence > sequence)
    return tuple(map(_entry, connection.execute(following.order_by(audit_entries.c.sequence).limit(limit))))


def _entry(row: Row[Any]) -> Entry:
    columns = row._mapping
    return Entry(
        sequence=columns["sequence"],
        at=columns["at"],
        actor=columns["actor"],
        act=columns["act"],
        subject=columns["subject"],
        details=_details(columns["details"]),
        leaf_hash=columns["leaf_hash"],
    )


def _details(text: str) -> Details:
    """What is no JSON any more is shown as it is; its hash will not fit."""
    try:
        details: Details = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    return details
