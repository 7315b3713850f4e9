"""The ledger of documents: what arrived, what is to be done with it, what became of it.

Each change is one transaction together with its audit entry. Rows become ``Document`` values here and nowhere else.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, and_, case, delete, func, insert, or_, select, update

from archive.model.digest import Digest
from archive.model.evidence import Finding
from archive.model.moment import from_text, to_text
from ingest.errors import UnknownDocumentError
from ingest.jobs.tables import arrivals, clock, documents, jobs
from ingest.model.document import Arrival, Document, DocumentState, Receipt
from ingest.model.draft import Examination

STALE_AFTER = timedelta(seconds=30)
"""A job whose owner has not given a sign of life for this long is taken over."""

_findings = TypeAdapter(tuple[Finding, ...])
_examination = TypeAdapter(Examination)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Transactions(Protocol):
    """The catalog's database, as far as the ledger needs it."""

    def read(self) -> AbstractContextManager[Connection]: ...

    def write(self) -> AbstractContextManager[Connection]: ...


Note = Callable[[Connection, str, str, str, Mapping[str, str | int | None]], object]
"""Writes an audit entry in the caller's transaction: connection, actor, act, subject, details."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed piece of work. ``attempts`` counts this one."""

    document: Document
    attempts: int


def document_id(digest: Digest) -> str:
    """The document's name: the first 80 bits of its SHA-256 in Crockford's base 32."""
    number = int(digest.hex[:20], 16)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


