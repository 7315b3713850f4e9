"""Transactions: no deadlock between processes, no lost write, no write in a reading block."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.catalog import database as database_module
from archive.catalog.database import open_sqlite
from archive.errors import IntegrityError, StoreUnavailableError

COUNTER = """
import sys
from pathlib import Path
from sqlalchemy import text
from archive.catalog.database import open_sqlite
database = open_sqlite(Path(sys.argv[1]))
for _ in range(100):
    with database.write() as connection:
        n = connection.scalar(text("SELECT n FROM counter"))
        connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite3"


def test_processes_that_read_and_then_write_queue_and_lose_nothing(path: Path) -> None:
    database = open_sqlite(path)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    writers = [subprocess.Popen([sys.executable, "-c", COUNTER, str(path)]) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    with database.read() as connection:
        assert connection.scalar(text("SELECT n FROM counter")) == 300


def test_a_block_that_fails_leaves_no_trace(path: Path) -> None:
    database = open_sqlite(path)

    def act_and_fail() -> None:
        with database.write() as connection:
            connection.execute(text("CREATE TABLE t (n INTEGER)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master")) == 0


def test_a_write_in_a_reading_block_is_refused_and_a_later_write_works(path: Path) -> None:
    database = open_sqlite(path)
    with pytest.raises(StoreUnavailableError, match="readonly"), database.read() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))


@pytest.mark.parametrize("keep", [0, 16, 1000])
def test_a_damaged_file_is_told_as_such(path: Path, keep: int) -> None:
    database = open_sqlite(path)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    database.close()
    path.write_bytes(path.read_bytes()[:keep] + b"no database" * 1000)
    with pytest.raises(IntegrityError, match="damaged"), open_sqlite(path).read() as connection:
        connection.execute(text("SELECT * FROM t"))


def test_a_reading_block_sees_one_moment(path: Path) -> None:
    database = open_sqlite(path)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    with database.read() as reader:
        assert reader.scalar(text("SELECT count(*) FROM t")) == 0
        with database.write() as writer:
            writer.execute(text("INSERT INTO t VALUES (1)"))
        assert reader.scalar(text("SELECT count(*) FROM t")) == 0


def test_the_file_is_for_the_owner_only(path: Path) -> None:
    with open_sqlite(path).write() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_what_is_committed_is_flushed_and_keys_are_enforced(path: Path) -> None:
    with open_sqlite(path).read() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize(
    ("version", "mode"), [((3, 51, 3), "WAL"), ((3, 53, 0), "WAL"), ((3, 51, 2), "TRUNCATE"), ((3, 40, 1), "TRUNCATE")]
)
def test_the_write_ahead_log_is_used_only_where_sqlite_resets_it_safely(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], mode: str
) -> None:
    monkeypatch.setattr(database_module, "bundled", None)
    monkeypatch.setattr(database_module.sqlite3, "sqlite_version_info", version)
    assert database_module._library() == (database_module.sqlite3, mode)


def test_with_an_old_standard_library_alone_the_database_works_with_its_rollback_journal(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "bundled", None)
    monkeypatch.setattr(database_module.sqlite3, "sqlite_version_info", (3, 40, 1))
    database = open_sqlite(path)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "truncate"
