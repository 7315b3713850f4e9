"""The catalog's database: connections and transactions. SQLite, embedded.

SQLite 3.7.0 to 3.51.2 has a rare race in which two connections that reset the write-ahead log can corrupt the file
(fixed in 3.51.3). The bundled library (pysqlite3) is newer and runs in WAL mode, where readers and the writer do not
wait for each other; where only an older standard library is there, the rollback journal is used, which the race cannot
touch. Both with ``synchronous=FULL``: what is committed survives a power cut.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from archive.errors import IntegrityError, StoreUnavailableError

try:
    from pysqlite3 import dbapi2 as bundled
except ImportError:  # built for Linux only
    bundled = None

_WAL_IS_SAFE_FROM = (3, 51, 3)
_MOST_CONNECTIONS = 60
"""More than a web process has threads (40), so that none waits for a connection while holding another."""

_WAIT_SECONDS = 60
"""How long a writer waits for another one: longer than the slowest single act, shorter than a person's patience."""


class Database:
    """Transactions on one database. ``write`` takes the write lock at once (BEGIN IMMEDIATE), so that two processes
    queue instead of failing when both turn from reading to writing. Both raise StoreUnavailableError where the database
    does not answer (locked for too long, disk full, file gone), IntegrityError where its file is damaged."""

    def __init__(self, engine: Engine) -> None:
        self._readers = engine.execution_options(piaoku_begin="BEGIN", piaoku_query_only="ON")
        self._writers = engine.execution_options(piaoku_begin="BEGIN IMMEDIATE", piaoku_query_only="OFF")
        self._engine = engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view. A write in it is refused, not lost."""
        with _trouble(), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commits at the end of the block, rolls back where it raises."""
        with _trouble(), self._writers.begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def open_sqlite(path: Path) -> Database:
    """The database in a file, made for the owner's eyes only where there is none."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    module, journal_mode = _library()
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        module=module,
        connect_args={"timeout": _WAIT_SECONDS},
        max_overflow=_MOST_CONNECTIONS,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin below, not behind our back
        connection.execute(f"PRAGMA journal_mode={journal_mode}")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA query_only={options['piaoku_query_only']}")
        connection.exec_driver_sql(options["piaoku_begin"])

    return Database(engine)


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreUnavailableError(
            f"目录数据库未能完成操作（{error.orig}）；请检查磁盘空间后重试。",
            f"The catalog's database could not do it ({error.orig}); check the disk's free space and try again.",
        ) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise IntegrityError(
            f"目录数据库文件已损坏（{error.orig}）；请停止服务并从备份恢复。",
            f"The catalog's database file is damaged ({error.orig}); stop the service and restore it from a backup.",
        ) from error


def _library() -> tuple[Any, str]:
    """The newest SQLite there is, and the journal mode that is safe with it."""
    candidates: list[Any] = [sqlite3] if bundled is None else [sqlite3, bundled]
    module = max(candidates, key=lambda candidate: candidate.sqlite_version_info)
    return module, "WAL" if module.sqlite_version_info >= _WAL_IS_SAFE_FROM else "TRUNCATE"
