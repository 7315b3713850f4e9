"""What a reading process costs: memory on large pages and over many, and what a second process brings.

Last figures: see ``ingest/READING.md``. Run: ``make bench ARGS="-s -k worker_load"``; ``BENCH_PAGES=100`` makes
the long one shorter.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import cv2
import pytest

from fixtures.generator.pdf import draw
from fixtures.generator.scan import DEGRADATIONS, degrade, rasterise
from fixtures.generator.truth import invent
from fixtures.golden import CASES
from ingest.sandbox import Limits, Sandbox

TODAY = date(2026, 11, 20)
MOST_MEMORY = 1000  # MB a process
MOST_GROWTH = 1.05  # of a process's memory after the first tenth of the pages
LEAST_GAIN = 1.8  # of a second process on a machine with two idle cores
PAGES = int(os.environ.get("BENCH_PAGES", "1000"))
OCR_EVERY = 10  # documents; one by OCR costs as much as a hundred others
FIRST_SEED = 610_000
A4_WIDTH = 2480  # pixels at 300 dpi
KINDS = ("digital_special", "vat_normal_electronic", "vat_special_paper")


@contextmanager
def reader() -> Iterator[tuple[Sandbox, Path]]:
    """A reading process and its place in ``/proc``."""
    before = _children()
    with Sandbox(Limits()) as sandbox:
        (child,) = _children() - before
        yield sandbox, Path("/proc") / child


def _children() -> set[str]:
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return {line.split()[0] for line in listed.stdout.splitlines() if "ingest.reading_process" in line}


def megabytes(process: Path, entry: str) -> float:
    """``VmRSS`` (now) or ``VmHWM`` (at most)."""
    line = next(line for line in (process / "status").read_text().splitlines() if line.startswith(entry))
    return int(line.split()[1]) / 1024


def scan(place: int) -> bytes:
    wear = tuple(DEGRADATIONS)[place % len(DEGRADATIONS)]
    return degrade(draw(invent(KINDS[place % len(KINDS)], FIRST_SEED + place)), wear, FIRST_SEED + place).content


def large(place: int) -> bytes:
    """An invoice on a sheet of A4 at 300 dpi."""
    picture = rasterise(draw(invent(KINDS[place % len(KINDS)], FIRST_SEED + place)), 300)
    height = round(picture.shape[0] * A4_WIDTH / picture.shape[1])
    picture = cv2.resize(picture, (A4_WIDTH, height), interpolation=cv2.INTER_AREA)
    sheet = cv2.copyMakeBorder(picture, 0, 3508 - height, 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    return bytes(cv2.imencode(".jpg", sheet)[1])


def drop(_number: int, _picture: bytes) -> None: ...


def test_worker_load_memory_on_large_pages(benchmark: Any) -> None:
    sheets = [large(place) for place in range(6)]
    with reader() as (sandbox, process):
        benchmark.pedantic(lambda: [sandbox.examine(sheet, TODAY, drop) for sheet in sheets], rounds=1)
        peak = megabytes(process, "VmHWM")
    print(f"\npeak {peak:.0f} MB on {len(sheets)} sheets of A4 at 300 dpi")
    assert peak <= MOST_MEMORY


@pytest.mark.timeout(0)
def test_worker_load_memory_over_many_pages(benchmark: Any) -> None:
    written = [case.source.read_bytes() for case in CASES if case.machine]

    def run(process: Path, sandbox: Sandbox) -> list[float]:
        told, pages, next_written = [], 0, cycle(written)
        while pages < PAGES:
            for content in (scan(pages), *islice(next_written, OCR_EVERY - 1)):
                pages += sandbox.examine(content, TODAY, drop).page_count
            if pages >= PAGES * (len(told) + 1) / 10:
                told.append(megabytes(process, "VmRSS"))
        return told

    with reader() as (sandbox, process):
        told = benchmark.pedantic(run, (process, sandbox), rounds=1)
    print(f"\nMB after each tenth of {PAGES} pages:", *(f"{size:.0f}" for size in told))
    assert max(told[1:]) <= MOST_GROWTH * max(told[:2])


@pytest.mark.timeout(0)
def test_worker_load_of_two_processes(benchmark: Any) -> None:
    """Two processes against one on the same scans; needs two cores that nobody else uses."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("这台机器只有一个处理器核心 / this machine has one core only")
    scans = [scan(place) for place in range(8)]

    def seconds(sandboxes: Sequence[Sandbox]) -> float:
        begun = time.monotonic()
        with ThreadPoolExecutor(len(sandboxes)) as pool:
            list(pool.map(lambda share: _read(*share), [(s, scans) for s in sandboxes]))
        return time.monotonic() - begun

    def compare() -> float:
        with reader() as (first, _), Sandbox(Limits()) as second:
            seconds([first]), seconds([second])  # the models
            alone, both = zip(*((seconds([first]), seconds([first, second])) for _ in range(2)), strict=True)
        return 2 * min(alone) / min(both)

    gain = benchmark.pedantic(compare, rounds=1)
    print(f"\ntwo processes read {gain:.2f} times as much as one; load {os.getloadavg()[0]:.1f}")
    assert gain >= LEAST_GAIN


def _read(sandbox: Sandbox, scans: Sequence[bytes]) -> None:
    for content in scans:
        sandbox.examine(content, TODAY, None)
