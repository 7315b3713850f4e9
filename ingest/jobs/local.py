"""Dispatch inside one process: each worker is a thread that has a reading process of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Worker(Protocol):
    def run(self, stop: threading.Event) -> None: ...


@contextmanager
def working(worker: Callable[[], Worker], workers: int, name: str = "worker") -> Iterator[None]:
    """``workers`` workers run for the block; at its end they finish their document and stop."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=worker().run, args=(stop,), name=f"{name}-{number}") for number in range(workers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
