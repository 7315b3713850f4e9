"""One service to a data folder: the lock that says who works documents off."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def sole_worker(data: Path) -> Iterator[bool]:
    """True for the block if this process may work on the data folder; False if another process does.

    The lock goes with the process, however it ends.
    """
    with (data / "service.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
