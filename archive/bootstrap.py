"""Wiring: settings in, Archive out."""

from archive.archive import Archive
from archive.catalog import migrate
from archive.catalog.database import open_sqlite
from archive.errors import NotFoundError
from archive.objects.filesystem import FilesystemStore
from archive.settings import ArchiveSettings

CATALOG = "catalog.sqlite3"


def open_archive(settings: ArchiveSettings, *, create: bool = True) -> Archive:
    """The archive in the data folder, its catalog migrated, what crashed writers left cleared away.

    Raises NotFoundError where there is none and ``create`` is False, StoreUnavailableError where the folder cannot be
    used.
    """
    data = settings.data.absolute()
    if not create and not (data / CATALOG).is_file():
        raise NotFoundError(
            f"{data} 中没有票库档案；请用 --data 指定数据目录。",
            f"There is no archive in {data}; name the data folder with --data.",
        )
    inbox, vault = FilesystemStore(data / "inbox"), FilesystemStore(data / "vault")
    for store in (inbox, vault):
        store.clear_unfinished()
    database = open_sqlite(data / CATALOG)
    migrate.upgrade(database)
    return Archive(database, inbox, vault)
