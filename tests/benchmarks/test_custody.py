"""What durability costs: accepting and depositing against bare write + fsync of the same bytes, in one run.

Last figures (2026-11-22, two shared cores, one writer, ``make bench ARGS="-k custody"``): write + fsync 0.50 ms, accept
6.3 ms (mean of 50); check of 50 documents of 200 KB 18 ms.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import pytest

from ingest.bootstrap import Service, build, expected_in_inbox
from ingest.model.document import Arrival
from ingest.settings import Settings

SIZE = 200_000


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return build(Settings(data=tmp_path / "data"))


def new_document() -> bytes:
    return b"%PDF-1.7\n" + secrets.token_bytes(SIZE)


@pytest.mark.benchmark(group="custody: accept 200 KB")
def test_custody_bare_write_and_fsync(benchmark: Any, tmp_path: Path) -> None:
    def write(content: bytes) -> None:
        with (tmp_path / secrets.token_hex(8)).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    benchmark.pedantic(write, setup=lambda: ((new_document(),), {}), rounds=50)


@pytest.mark.benchmark(group="custody: accept 200 KB")
def test_custody_accept(benchmark: Any, service: Service) -> None:
    arrival = Arrival("a.pdf", "", "web", "bench", "bench")
    benchmark.pedantic(service.inbox.accept, setup=lambda: ((arrival, [new_document()]), {}), rounds=50)
    assert service.ledger.waiting() == 50


@pytest.mark.benchmark(group="custody: check")
def test_custody_check(benchmark: Any, service: Service) -> None:
    arrival = Arrival("a.pdf", "", "web", "bench", "bench")
    for _ in range(50):
        service.inbox.accept(arrival, [new_document()])
    report = benchmark(service.archive.check, expected_in_inbox(service.archive))
    assert report.clean
    assert report.objects == 50
