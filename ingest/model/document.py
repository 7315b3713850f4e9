"""The document: bytes that arrived."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.model.digest import Digest
from archive.model.evidence import Finding
from ingest.model.draft import Draft, Examination


class DocumentState(StrEnum):
    """``received → read → filed``, or ``review`` (a person is asked), ``unreadable`` (kept, a person is asked)."""

    RECEIVED = "received"
    READ = "read"
    REVIEW = "review"
    FILED = "filed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a file before its bytes are taken. ``file_name`` and ``folder`` are the sender's words."""

    file_name: str
    folder: str
    received_from: str
    received_by: str
    batch: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The promise that a document will not be lost. ``first`` is False where the same bytes had arrived before."""

    document: str
    digest: Digest
    size: int
    media_type: str
    received_at: datetime
    first: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the ledger knows it.

    ``working`` is True while a worker reads it. ``records`` are the records it was filed to, ``duplicate_of`` the
    record whose invoice it claims once more. ``reasons`` say why a person is asked. ``changed`` is the ledger's
    running number of its last change. ``first`` is False where ``arrival`` is a later sending of bytes already known.
    """

    id: str
    digest: Digest
    size: int
    media_type: str
    arrival: Arrival
    received_at: datetime
    state: DocumentState
    working: bool
    reasons: tuple[Finding, ...]
    records: tuple[str, ...]
    duplicate_of: str | None
    examination: Examination | None
    changed: int
    first: bool = True

    @property
    def drafts(self) -> tuple[Draft, ...]:
        return self.examination.drafts if self.examination else ()
