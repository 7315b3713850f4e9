"""What durability costs, in one run: accepting and depositing against bare write + fsync of the same bytes, the S3
store against bare ``put_object`` with retention.

Last figures (2026-11-23, two shared cores at a load of 13, medians of a 200 KB document with four writers, ``make bench
ARGS="-k custody"``). On disk: write + fsync 1.7 ms, put and lock 3.6 ms, deposit 15 ms (60 ms before fsyncs were issued
at the same time and the vault left the transaction), of which 6 ms are processor time, nearly half of it SQLAlchemy's.
On S3 (Ceph in memory): ``put_object`` 4.4 ms, put, read back and locked 6.2 ms, deposit 27 ms.
"""

import io
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.retention import Retention

from archive.archive import Archive
from archive.bootstrap import open_archive
from archive.model.digest import Digest
from archive.model.record import Original
from archive.objects.filesystem import FilesystemStore
from archive.objects.s3 import S3Store
from archive.settings import ArchiveSettings
from ingest.bootstrap import Service, build, expected_in_inbox
from ingest.model.document import Arrival
from ingest.settings import Settings
from tests.archive import conftest as archive_tests

SIZE = 200_000


WRITERS, EACH = 4, 25
DAY = date(2032, 1, 1)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return build(Settings(data=tmp_path / "data"))


def new_document() -> bytes:
    return b"%PDF-1.7\n" + secrets.token_bytes(SIZE)


@pytest.mark.benchmark(group="custody: accept 200 KB")
def test_custody_bare_write_and_fsync(benchmark: Any, tmp_path: Path) -> None:
    def write(content: bytes) -> None:
        with (tmp_path / secrets.token_hex(8)).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    benchmark.pedantic(write, setup=lambda: ((new_document(),), {}), rounds=50)


@pytest.mark.benchmark(group="custody: accept 200 KB")
def test_custody_accept(benchmark: Any, service: Service) -> None:
    arrival = Arrival("a.pdf", "", "web", "bench", "bench")
    benchmark.pedantic(service.inbox.accept, setup=lambda: ((arrival, [new_document()]), {}), rounds=50)
    assert service.ledger.waiting() == 50


@pytest.mark.benchmark(group="custody: check")
def test_custody_check(benchmark: Any, service: Service) -> None:
    arrival = Arrival("a.pdf", "", "web", "bench", "bench")
    for _ in range(50):
        service.inbox.accept(arrival, [new_document()])
    report = benchmark(service.archive.check, expected_in_inbox(service.archive))
    assert report.clean
    assert report.objects == 50


Write = Callable[[bytes], object]


def by_many(benchmark: Any, write: Write) -> None:
    """The time in which four writers get through 25 documents each."""

    def all_of_them(documents: list[list[bytes]]) -> None:
        threads = [threading.Thread(target=lambda own=own: [write(one) for one in own]) for own in documents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def fresh() -> tuple[tuple[list[list[bytes]]], dict[str, object]]:
        return ([[new_document() for _ in range(EACH)] for _ in range(WRITERS)],), {}

    benchmark.pedantic(all_of_them, setup=fresh, rounds=4, warmup_rounds=1)
    benchmark.extra_info["documents"] = WRITERS * EACH


def depositing(archive: Archive) -> Write:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    invoice = archive_tests.INVOICE

    def deposit(content: bytes) -> object:
        digest = Digest.of(content)
        number = f"26{secrets.randbelow(10**18):018d}"
        return archive.deposit(
            document_digest=digest,
            index=0,
            invoice=replace(invoice, invoice_number=number),
            original=Original(digest, len(content), "application/pdf", "a.pdf", now, "bench"),
            content=lambda: io.BytesIO(content),
            readings=(archive_tests.READING,) * 10,
            findings=(archive_tests.FINDING,) * 5,
            actor="bench",
            now=now,
        )

    return deposit


@pytest.mark.benchmark(group="custody: 100 documents of 200 KB, 4 writers, on disk")
def test_custody_many_bare_write_and_fsync(benchmark: Any, tmp_path: Path) -> None:
    def write(content: bytes) -> None:
        with (tmp_path / secrets.token_hex(8)).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    by_many(benchmark, write)


@pytest.mark.benchmark(group="custody: 100 documents of 200 KB, 4 writers, on disk")
def test_custody_many_put_and_lock(benchmark: Any, tmp_path: Path) -> None:
    store = FilesystemStore(tmp_path / "store")
    by_many(benchmark, lambda content: store.put(f"originals/ab/{secrets.token_hex(32)}", [content], DAY))


@pytest.mark.benchmark(group="custody: 100 documents of 200 KB, 4 writers, on disk")
def test_custody_many_deposit(benchmark: Any, tmp_path: Path) -> None:
    archive = open_archive(ArchiveSettings(data=tmp_path / "data"))
    by_many(benchmark, depositing(archive))
    archive.database.close()


@pytest.mark.benchmark(group="custody: 100 documents of 200 KB, 4 writers, on S3")
def test_custody_s3_bare_put_object_with_retention(benchmark: Any, s3: Minio, new_bucket: Callable[[], str]) -> None:
    bucket = new_bucket()

    def put(content: bytes) -> None:
        until = datetime.now(UTC) + timedelta(days=2)
        key = secrets.token_hex(32)
        s3.put_object(bucket, key, io.BytesIO(content), len(content), retention=Retention(COMPLIANCE, until))

    by_many(benchmark, put)


@pytest.mark.benchmark(group="custody: 100 documents of 200 KB, 4 writers, on S3")
def test_custody_s3_put_read_back_and_locked(benchmark: Any, s3: Minio, new_bucket: Callable[[], str]) -> None:
    store = S3Store(s3, new_bucket())
    by_many(benchmark, lambda content: store.put(f"originals/ab/{secrets.token_hex(32)}", [content], DAY))


@pytest.mark.benchmark(group="custody: 100 documents of 200 KB, 4 writers, on S3")
def test_custody_s3_deposit(benchmark: Any, tmp_path: Path, s3: Minio, new_bucket: Callable[[], str]) -> None:
    archive = open_archive(ArchiveSettings(data=tmp_path / "data"))
    on_s3 = Archive(archive.database, archive.inbox, S3Store(s3, new_bucket()))
    by_many(benchmark, depositing(on_s3))
    archive.database.close()
