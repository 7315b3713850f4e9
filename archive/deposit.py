"""Deposit: how an invoice comes into custody, and how a further rendition joins it.

The order makes every crash repairable by trying again: the original into the vault; then, in one transaction, rows and
audit entry, and last before the commit, when nothing else can fail, the record's JSON into the vault. What a crash left
in the vault is found there by its key and used.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy import Connection

from archive.audit import log
from archive.audit.entry import Act, Details
from archive.catalog import catalog
from archive.catalog.catalog import KeptObject
from archive.catalog.database import Database
from archive.errors import ConflictError, IntegrityError, NotFoundError
from archive.model import record_json
from archive.model.beijing import beijing_date
from archive.model.digest import Digest
from archive.model.evidence import Finding, Reading
from archive.model.invoice import Invoice
from archive.model.record import NO_CHANNEL, Original, Record, record_id
from archive.objects.store import ObjectStore
from archive.retention.schedule import RetentionClass, retain_until

Content = Callable[[], AbstractContextManager[BinaryIO]]
_CHUNK = 1 << 20


def deposit(
    database: Database,
    vault: ObjectStore,
    *,
    document_digest: Digest,
    index: int,
    invoice: Invoice,
    original: Original,
    content: Content,
    readings: tuple[Reading, ...],
    findings: tuple[Finding, ...],
    actor: str,
    now: datetime,
) -> Record:
    """See ``Archive.deposit``."""
    if original.digest != document_digest:
        raise ValueError("the original is not the document that is deposited")
    retention_class = RetentionClass.FIVE_YEARS
    record = Record(
        id=record_id(document_digest, index),
        version=1,
        invoice=invoice,
        originals=(original,),
        readings=_of_document(readings, document_digest),
        findings=findings,
        verification=NO_CHANNEL,
        retention_class=str(retention_class),
        retain_until=retain_until(retention_class, invoice.issue_date, beijing_date(original.received_at)),
        deposited_at=now,
        deposited_by=actor,
    )
    with database.read() as connection:
        if there := _already_there(connection, record):
            return there
    kept = _keep_original(vault, original, content, record.retain_until)
    try:
        with database.write() as connection:
            if there := _already_there(connection, record):
                return there
            written = _first_free_version(vault, record)
            record = written.record
            catalog.keep_all(connection, (kept, *written.objects))
            catalog.add(connection, record, written.text)
            _note(connection, Act.RECORD_DEPOSITED, written, original, actor, now)
            _put_json(vault, written)
    except ConflictError:
        # Another document of the invoice was faster. This original is locked in the vault by now and stays known there.
        with database.write() as connection:
            catalog.keep_all(connection, (kept,))
        raise
    return record


def join(
    database: Database,
    vault: ObjectStore,
    record_id: str,
    *,
    original: Original,
    content: Content,
    readings: tuple[Reading, ...],
    actor: str,
    now: datetime,
) -> Record:
    """See ``Archive.join``."""
    with database.read() as connection:
        record = catalog.existing(connection, record_id)
    if _has(record, original):
        return record
    kept = _keep_original(vault, original, content, record.retain_until)
    with database.write() as connection:
        record = catalog.existing(connection, record_id)
        if _has(record, original):
            return record
        joined = replace(
            record,
            version=record.version + 1,
            originals=(*record.originals, original),
            readings=(*record.readings, *_of_document(readings, original.digest)),
        )
        written = _first_free_version(vault, joined)
        catalog.keep_all(connection, (kept, *written.objects))
        catalog.advance(connection, written.record, written.text, len(record.originals))
        _note(connection, Act.RENDITION_JOINED, written, original, actor, now)
        _put_json(vault, written)
    return written.record


def _already_there(connection: Connection, record: Record) -> Record | None:
    """The record of an earlier attempt. Raises ConflictError where another record holds the same invoice."""
    there = catalog.find(connection, record.id)
    if there is None and record.invoice.identity is not None:
        holder = catalog.claim(connection, record.invoice.identity)
        if holder is not None:
            raise ConflictError(
                f"发票 {record.invoice.identity} 已归档为记录 {holder.id}；请将此文件并入该记录。",
                f"Invoice {record.invoice.identity} is already archived as record {holder.id}; join this file to it.",
            )
    return there


def _has(record: Record, original: Original) -> bool:
    return any(there.digest == original.digest for there in record.originals)


def _of_document(readings: tuple[Reading, ...], document: Digest) -> tuple[Reading, ...]:
    return tuple(replace(reading, document=document) for reading in readings)


def _keep_original(vault: ObjectStore, original: Original, content: Content, until: date) -> KeptObject:
    key = catalog.original_key(original.digest)
    with content() as file:
        stored = vault.put(key, _verified(original, file))
    vault.lock_until(key, until)
    return KeptObject(key, stored.digest, stored.size, until)


def _verified(original: Original, file: BinaryIO) -> Iterator[bytes]:
    """The file's bytes. Wrong ones are refused before the last is handed on: the vault could not give them back."""
    running = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        running.update(chunk)
        yield chunk
    if running.hexdigest() != original.digest.hex:
        raise IntegrityError(
            f"文件内容与登记的 {original.digest} 不符，未归档；请重新提交原文件。",
            f"The bytes are not those of {original.digest}; nothing was archived. Send the original file again.",
        )


