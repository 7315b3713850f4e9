"""Archive: the one door to custody. Everything others may do with records is a method here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import BinaryIO

from cryptography.x509 import Certificate
from sqlalchemy import Connection

from archive import check, deposit, dispose, extend, hold, retrieve, search
from archive.audit import anchor, log, prove, verify
from archive.audit.anchor import Notary
from archive.audit.checkpoint import Checkpoint
from archive.audit.entry import Entry
from archive.audit.note import Verifier
from archive.catalog import catalog, holds
from archive.catalog.database import Database
from archive.check import ExpectedInbox, Progress, Report
from archive.model.beijing import beijing_date
from archive.model.digest import Digest
from archive.model.evidence import Finding, Reading
from archive.model.hold import Hold
from archive.model.invoice import Invoice
from archive.model.query import Hit, Page, Query
from archive.model.record import Original, Record
from archive.objects.mirror import Lag, MirrorStore
from archive.objects.store import ObjectStore
from archive.retention.schedule import RetentionClass


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """``database`` and ``inbox`` are open to intake, whose tables and arriving bytes live beside the archive's own;
    the vault is reached through the methods only. Every act commits together with its audit entry."""

    def __init__(
        self,
        database: Database,
        inbox: ObjectStore,
        vault: ObjectStore,
        clock: Callable[[], datetime] = _now,
        notary: Notary | None = None,
    ) -> None:
        self.database = database
        self.inbox = inbox
        self._vault = vault
        self._clock = clock
        self._notary = notary

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

    @property
    def notary(self) -> Notary:
        """Who signs the audit log's heads."""
        if self._notary is None:
            raise RuntimeError("this archive was opened without a signing key")
        return self._notary

    def anchor(self) -> Checkpoint | None:
        """Bring the audit log into the vault under a signed head, and have that time-stamped where an authority is
        set; the newest head, None for an empty log.

        Raises IntegrityError, and signs nothing, where the database's log does not continue the vault's;
        StoreUnavailableError where vault or authority do not answer.
        """
        today = beijing_date(self._clock())
        head = anchor.anchor(self.database, self._vault, self.notary, today)
        if head and self.notary.authority:
            anchor.stamp(self.database, self._vault, self.notary.authority, head.size, today)
        return head

    def verify_audit(
        self, keys: Sequence[Verifier] = (), seen: Sequence[str] = (), authorities: Sequence[Certificate] = ()
    ) -> verify.Report:
        """The log in the vault against its signed heads, and the database against both; see ``audit.verify``. ``keys``
        default to this archive's own."""
        keys = tuple(keys) or self.notary.verifiers
        return verify.verify(self._vault, keys, database=self.database, seen=seen, authorities=authorities)

    def prove(self, record_id: str) -> Mapping[str, object]:
        """A proof of the audit entries about a record, for outsiders; see ``audit.prove``. Anchors first, but waits for
        no time stamp: the proof holds none.

        Raises NotFoundError, else as ``anchor``.
        """
        anchor.anchor(self.database, self._vault, self.notary, beijing_date(self._clock()))
        with self.database.read() as connection:
            catalog.existing(connection, record_id)
            return prove.prove(connection, self._vault, record_id, self.notary.verifiers)

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

    def extend(
        self,
        record_id: str,
        *,
        retention_class: RetentionClass | None = None,
        booking_year: int | None = None,
        actor: str,
        now: datetime | None = None,
    ) -> Record:
        """Put a record into a longer retention class, or name the fiscal year in which it was booked. Its term grows
        or stays: the locks first, then rows and audit entry.

        What changes nothing changes nothing. Raises NotFoundError, RetentionError for a shorter class, QueryError for
        a year that cannot be one of booking.
        """
        return extend.extend(
            self.database,
            self._vault,
            record_id,
            retention_class=retention_class,
            booking_year=booking_year,
            actor=actor,
            now=now or self._clock(),
        )

    def hold(self, record_id: str, *, case: str, reason: str, actor: str, now: datetime | None = None) -> bool:
        """Put a record on legal hold for a case: nothing of it can be removed until ``release``, whatever its term.

        False where it is on hold for the case already. Raises NotFoundError, QueryError without case or reason,
        StoreUnavailableError.
        """
        now = now or self._clock()
        return hold.place(self.database, self._vault, record_id, case=case, reason=reason, actor=actor, now=now)

    def release(self, record_id: str, *, case: str, reason: str, actor: str, now: datetime | None = None) -> None:
        """End a record's hold for a case; its term and other holds stay. Raises NotFoundError where there is none,
        QueryError without a reason."""
        now = now or self._clock()
        hold.release(self.database, self._vault, record_id, case=case, reason=reason, actor=actor, now=now)

    def holds(self, record_id: str) -> tuple[Hold, ...]:
        """All holds on a record, also those that have ended, oldest first."""
        with self.database.read() as connection:
            return holds.of_record(connection, record_id)

    def renew_holds(self) -> int:
        """Hold in the vault what has joined records on hold since; how many are. For the schedule."""
        return hold.renew(self.database, self._vault)

    def expiring(self, days: int) -> tuple[Hit, ...]:
        """Records whose term has ended or ends within so many days, the first to end first."""
        with self.database.read() as connection:
            return catalog.expiring(connection, beijing_date(self._clock()) + timedelta(days=days))

    def lengthen_locks(self) -> int:
        """Lengthen every lock in the vault that lags behind its term; how many did. For the schedule."""
        return extend.lengthen_locks(self.database, self._vault, beijing_date(self._clock()))

    def mirror_lag(self) -> Lag | None:
        """What the second copy of the vault lacks and since when; None where there is none. Raises
        StoreUnavailableError where a store does not answer."""
        return self._vault.lag() if isinstance(self._vault, MirrorStore) else None

    def clear_unfinished(self) -> int:
        """Remove what interrupted writers left in vault and inbox; returns how much. Living writers keep theirs."""
        return self._vault.clear_unfinished() + self.inbox.clear_unfinished()

    def compare_copies(self) -> int:
        """Bring the second copy of the vault, locks and holds included, to what the first one is; returns how many
        objects were behind. Raises StoreUnavailableError where a store does not answer."""
        return self._vault.catch_up(thorough=True) if isinstance(self._vault, MirrorStore) else 0

    def remove(self, record_id: str, today: date) -> None:
        """Always refused with RetentionError: before the term by law, after it until disposal by procedure exists."""
        dispose.remove(self.database, record_id, today)
