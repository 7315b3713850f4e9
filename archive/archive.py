"""Archive: the one door to custody. Everything others may do with records is a method here."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import BinaryIO

from sqlalchemy import Connection

from archive import check, deposit, dispose, retrieve, search
from archive.audit import log
from archive.audit.entry import Entry
from archive.catalog.database import Database
from archive.check import ExpectedInbox, Progress, Report
from archive.model.digest import Digest
from archive.model.evidence import Finding, Reading
from archive.model.invoice import Invoice
from archive.model.query import Page, Query
from archive.model.record import Original, Record
from archive.objects.store import ObjectStore


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """``database`` and ``inbox`` are open to intake, whose tables and arriving bytes live beside the archive's own;
    the vault is reached through the methods only. Every act commits together with its audit entry."""

    def __init__(
        self, database: Database, inbox: ObjectStore, vault: ObjectStore, clock: Callable[[], datetime] = _now
    ) -> None:
        self.database = database
        self.inbox = inbox
        self._vault = vault
        self._clock = clock

    @property
    def retention_enforced_by(self) -> str:
        """Who refuses early deletion of stored bytes: ``application``, or ``object-lock`` where the store does."""
        return self._vault.retention_enforced_by

    def deposit(
        self,
        *,
        document_digest: Digest,
        index: int,
        invoice: Invoice,
        original: Original,
        content: Callable[[], AbstractContextManager[BinaryIO]],
        readings: Iterable[Reading],
        findings: Iterable[Finding],
        actor: str,
        now: datetime,
    ) -> Record:
        """Take an invoice into custody: bytes, record and audit entry are durable when this returns.

        ``index`` counts the invoices of the document from 0; together with the digest it makes the record's id, so
        the same deposit again returns the record that is there. ``content`` opens the document's bytes and may be
        called more than once. Raises ConflictError where another record holds the same invoice (join it instead),
        IntegrityError where the bytes are not those of the digest, StoreUnavailableError where a retry can help.
        """
        return deposit.deposit(
            self.database,
            self._vault,
            document_digest=document_digest,
            index=index,
            invoice=invoice,
            original=original,
            content=content,
            readings=tuple(readings),
            findings=tuple(findings),
            actor=actor,
            now=now,
        )

    def join(
        self,
        record_id: str,
        *,
        original: Original,
        content: Callable[[], AbstractContextManager[BinaryIO]],
        readings: Iterable[Reading],
        actor: str,
        now: datetime,
    ) -> Record:
        """Add a further rendition of the same invoice to a record, as its next version.

        A rendition that is already there changes nothing. Raises NotFoundError, else as ``deposit``.
        """
        return deposit.join(
            self.database,
            self._vault,
            record_id,
            original=original,
            content=content,
            readings=tuple(readings),
            actor=actor,
            now=now,
        )

    def search(self, query: Query, limit: int = 50, after: str | None = None) -> Page:
        """Hits, newest issue date first; ``after`` is the ``Page.after`` of the page before. Raises QueryError."""
        return search.search(self.database, query, limit, after)

    def record(self, record_id: str) -> Record:
        """Raises NotFoundError."""
        return retrieve.record(self.database, record_id)

    def claim(self, identity: str) -> Record | None:
        """The record that holds the invoice of this identity (``Invoice.identity``), if there is one."""
        return retrieve.claim(self.database, identity)

    def original(self, digest: Digest) -> AbstractContextManager[BinaryIO]:
        """The bytes of an original, hashed before they are handed out. Raises NotFoundError, IntegrityError."""
        return retrieve.original(self.database, self._vault, digest)

    def history(self, subject: str) -> tuple[Entry, ...]:
        """The audit entries about a subject (for a record: its id), oldest first."""
        with self.database.read() as connection:
            return log.entries_of(connection, subject)

    def newest(self, limit: int = 100) -> tuple[Entry, ...]:
        """The newest audit entries, newest first."""
        with self.database.read() as connection:
            return log.newest(connection, limit)

    def note(
        self,
        connection: Connection,
        actor: str,
        act: str,
        subject: str,
        details: Mapping[str, str | int | None],
        now: datetime | None = None,
    ) -> Entry:
        """Write an audit entry inside the caller's transaction (``database.write()``), for acts of other packages.

        ``act`` is lower-case words joined by hyphens; ``now`` defaults to the clock.
        """
        return log.append(connection, actor, act, subject, details, now or self._clock())

    def check(
        self,
        expected_inbox: ExpectedInbox | None = None,
        progress: Callable[[Progress], None] | None = None,
        pause: float = check.PAUSE_SECONDS,
    ) -> Report:
        """Re-hash everything and compare catalog, stores and audit log with each other, beside a running service.

        ``expected_inbox`` yields what intake knows of the inbox; without it the inbox is not checked, and the report
        says so. ``pause`` is the time in seconds after which a suspicion is looked at again before it is reported.
        """
        return check.check(self.database, self._vault, self.inbox, expected_inbox, progress, pause)

    def remove(self, record_id: str, today: date) -> None:
        """Always refused with RetentionError: before the term by law, after it until disposal by procedure exists."""
        dispose.remove(self.database, record_id, today)
