"""Upkeep: by the clock, and past whatever fails."""

from threading import Event, Thread
from typing import Any

from structlog.testing import capture_logs

from archive.errors import StoreUnavailableError
from archive.upkeep import HOUR, Task, Upkeep


def test_the_log_is_anchored_hourly_and_locks_are_looked_after_daily(archive: Any) -> None:
    assert [(task.name, task.every) for task in Upkeep(archive).tasks] == [
        ("anchor", HOUR),
        ("lengthen-locks", 24 * HOUR),
        ("renew-holds", HOUR),
        ("compare-copies", 24 * HOUR),
        ("clear-unfinished", 24 * HOUR),
    ]


def test_what_failed_is_logged_and_tried_again_soon() -> None:
    turns = [True, False]

    def act() -> None:
        if turns.pop(0):
            raise StoreUnavailableError("存储不可用。", "The store is down.")

    task = Task("anchor", act, HOUR)
    with capture_logs() as logged:
        assert (task.once(), task.once()) == (300.0, HOUR)
    assert logged == [{"event": "upkeep failed", "task": "anchor", "error": "The store is down.", "log_level": "error"}]


def test_it_anchors_a_real_log_and_stops_when_told(archive: Any, deposit: Any) -> None:
    deposit(1)
    stop = Event()
    thread = Thread(target=Upkeep(archive).run, args=(stop,))
    thread.start()
    for _ in range(200):
        if archive.verify_audit().proven:
            break
        stop.wait(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert archive.verify_audit().proven == 1
