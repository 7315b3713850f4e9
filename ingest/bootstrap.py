"""The composition root: settings in, the whole service out. Nothing else reads settings or chooses implementations."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

import structlog

from archive.access.access import Access
from archive.archive import Archive
from archive.bootstrap import open_archive
from archive.catalog import migrate
from archive.model.digest import Digest
from archive.upkeep import Upkeep
from ingest.jobs.ledger import Ledger
from ingest.jobs.tables import MIGRATIONS
from ingest.model.document import DocumentState
from ingest.readers.sniff import sniff
from ingest.renditions.store import Renditions
from ingest.renditions.studio import Original, Studio
from ingest.sandbox import Limits, Sandbox
from ingest.settings import Settings
from ingest.sources.inbox import Inbox, key_of
from ingest.web.app import Parts
from ingest.worker import Worker

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that works on one data folder."""

    settings: Settings
    archive: Archive
    access: Access
    ledger: Ledger
    inbox: Inbox
    renditions: Renditions
    studio: Studio

    def worker(self) -> Worker:
        return Worker(self.ledger, self.inbox, self.archive, self.renditions, lambda: sandbox(self.settings))

    def upkeep(self) -> Upkeep:
        """What custody needs done by the clock."""
        return Upkeep(self.archive)

    def recover(self) -> None:
        """Put right what a crash left. Only for the process that holds the data folder."""
        self.ledger.release_all()
        for code in ("FORMAT-NOT-YET", "UNSUPPORTED"):  # the latter was said of HEIC
            self.ledger.read_again(code, datetime.now(UTC))
        found = self.inbox.recover()
        if found:
            _log.warning("documents recovered", number=found)

    def web_parts(self) -> Parts:
        """What the pages need."""
        return Parts(
            archive=self.archive,
            access=self.access,
            inbox=self.inbox,
            ledger=self.ledger,
            studio=self.studio,
            demo=self.settings.demo,
            insecure_cookie=self.settings.plain_http or self.settings.host in _LOOPBACK,
        )


def build(settings: Settings) -> Service:
    """Open (or make) the data folder and put everything together. Migrations run first."""
    archive = open_archive(settings)
    ledger = _ledger(archive)
    spool = settings.data / "spool"
    spool.mkdir(exist_ok=True, mode=0o700)
    inbox = Inbox(archive.inbox, ledger, sniff, spool, settings.max_file_mb << 20)
    renditions = Renditions(settings.data / "renditions")
    return Service(
        settings=settings,
        archive=archive,
        access=Access(archive.database, archive.note),
        ledger=ledger,
        inbox=inbox,
        renditions=renditions,
        studio=Studio(renditions, _original(ledger, inbox, archive), lambda: sandbox(settings)),
    )


def _original(ledger: Ledger, inbox: Inbox, archive: Archive) -> Original:
    """The bytes of a document: in the inbox until it is filed, then in the vault."""

    def original(digest: Digest) -> AbstractContextManager[IO[bytes]]:
        document = ledger.by_digest(digest)
        filed = document is None or document.state is DocumentState.FILED
        return archive.original(digest) if filed else inbox.open(digest)

    return original


def expected_in_inbox(archive: Archive) -> Callable[[], Iterator[tuple[str, Digest, int]]]:
    """What must lie in the inbox: key, digest and size of every document that has not been filed."""
    ledger = _ledger(archive)
    return lambda: ((key_of(digest), digest, size) for digest, size in ledger.in_inbox())


def _ledger(archive: Archive) -> Ledger:
    migrate.upgrade(archive.database, MIGRATIONS, "ingest_version")
    return Ledger(archive.database, archive.note)


def sandbox(settings: Settings) -> Sandbox:
    """A reading process with the limits that the settings name."""
    return Sandbox(Limits(memory=settings.reader_memory_mb << 20, wall_seconds=settings.reader_seconds))
