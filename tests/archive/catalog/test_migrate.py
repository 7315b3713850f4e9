"""Migrations: they build what the tables say, once, whoever comes first."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from archive.access import tables as access_tables
from archive.audit import rows
from archive.catalog import migrate
from archive.catalog.database import open_sqlite
from archive.catalog.tables import metadata
from archive.errors import ArchiveError

OPEN = """
import sys
from pathlib import Path
from archive.bootstrap import open_archive
from archive.settings import ArchiveSettings
open_archive(ArchiveSettings(data=Path(sys.argv[1])))
"""

OTHER_ENV = """
from alembic import context
attributes = context.config.attributes
context.configure(connection=attributes["connection"], version_table=attributes["version_table"])
context.run_migrations()
"""
OTHER_FIRST = """
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.execute("CREATE TABLE visits (n INTEGER)")
"""


@pytest.mark.filterwarnings("ignore:.*expression-based index:UserWarning")  # the comparison says it skips this one
@pytest.mark.filterwarnings("ignore:.*expression-based index:sqlalchemy.exc.SAWarning")
def test_the_migrations_build_exactly_the_tables(tmp_path: Path) -> None:
    assert access_tables.users.metadata is metadata
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    migrate.upgrade(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrate.VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    migrate.upgrade(database)
    migrate.upgrade(database)


def test_processes_that_start_together_on_an_empty_folder_all_find_a_whole_archive(tmp_path: Path) -> None:
    starters = [subprocess.Popen([sys.executable, "-c", OPEN, str(tmp_path / "data")]) for _ in range(4)]
    assert [starter.wait() for starter in starters] == [0, 0, 0, 0]


def test_another_package_keeps_its_own_tables_and_version_in_the_same_database(tmp_path: Path) -> None:
    scripts = tmp_path / "100% other"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text(OTHER_ENV)
    (scripts / "versions/0001_first.py").write_text(OTHER_FIRST)
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    migrate.upgrade(database)
    migrate.upgrade(database, scripts, "other_version")
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM visits")) == 0
        assert connection.scalar(text("SELECT version_num FROM other_version")) == "0001"


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    scripts = tmp_path / "other"
    (scripts / "versions").mkdir(parents=True)
    (scripts / "env.py").write_text(OTHER_ENV)
    (scripts / "versions/0001_first.py").write_text(OTHER_FIRST + "    raise RuntimeError('half way')\n")
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    with pytest.raises(RuntimeError, match="half way"):
        migrate.upgrade(database, scripts, "other_version")
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'visits'")) == 0


@pytest.mark.parametrize("damaged", ["'no hash'", "x'00ff'"])
def test_a_damaged_audit_hash_keeps_no_catalog_from_being_upgraded(tmp_path: Path, damaged: str) -> None:
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    migrate.upgrade(database)
    with database.write() as connection:
        for table in ("holds", "audit_nodes"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DROP INDEX records_by_retain_until"))
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '0002'"))
        columns = "sequence, at, actor, act, subject, details, leaf_hash"
        values = f"1, '2026-03-09 00:00:00.000000', 'a', 'b', 'c', '{{}}', {damaged}"
        connection.execute(text(f"INSERT INTO audit_entries ({columns}) VALUES ({values})"))
    migrate.upgrade(database)
    assert [fault.first for fault in rows.examine(database).faults] == [1]


def test_a_catalog_of_a_newer_program_is_told_and_left_alone(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "catalog.sqlite3")
    migrate.upgrade(database)
    with database.write() as connection:
        connection.execute(text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(ArchiveError, match="newer"):
        migrate.upgrade(database)
