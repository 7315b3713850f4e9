"""Bring a database up to the newest version of a set of tables."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from archive.catalog.database import Database
from archive.errors import ArchiveError

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "archive_version"


def upgrade(database: Database, script_location: Path = MIGRATIONS, version_table: str = VERSION_TABLE) -> None:
    """Run what is missing, all of it or nothing, in one write transaction: of two processes that start together, the
    second waits and finds nothing left to do.

    Each set of tables has its own scripts and version table; ``env.py`` finds the connection and the table's name in
    ``config.attributes``. Raises ArchiveError where the database was made by a newer program.
    """
    config = Config(stdout=sys.stderr)
    config.set_main_option("script_location", str(script_location).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.write() as connection:
        config.attributes.update(connection=connection, version_table=version_table)
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ArchiveError(
                f"目录数据库与本程序版本不符（{error}）；请使用写入它的较新版本。",
                f"The catalog does not fit this version of the program ({error}); use the newer one that wrote it.",
            ) from error
