"""Retrieve: one record, or the bytes of an original, proven to be what was stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from archive.catalog import catalog
from archive.catalog.database import Database
from archive.errors import IntegrityError, NotFoundError
from archive.model.digest import Digest
from archive.model.record import Record
from archive.objects.store import ObjectStore

_CHUNK = 1 << 20


def record(database: Database, record_id: str) -> Record:
    """Raises NotFoundError."""
    with database.read() as connection:
        return catalog.existing(connection, record_id)


def claim(database: Database, identity: str) -> Record | None:
    with database.read() as connection:
        return catalog.claim(connection, identity)


@contextmanager
def original(database: Database, vault: ObjectStore, digest: Digest) -> Iterator[BinaryIO]:
    """Raises NotFoundError for an original of no record, IntegrityError before a single altered byte is handed out."""
    key = catalog.original_key(digest)
    with database.read() as connection:
        if catalog.kept_object(connection, key) is None:
            raise NotFoundError(
                f"没有内容为 {digest} 的原件；请检查记录编号。",
                f"No original {digest} is archived; look at the record again.",
            )
    with vault.open(key) as file:
        found, _ = Digest.of_chunks(iter(lambda: file.read(_CHUNK), b""))
    if found != digest:
        raise IntegrityError(
            f"原件 {digest} 已被改动；请勿使用，并运行 piaoku check。",
            f"The original {digest} has been altered; do not use it, and run piaoku check.",
        )
    with vault.open(key) as file:
        yield file
