"""The composition root: settings in, the whole service out. Nothing else reads settings or chooses implementations."""

from dataclasses import dataclass

import structlog

from archive import bootstrap as custody
from archive.access.access import Access
from archive.archive import Archive
from archive.catalog import migrate
from ingest.jobs.ledger import Ledger
from ingest.jobs.tables import MIGRATIONS
from ingest.readers import sniff
from ingest.sandbox import Limits, Sandbox
from ingest.settings import Settings
from ingest.sources.inbox import Inbox
from ingest.sources.pictures import PagePictures
from ingest.worker import Worker

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that works on one data folder."""

    settings: Settings
    archive: Archive
    access: Access
    ledger: Ledger
    inbox: Inbox
    pictures: PagePictures

    def worker(self) -> Worker:
        return Worker(self.ledger, self.inbox, self.archive, self.pictures, lambda: sandbox(self.settings))

    def recover(self) -> None:
        """Put right what a crash left. Only for the process that holds the data folder."""
        self.ledger.release_all()
        found = self.inbox.recover()
        if found:
            _log.warning("documents recovered", number=found)


def build(settings: Settings) -> Service:
    """Open (or make) the data folder and put everything together. Migrations run first."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    spool = settings.data / "spool"
    spool.mkdir(exist_ok=True, mode=0o700)
    house = custody.build(settings)
    migrate.upgrade(house.database, MIGRATIONS, "ingest_version")
    ledger = Ledger(house.database, house.archive.note)
    return Service(
        settings=settings,
        archive=house.archive,
        access=Access(house.database, house.archive.note),
        ledger=ledger,
        inbox=Inbox(house.inbox, ledger, sniff.sniff, spool, settings.max_file_mb << 20),
        pictures=PagePictures(settings.data / "pictures"),
    )


def sandbox(settings: Settings) -> Sandbox:
    """A reading process with the limits that the settings name."""
    limits = Limits(memory=settings.reader_memory_mb << 20, wall_seconds=settings.reader_seconds)
    return Sandbox(limits)