class Ledger:
    def __init__(self, database: Transactions, note: Note) -> None:
        self._database = database
        self._note = note

    # arrival

    def register(self, arrival: Arrival, digest: Digest, size: int, media_type: str, now: datetime) -> Receipt:
        """Commit the arrival of a file, and, where its bytes are new, the document and its job."""
        name = document_id(digest)
        with self._database.write() as connection:
            changed = _tick(connection)
            row = connection.execute(select(documents).where(documents.c.id == name)).one_or_none()
            if row is None:
                connection.execute(
                    insert(documents).values(
                        id=name,
                        digest=str(digest),
                        size=size,
                        media_type=media_type,
                        received_at=to_text(now),
                        state=DocumentState.RECEIVED,
                        reasons="[]",
                        records="[]",
                        changed=changed,
                    )
                )
                connection.execute(insert(jobs).values(document=name, attempts=0, next_at=to_text(now)))
            connection.execute(
                insert(arrivals).values(
                    document=name,
                    file_name=arrival.file_name,
                    folder=arrival.folder,
                    batch=arrival.batch,
                    received_from=arrival.received_from,
                    received_by=arrival.received_by,
                    received_at=to_text(now),
                    first=row is None,
                    changed=changed,
                )
            )
            details: dict[str, str | int | None] = {
                "digest": str(digest),
                "size": size,
                "first": int(row is None),
                "from": arrival.received_from,
            }
            self._note(connection, arrival.received_by, "document-received", name, details)
        if row is not None:
            return Receipt(name, digest, row.size, row.media_type, from_text(row.received_at), first=False)
        return Receipt(name, digest, size, media_type, now, first=True)

    # work

    def claim(self, owner: str, now: datetime) -> Job | None:
        """Take the document that has waited longest, or None. What a dead owner left is taken over."""
        stale = or_(jobs.c.owner.is_(None), jobs.c.heartbeat < to_text(now - STALE_AFTER))
        due = select(jobs.c.document, jobs.c.attempts).where(stale, jobs.c.next_at <= to_text(now))
        turn = due.order_by(jobs.c.next_at, jobs.c.document).limit(1)
        with self._database.read() as connection:  # an idle worker asks often and must not hold up who writes
            if connection.execute(turn).one_or_none() is None:
                return None
        with self._database.write() as connection:
            row = connection.execute(turn).one_or_none()
            if row is None:
                return None
            mine = update(jobs).where(jobs.c.document == row.document)
            connection.execute(mine.values(owner=owner, heartbeat=to_text(now), attempts=row.attempts + 1))
            self._touch(connection, row.document)
            return Job(_document(connection, row.document), row.attempts + 1)

    def beat(self, owner: str, now: datetime) -> None:
        """A sign of life for all work of an owner."""
        with self._database.write() as connection:
            connection.execute(update(jobs).where(jobs.c.owner == owner).values(heartbeat=to_text(now)))

    def release_all(self) -> None:
        """Give back all claimed work. Only for the holder of the data folder's lock: then no other owner is alive."""
        with self._database.write() as connection:
            connection.execute(update(jobs).values(owner=None, heartbeat=None))

    def read_again(self, code: str, now: datetime) -> int:
        """Give unreadable documents that wait for this reason a new attempt; returns how many. For start-up: a format
        that nobody could read when the document came may be readable now."""
        waiting = documents.c.state == DocumentState.UNREADABLE
        found = select(documents.c.id).where(waiting, documents.c.reasons.contains(f'"code":"{code}"', autoescape=True))
        with self._database.write() as connection:
            names = list(connection.scalars(found))
            for name in names:
                self._set(connection, name, state=DocumentState.RECEIVED, reasons="[]")
                connection.execute(insert(jobs).values(document=name, attempts=0, next_at=to_text(now)))
                self._note(connection, "piaoku", "document-read-again", name, {"reason": code})
        return len(names)

    def postpone(self, document: str, until: datetime) -> None:
        """Give a claimed document back, to be taken again after ``until``."""
        with self._database.write() as connection:
            connection.execute(
                update(jobs)
                .where(jobs.c.document == document)
                .values(owner=None, heartbeat=None, next_at=to_text(until))
            )
            self._touch(connection, document)

    def record_examination(self, document: str, examination: Examination) -> None:
        """Keep what was read, so that a restart never repeats it."""
        with self._database.write() as connection:
            self._set(
                connection,
                document,
                state=DocumentState.READ,
                examination=_examination.dump_json(examination).decode(),
                media_type=examination.media_type,
            )
            details = {"invoices": len(examination.drafts), "pages": examination.page_count}
            self._note(connection, "piaoku", "document-read", document, details)

    def settle(
        self,
        document: str,
        state: DocumentState,
        *,
        reasons: Sequence[Finding] = (),
        records: Sequence[str] = (),
        duplicate_of: str | None = None,
    ) -> None:
        """End the work on a document: filed, or in front of a person with the reasons."""
        with self._database.write() as connection:
            self._set(
                connection,
                document,
                state=state,
                reasons=_findings.dump_json(tuple(reasons)).decode(),
                records=json.dumps(list(records)),
                duplicate_of=duplicate_of,
            )
            connection.execute(delete(jobs).where(jobs.c.document == document))
            details = {"reasons": " ".join(reason.code for reason in reasons), "records": " ".join(records)}
            self._note(connection, "piaoku", f"document-{state}", document, details)

    # questions

    def document(self, name: str) -> Document:
        """Raises UnknownDocumentError."""
        with self._database.read() as connection:
            return _document(connection, name)

    def by_digest(self, digest: Digest) -> Document | None:
        with self._database.read() as connection:
            known = connection.scalar(select(documents.c.id).where(documents.c.digest == str(digest)))
            return _document(connection, known) if known else None

    def changes(self, since: int, batch: str | None = None, limit: int = 500) -> tuple[Document, ...]:
        """Each arrival that came, or whose document changed, after ``since``, in the order of change.

        Without a batch: each document once, under the name it first came with. Examinations are left out.
        """
        newer = documents.c.changed > arrivals.c.changed
        changed = case((newer, documents.c.changed), else_=arrivals.c.changed)
        mine = arrivals.c.batch == batch if batch is not None else arrivals.c.first
        question = (
            _arrived(changed.label("latest")).where(mine, changed > since).order_by(changed, arrivals.c.id).limit(limit)
        )
        with self._database.read() as connection:
            return tuple(_from_row(row) for row in connection.execute(question))

    def summary(self, batch: str | None = None) -> Mapping[str, int]:
        """How many documents are in each state; ``working`` counts those a worker holds now."""
        counts = select(documents.c.state, func.count()).group_by(documents.c.state)
        working = select(func.count()).select_from(jobs).where(jobs.c.owner.is_not(None))
        if batch is not None:
            inside = select(arrivals.c.document).where(arrivals.c.batch == batch)
            counts, working = counts.where(documents.c.id.in_(inside)), working.where(jobs.c.document.in_(inside))
        with self._database.read() as connection:
            found = {row[0]: row[1] for row in connection.execute(counts)}
            return {
                **{str(state): found.get(state, 0) for state in DocumentState},
                "working": connection.scalar(working) or 0,
            }

    def attention(self, limit: int, after: str | None = None) -> tuple[Document, ...]:
        """Documents in front of a person, newest first; ``after`` is the id of the last one of the page before."""
        waiting = documents.c.state.in_((DocumentState.REVIEW, DocumentState.UNREADABLE))
        question = _arrived(documents.c.changed.label("latest")).where(waiting, arrivals.c.first)
        if after is not None:
            last = select(documents.c.received_at).where(documents.c.id == after).scalar_subquery()
            same = and_(documents.c.received_at == last, documents.c.id < after)
            question = question.where(or_(documents.c.received_at < last, same))
        question = question.order_by(documents.c.received_at.desc(), documents.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(_from_row(row) for row in connection.execute(question))

    def in_inbox(self) -> Sequence[tuple[Digest, int]]:
        """Digest and size of every document that has not left the inbox."""
        question = select(documents.c.digest, documents.c.size).where(documents.c.state != DocumentState.FILED)
        with self._database.read() as connection:
            return [(Digest(digest), size) for digest, size in connection.execute(question)]

    def waiting(self) -> int:
        """How many documents have work to be done."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(jobs)) or 0

    def _set(self, connection: Connection, document: str, **values: Any) -> None:
        changed = _tick(connection)
        connection.execute(update(documents).where(documents.c.id == document).values(changed=changed, **values))

    def _touch(self, connection: Connection, document: str) -> None:
        self._set(connection, document)


def _tick(connection: Connection) -> int:
    connection.execute(update(clock).values(value=clock.c.value + 1))
    value: int = connection.execute(select(clock.c.value)).scalar_one()
    return value


def _arrived(latest: Any) -> Any:
    columns = [column for column in documents.c if column.name not in ("examination", "received_at", "changed")]
    came = (arrivals.c.file_name, arrivals.c.folder, arrivals.c.received_from, arrivals.c.received_by)
    rest = (arrivals.c.batch, arrivals.c.received_at, arrivals.c.first, jobs.c.owner, latest)
    joined = documents.join(arrivals, arrivals.c.document == documents.c.id)
    return select(*columns, *came, *rest).select_from(joined.outerjoin(jobs, jobs.c.document == documents.c.id))


def _document(connection: Connection, name: str) -> Document:
    question = _arrived(documents.c.changed.label("latest")).where(documents.c.id == name, arrivals.c.first)
    row = connection.execute(question).one_or_none()
    if row is None:
        raise UnknownDocumentError(name)
    examination = connection.scalar(select(documents.c.examination).where(documents.c.id == name))
    return _from_row(row, _examination.validate_json(examination) if examination else None)


def _from_row(row: Row[Any], examination: Examination | None = None) -> Document:
    return Document(
        id=row.id,
        digest=Digest(row.digest),
        size=row.size,
        media_type=row.media_type,
        arrival=Arrival(row.file_name, row.folder, row.received_from, row.received_by, row.batch),
        received_at=from_text(row.received_at),
        state=DocumentState(row.state),
        working=row.owner is not None,
        reasons=_findings.validate_json(row.reasons),
        records=tuple(json.loads(row.records)),
        duplicate_of=row.duplicate_of,
        examination=examination,
        changed=row.latest,
        first=row.first,
    )
