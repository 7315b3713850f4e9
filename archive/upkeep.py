"""Upkeep: what the service does by the clock. The audit log is anchored hourly, lagging locks are
lengthened daily, holds are renewed hourly; daily the copies of the vault are compared and unfinished writes cleared."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from archive.archive import Archive

HOUR = 3600.0
_SOON = 300.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Task:
    """What is done every so many seconds."""

    name: str
    act: Callable[[], object]
    every: float

    def once(self) -> float:
        """Do it; the seconds until the next time, which comes soon where it failed."""
        try:
            self.act()
        except Exception as error:
            _log.error("upkeep failed", task=self.name, error=str(error))
            return _SOON
        return self.every

    def repeat(self, stop: threading.Event) -> None:
        while not stop.is_set():
            stop.wait(self.once())


class Upkeep:
    """Runs until told to stop. Each task has a thread of its own: a long one keeps no other from its turn."""

    def __init__(self, archive: Archive) -> None:
        self.tasks = (
            Task("anchor", archive.anchor, HOUR),
            Task("lengthen-locks", archive.lengthen_locks, 24 * HOUR),
            Task("renew-holds", archive.renew_holds, HOUR),
            Task("compare-copies", archive.compare_copies, 24 * HOUR),
            Task("clear-unfinished", archive.clear_unfinished, 24 * HOUR),
        )

    def run(self, stop: threading.Event) -> None:
        threads = [threading.Thread(target=task.repeat, args=(stop,), name=task.name) for task in self.tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
