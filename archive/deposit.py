"""Deposit: how an invoice comes into custody, and how a further rendition joins it.

The order makes every crash repairable by trying again: the original into the vault, then the record's JSON, then, in
one short transaction, rows and audit entry. What a crash left in the vault is found there by its key and used. A JSON
without an audit entry is no record yet. No transaction waits for the vault: a slow one must not stop the catalog.
"""

import hashlib
import threading
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
from archive.errors import ConflictError, IntegrityError
from archive.model import record_json
from archive.model.beijing import beijing_date
from archive.model.digest import Digest
from archive.model.evidence import Finding, Reading
from archive.model.invoice import Invoice
from archive.model.record import NO_CHANNEL, Original, Record, record_id
from archive.objects.store import ObjectStore
from archive.retention.schedule import RetentionClass, lock_until, retain_until

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
    with turn(record.invoice.identity or record.id):
        with database.read() as connection:
            if there := _already_there(connection, record):
                return there
        kept = _keep_original(vault, original, content, record.retain_until, beijing_date(now))
        written = keep_json(vault, record, beijing_date(now))
        objects = (kept, *written.objects)
        try:
            with database.write() as connection:
                there = _already_there(connection, written.record)
                catalog.keep_all(connection, objects)
                if there:
                    return there
                catalog.add(connection, written.record, written.text)
                _note(connection, Act.RECORD_DEPOSITED, written, original, actor, now)
        except ConflictError:
            # Another process was faster with this invoice. What is locked in the vault by now stays known there.
            with database.write() as connection:
                catalog.keep_all(connection, objects)
            raise
    return written.record


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
    with turn(record_id):
        while True:
            with database.read() as connection:
                record = catalog.existing(connection, record_id)
            if _has(record, original):
                return record
            kept = _keep_original(vault, original, content, record.retain_until, beijing_date(now))
            joined = replace(
                record,
                version=record.version + 1,
                originals=(*record.originals, original),
                readings=(*record.readings, *_of_document(readings, original.digest)),
            )
            written = keep_json(vault, joined, beijing_date(now))
            with database.write() as connection:
                catalog.keep_all(connection, (kept, *written.objects))
                if catalog.existing(connection, record_id).version == record.version:
                    catalog.advance(connection, written.record, written.text, len(record.originals))
                    _note(connection, Act.RENDITION_JOINED, written, original, actor, now)
                    return written.record


_TURNS = tuple(threading.Lock() for _ in range(64))


def turn(subject: str) -> threading.Lock:
    """Acts on one invoice take turns, so that none leaves a JSON in the vault that lost. Between processes, where this
    does not reach, the catalog decides."""
    return _TURNS[hash(subject) % len(_TURNS)]


def _already_there(connection: Connection, record: Record) -> Record | None:
    """The record of an earlier attempt. Raises ConflictError where another record holds the same invoice."""
    there = catalog.find_or_claim(connection, record.id, record.invoice.identity)
    if there and there.id != record.id:
        raise ConflictError(
            f"发票 {record.invoice.identity} 已归档为记录 {there.id}；请将此文件并入该记录。",
            f"Invoice {record.invoice.identity} is already archived as record {there.id}; join this file to it.",
        )
    return there


def _has(record: Record, original: Original) -> bool:
    return any(there.digest == original.digest for there in record.originals)


def _of_document(readings: tuple[Reading, ...], document: Digest) -> tuple[Reading, ...]:
    return tuple(replace(reading, document=document) for reading in readings)


def _keep_original(vault: ObjectStore, original: Original, content: Content, until: date, today: date) -> KeptObject:
    key = catalog.original_key(original.digest)
    with content() as file:
        stored = vault.put(key, _verified(original, file), lock_until(until, today))
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
class Written:
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


def keep_json(vault: ObjectStore, record: Record, today: date) -> Written:
    """Under the first free version. If what a crash left says the same, it is the record. If it says something else (a
    person corrected a value since), it stays where it is, and the record becomes the version after it."""
    left: list[KeptObject] = []
    locked = lock_until(record.retain_until, today)
    while True:
        text = record_json.dumps(record)
        key = catalog.record_key(record.id, record.version)
        try:
            vault.put(key, [text.encode()], locked)
            return Written(record, text, tuple(left))
        except ConflictError:
            with vault.open(key) as file:
                text = file.read().decode()
        vault.lock_until(key, locked)
        before = _loads(record, text)
        same = replace(record, deposited_at=before.deposited_at, deposited_by=before.deposited_by)
        if record_json.dumps(same) == text:
            return Written(same, text, tuple(left))
        left.append(_object_of(record, text))
        record = replace(record, version=record.version + 1)


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


def _note(connection: Connection, act: Act, written: Written, original: Original, actor: str, now: datetime) -> None:
    record = written.record
    details: Details = {
        "version": record.version,
        "record_json": written.json.digest.text,
        "original": original.digest.text,
        "identity": record.invoice.identity,
        "retain_until": record.retain_until.isoformat(),
    }
    log.append(connection, actor, act, record.id, details, now)