@dataclass(frozen=True, slots=True)
class _Written:
    """A record under the version it is stored as, its JSON, and what a crash left under versions before that."""

    record: Record
    text: str
    left: tuple[KeptObject, ...]

    @property
    def json(self) -> KeptObject:
        return _object_of(self.record, self.text)

    @property
    def objects(self) -> tuple[KeptObject, ...]:
        return (*self.left, self.json)


def _first_free_version(vault: ObjectStore, record: Record) -> _Written:
    """If what a crash left says the same, it is the record. If it says something else (a person corrected a value
    since), it stays where it is, and the record becomes the version after it."""
    left: list[KeptObject] = []
    while (text := _text_left(vault, record)) is not None:
        before = _loads(record, text)
        same = replace(record, deposited_at=before.deposited_at, deposited_by=before.deposited_by)
        if record_json.dumps(same) == text:
            return _Written(same, text, tuple(left))
        left.append(_object_of(record, text))
        record = replace(record, version=record.version + 1)
    return _Written(record, record_json.dumps(record), tuple(left))


def _text_left(vault: ObjectStore, record: Record) -> str | None:
    try:
        with vault.open(catalog.record_key(record.id, record.version)) as file:
            return file.read().decode()
    except NotFoundError:
        return None


def _loads(record: Record, text: str) -> Record:
    try:
        return record_json.loads(text)
    except ValueError as error:
        raise IntegrityError(
            f"存储中记录 {record.id} 的第 {record.version} 版无法读取；请运行 piaoku check。",
            f"Version {record.version} of record {record.id} in the vault cannot be read; run piaoku check.",
        ) from error


def _object_of(record: Record, text: str) -> KeptObject:
    content = text.encode()
    key = catalog.record_key(record.id, record.version)
    return KeptObject(key, Digest.of(content), len(content), record.retain_until)


def _put_json(vault: ObjectStore, written: _Written) -> None:
    vault.put(written.json.key, [written.text.encode()])
    for kept in written.objects:
        vault.lock_until(kept.key, kept.retain_until)


def _note(connection: Connection, act: Act, written: _Written, original: Original, actor: str, now: datetime) -> None:
    record = written.record
    details: Details = {
        "version": record.version,
        "record_json": written.json.digest.text,
        "original": original.digest.text,
        "identity": record.invoice.identity,
        "retain_until": record.retain_until.isoformat(),
    }
    log.append(connection, actor, act, record.id, details, now)
