"""The inbox: accepted means durable. On a real file system and a real SQLite file."""

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from archive.catalog import migrate
from archive.catalog.database import Database, open_sqlite
from archive.model.digest import Digest
from archive.objects.filesystem import FilesystemStore
from ingest.errors import NotAcceptedError
from ingest.jobs.ledger import Ledger
from ingest.jobs.tables import MIGRATIONS
from ingest.model.document import Arrival, DocumentState
from ingest.readers.sniff import sniff
from ingest.sources.inbox import Inbox, key_of

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ARRIVAL = Arrival("发票.pdf", "十一月", "web", "tester", "batch-1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    migrate.upgrade(database, MIGRATIONS, "ingest_version")
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, lambda *_: None)


@pytest.fixture
def store(tmp_path: Path) -> FilesystemStore:
    return FilesystemStore(tmp_path / "inbox")


@pytest.fixture
def inbox(store: FilesystemStore, ledger: Ledger, tmp_path: Path) -> Inbox:
    return Inbox(store, ledger, sniff, tmp_path, max_bytes=1 << 20)


def test_an_accepted_document_lies_in_the_store_under_its_digest_and_in_the_ledger(
    inbox: Inbox, store: FilesystemStore, ledger: Ledger
) -> None:
    receipt = inbox.accept(ARRIVAL, [PDF[:10], PDF[10:]])
    assert (receipt.digest, receipt.size, receipt.media_type) == (Digest.of(PDF), len(PDF), "application/pdf")
    with store.open(key_of(receipt.digest)) as stream:
        assert stream.read() == PDF
    assert ledger.document(receipt.document).arrival == ARRIVAL


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE-EMPTY"),
        (b"just some text in a file named .pdf", "TYPE-UNKNOWN"),
        (bytes(range(256)) * 8, "TYPE-UNKNOWN"),
        (PDF + b" " * (1 << 20), "FILE-TOO-LARGE"),
    ],
)
def test_what_cannot_be_accepted_is_refused_with_a_reason_and_leaves_nothing(
    inbox: Inbox, store: FilesystemStore, ledger: Ledger, content: bytes, code: str
) -> None:
    with pytest.raises(NotAcceptedError) as refused:
        inbox.accept(ARRIVAL, [content])
    assert refused.value.code == code
    assert "发票.pdf" in refused.value.zh
    assert "发票.pdf" in refused.value.en
    assert list(store.list()) == []
    assert ledger.waiting() == 0


def test_the_same_bytes_again_give_the_first_receipt(inbox: Inbox) -> None:
    first, again = inbox.accept(ARRIVAL, [PDF]), inbox.accept(ARRIVAL, [PDF])
    assert (again.document, again.received_at, first.first, again.first) == (
        first.document, first.received_at, True, False,
    )  # fmt: skip


def test_bytes_of_a_filed_document_are_not_stored_again(inbox: Inbox, store: FilesystemStore, ledger: Ledger) -> None:
    receipt = inbox.accept(ARRIVAL, [PDF])
    ledger.settle(receipt.document, DocumentState.FILED)
    inbox.release(receipt.digest)
    assert not inbox.accept(ARRIVAL, [PDF]).first
    assert list(store.list()) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a'b\"c.pdf", "发票😀.pdf", "x" * 255, "tab\there.pdf", "/abs.pdf", "‮fdp.exe"]
)
def test_a_file_name_is_data_and_decides_nothing(inbox: Inbox, tmp_path: Path, ledger: Ledger, name: str) -> None:
    before = {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    receipt = inbox.accept(Arrival(name, "../..", "web", "t", "b"), [PDF])
    assert ledger.document(receipt.document).arrival.file_name == name
    assert {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents} == before
    assert [path.name for path in (tmp_path / "inbox").rglob("*") if path.is_file()] == [receipt.digest.hex]


def test_a_stream_that_breaks_off_leaves_nothing(inbox: Inbox, store: FilesystemStore, ledger: Ledger) -> None:
    def broken() -> Iterator[bytes]:
        yield PDF[:8]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        inbox.accept(ARRIVAL, broken())
    assert list(store.list()) == []
    assert ledger.waiting() == 0


class LosesItsRow:
    """A ledger whose commit fails once: what a crash between the object and the row leaves behind."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def register(self, *_: object) -> object:
        raise OSError("the machine stopped here")

    def by_digest(self, digest: Digest) -> object:
        return self._ledger.by_digest(digest)


def test_bytes_without_a_row_are_taken_in_at_the_next_start(
    inbox: Inbox, store: FilesystemStore, ledger: Ledger, tmp_path: Path
) -> None:
    crashing = Inbox(store, LosesItsRow(ledger), sniff, tmp_path, 1 << 20)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="stopped"):
        crashing.accept(ARRIVAL, [PDF])
    assert inbox.recover() == 1
    document = ledger.by_digest(Digest.of(PDF))
    assert document is not None
    assert document.state is DocumentState.RECEIVED


def test_bytes_of_a_filed_document_left_by_a_crash_are_released_at_the_next_start(
    inbox: Inbox, store: FilesystemStore, ledger: Ledger
) -> None:
    receipt = inbox.accept(ARRIVAL, [PDF])
    ledger.settle(receipt.document, DocumentState.FILED)
    assert inbox.recover() == 0
    assert list(store.list()) == []


def test_a_row_is_committed_only_after_the_bytes_are_stored(inbox: Inbox, ledger: Ledger, tmp_path: Path) -> None:
    class Full:
        def put(self, key: str, chunks: Iterable[bytes]) -> object:
            raise OSError(28, os.strerror(28))

        def open(self, key: str) -> object: ...

        def list(self, prefix: str = "") -> Iterator[object]:
            return iter(())

        def delete(self, key: str, today: date) -> None: ...

    full = Inbox(Full(), ledger, sniff, tmp_path, 1 << 20)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="No space"):
        full.accept(ARRIVAL, [PDF])
    assert ledger.waiting() == 0
