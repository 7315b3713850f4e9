"""The service is killed in mid-import, again and again; what it acknowledged is there afterwards, once, finished."""

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from archive.model.digest import Digest
from tests.journeys.conftest import PASSWORD, ROOT, Running

KILLS = 3
ENDED = {"filed", "review", "unreadable"}


def documents() -> Iterator[tuple[str, bytes]]:
    """Without end: invoices of the golden cases, and broken files between them so that the reading is quick."""
    invoices = sorted((ROOT / "fixtures").glob("*/*/source.pdf"))
    for number in count():
        if number % 8 == 0:
            source = invoices[number // 8 % len(invoices)]
            yield f"{source.parent.name}.pdf", source.read_bytes()
        else:
            yield f"坏 {number}.pdf", f"%PDF-1.4 nothing {number}".encode()


class Client:
    """An administrator's browser, as far as uploading goes. Keeps what the service acknowledged."""

    def __init__(self, service: Running) -> None:
        assert service.link
        self._http = httpx.Client(base_url=service.address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=30)
        form = {"name": "测试员", "password": PASSWORD, "again": PASSWORD}
        assert self._http.post(service.link, data=form).status_code == 303
        token = re.search(r'name="csrf" content="([^"]+)"', self._http.get("/upload").text)
        assert token
        self._http.headers["X-CSRF-Token"] = token[1]
        self.receipts: dict[str, str] = {}

    def send(self, name: str, content: bytes) -> None:
        answer = self._http.post("/api/v1/documents", params={"name": name}, content=content)
        assert answer.status_code == 201, answer.text
        receipt = answer.json()
        assert receipt["sha256"] == Digest.of(content).hex
        self.receipts[receipt["document"]] = receipt["sha256"]

    def send_until_it_dies(self, waiting: Iterator[tuple[str, bytes]]) -> tuple[str, bytes]:
        """Sends file after file while the service answers; returns the one that was not acknowledged."""
        for name, content in waiting:
            try:
                self.send(name, content)
            except httpx.TransportError:
                return name, content
        raise AssertionError("the documents never end")

    def state(self, document: str) -> str:
        answer = self._http.get(f"/api/v1/documents/{document}")
        assert answer.status_code == 200, f"{document} was acknowledged and is lost"
        return str(answer.json()["state"])


def kill_later(service: Running, seconds: float) -> subprocess.Popen[bytes]:
    assert service.process
    script = f"import os, signal, time; time.sleep({seconds}); os.killpg({service.process.pid}, signal.SIGKILL)"
    return subprocess.Popen([sys.executable, "-c", script])


@pytest.mark.journey
@pytest.mark.timeout(400)
def test_whatever_was_acknowledged_is_finished_once_after_kill_minus_nine(service: Running) -> None:
    chance = random.Random(20261122)
    client, waiting = Client(service), documents()
    for _ in range(KILLS):
        killer = kill_later(service, chance.uniform(0.05, 0.4))
        name, content = client.send_until_it_dies(waiting)
        killer.wait()
        assert service.process
        service.process.wait(20)
        service.start()
        client.send(name, content)
    assert len(client.receipts) == len(set(client.receipts.values())), "one content was taken twice"
    until = time.monotonic() + 120
    left = set(client.receipts)
    while left and time.monotonic() < until:
        left = {document for document in left if client.state(document) not in ENDED}
        time.sleep(0.5)
    assert not left, "accepted, but never finished"
    check_is_clean(service.data)


def check_is_clean(data: Path) -> None:
    command = [Path(sys.executable).parent / "piaoku", "check", "--data", data]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stdout + answer.stderr
