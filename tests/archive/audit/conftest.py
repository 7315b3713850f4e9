"""A log with two anchorings and a tail, the key that was kept elsewhere, and somebody who owns the database."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.audit import verify
from archive.audit.note import Verifier
from archive.objects.filesystem import FilesystemStore

AT = datetime(2026, 3, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Log:
    """Eleven entries anchored at 5 and 11, and two more that are not anchored yet."""

    archive: Archive
    folder: Path
    keys: tuple[Verifier, ...]

    def add(self, count: int, actor: str = "审核员") -> None:
        with self.archive.database.write() as connection:
            for n in range(count):
                at = AT + timedelta(seconds=n)
                self.archive.note(connection, actor, "looked-at", f"s{n % 3}", {"n": n, "zh": "餐费\n“票”"}, at)

    def from_outside(self, **options: object) -> verify.Report:
        """As a stranger with a copy of the vault and the key does it."""
        return verify.verify(FilesystemStore(self.folder / "vault"), self.keys, **options)  # type: ignore[arg-type]

    def inside(self) -> verify.Report:
        """With the database at hand, and the same key."""
        return self.archive.verify_audit(self.keys)

    def entries(self, last: int) -> Path:
        (path,) = (self.folder / "vault/audit/entries").glob(f"*-{last:012d}.jsonl")
        path.chmod(0o600)
        return path

    def head(self, size: int) -> Path:
        path = self.folder / f"vault/audit/checkpoints/{size:012d}"
        path.chmod(0o600)
        return path


@pytest.fixture
def log(archive: Archive, data_folder: Path) -> Log:
    made = Log(archive, data_folder, archive.notary.verifiers)
    made.add(5)
    archive.anchor()
    made.add(6)
    archive.anchor()
    made.add(2)
    return made


@pytest.fixture
def owner(log: Log) -> Iterator[sqlite3.Connection]:
    """Somebody who owns the database: the triggers are dropped first."""
    connection = sqlite3.connect(log.folder / "catalog.sqlite3", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.close()


@pytest.fixture
def copy_of_database(log: Log) -> Callable[[], Callable[[], None]]:
    """Keeps the database as it is now; what is returned puts it back."""

    def keep() -> Callable[[], None]:
        path = log.folder / "catalog.sqlite3"
        kept = log.folder.parent / "old.sqlite3"
        source, target = sqlite3.connect(path), sqlite3.connect(kept)
        source.backup(target)
        source.close()
        target.close()

        def put_back() -> None:
            log.archive.database.close()
            for name in (f"{path}-wal", f"{path}-shm"):
                Path(name).unlink(missing_ok=True)
            shutil.copy(kept, path)

        return put_back

    return keep
