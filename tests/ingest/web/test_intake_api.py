"""The upload API: what is answered with 201 is durable; what is refused leaves nothing behind."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archive.model.digest import Digest
from archive.model.evidence import Finding, Severity
from ingest.bootstrap import Service
from ingest.model.document import Arrival, DocumentState, Receipt
from ingest.sources.inbox import Inbox
from ingest.web import api
from ingest.web.app import create_app

PDF = b"%PDF-1.7\ninvented\n%%EOF\n"
BATCH = "20260309-0900-abcde"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_durable_when_it_is_answered(browser: TestClient, service: Service) -> None:
    answer = browser.post(
        "/api/v1/documents", params={"name": "发票.pdf", "folder": "2026/三月", "batch": BATCH}, content=PDF
    )
    assert answer.status_code == 201
    told = answer.json()
    assert told["sha256"] == Digest.of(PDF).hex
    assert told["size"] == len(PDF)
    assert told["first"] is True
    assert "duplicate" not in told
    document = service.ledger.document(told["document"])
    assert document.arrival == Arrival("发票.pdf", "2026/三月", "web", "管理员", BATCH)
    with service.inbox.open(document.digest) as stored:
        assert stored.read() == PDF


def test_the_same_bytes_again_are_told_as_a_duplicate_with_its_link(browser: TestClient) -> None:
    first = browser.post("/api/v1/documents", params={"name": "a.pdf"}, content=PDF).json()
    again = browser.post("/api/v1/documents", params={"name": "b.pdf"}, content=PDF)
    assert again.status_code == 201
    assert again.json()["first"] is False
    assert again.json()["duplicate"] == {"document": first["document"], "state": "received", "records": []}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE-EMPTY"),
        (b"hello", "TYPE-UNKNOWN"),
        (b"\x00\x01\x02" * 400, "TYPE-UNKNOWN"),
        (PDF + b" " * (1 << 20), "FILE-TOO-LARGE"),
    ],
)
def test_what_is_refused_is_told_in_both_languages_and_leaves_nothing(
    browser: TestClient, service: Service, content: bytes, code: str
) -> None:
    answer = browser.post("/api/v1/documents", params={"name": "x.pdf"}, content=content)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert set(answer.json()) == {"code", "zh", "en"}
    assert sum(service.ledger.summary().values()) == 0
    assert files(service.settings.data / "spool") == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a'\"<b>.pdf", "😀.pdf", "x" * 255, "C:\\x.pdf", "a\x00b.pdf"])
def test_a_name_is_data_and_never_a_path(browser: TestClient, service: Service, name: str, tmp_path: Path) -> None:
    answer = browser.post("/api/v1/documents", params={"name": name}, content=PDF)
    assert answer.status_code == 201
    assert service.ledger.document(answer.json()["document"]).arrival.file_name == name
    assert all(path.is_relative_to(tmp_path / "data") for path in files(tmp_path))
    page = browser.get(f"/documents/{answer.json()['document']}")
    assert page.status_code == 200
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    "query", [{}, {"name": ""}, {"name": "x" * 1025}, {"name": "x", "batch": "../x"}, {"name": "x", "batch": "A" * 10}]
)
def test_a_request_out_of_form_is_refused(browser: TestClient, query: dict[str, str]) -> None:
    answer = browser.post("/api/v1/documents", params=query, content=PDF)
    assert answer.status_code == 422
    assert answer.json()["code"] == "bad-request"


def test_a_body_is_taken_as_it_streams_in(browser: TestClient, service: Service) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"%PDF-1.7\n"
        for _ in range(64):
            yield b"x" * 4096

    told = browser.post("/api/v1/documents", params={"name": "x.pdf"}, content=pieces()).json()
    assert told["sha256"] == Digest.of(b"".join(pieces())).hex


def test_changes_are_told_once_each_in_order(browser: TestClient, service: Service) -> None:
    for n in range(3):
        browser.post("/api/v1/documents", params={"name": f"{n}.pdf", "batch": BATCH}, content=PDF + bytes([n]))
    first = browser.get("/api/v1/documents", params={"batch": BATCH}).json()
    assert [document["name"] for document in first["documents"]] == ["0.pdf", "1.pdf", "2.pdf"]
    assert first["more"] is False
    assert first["summary"]["received"] == 3
    nothing = browser.get("/api/v1/documents", params={"batch": BATCH, "since": first["next"]}).json()
    assert nothing["documents"] == []
    assert nothing["next"] == first["next"]
    reason = Finding("X", Severity.ERROR, None, "看一下。", "Look.")
    service.ledger.settle(first["documents"][1]["id"], DocumentState.REVIEW, reasons=(reason,))
    (changed,) = browser.get("/api/v1/documents", params={"batch": BATCH, "since": first["next"]}).json()["documents"]
    assert (changed["name"], changed["state"], changed["reasons"][0]["zh"]) == ("1.pdf", "review", "看一下。")


def test_more_changes_than_an_answer_holds_are_told_in_turns(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "CHANGES", 2)
    for n in range(5):
        browser.post("/api/v1/documents", params={"name": f"{n}.pdf"}, content=PDF + bytes([n]))
    names, since, more = [], 0, True
    while more:
        answer = browser.get("/api/v1/documents", params={"since": since}).json()
        names += [document["name"] for document in answer["documents"]]
        since, more = answer["next"], answer["more"]
    assert names == [f"{n}.pdf" for n in range(5)]


def test_other_batches_are_not_told(browser: TestClient) -> None:
    browser.post("/api/v1/documents", params={"name": "x.pdf", "batch": BATCH}, content=PDF)
    assert browser.get("/api/v1/documents", params={"batch": "20260309-0900-other"}).json()["documents"] == []


def test_an_unknown_document_is_404(browser: TestClient) -> None:
    answer = browser.get("/api/v1/documents/none")
    assert answer.status_code == 404
    assert answer.json()["code"] == "UNKNOWN-DOCUMENT"


class SlowInbox(Inbox):
    """Holds every upload until it is let go."""

    def __init__(self, real: Inbox) -> None:
        self._real = real
        self.max_bytes = real.max_bytes
        self.let_go = threading.Event()
        self.holding = threading.Semaphore(0)

    def accept(self, arrival: Arrival, chunks: Iterable[bytes]) -> Receipt:
        self.holding.release()
        assert self.let_go.wait(20)
        return self._real.accept(arrival, chunks)


def test_with_all_places_taken_the_sender_is_asked_to_wait(service: Service, browser: TestClient) -> None:
    slow = SlowInbox(service.inbox)
    with TestClient(create_app(replace(service.web_parts(), inbox=slow)), cookies=browser.cookies) as client:
        client.headers.update(browser.headers)
        answers: list[int] = []

        def one(n: int) -> None:
            sent = client.post("/api/v1/documents", params={"name": f"{n}.pdf"}, content=PDF + bytes([n]))
            answers.append(sent.status_code)

        threads = [threading.Thread(target=one, args=(n,)) for n in range(api.AT_ONCE)]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert slow.holding.acquire(timeout=20)
        refused = client.post("/api/v1/documents", params={"name": "late.pdf"}, content=PDF)
        slow.let_go.set()
        for thread in threads:
            thread.join()
        assert (refused.status_code, refused.json()["code"]) == (429, "BUSY")
        assert refused.headers["retry-after"].isdigit()
        assert answers == [201] * api.AT_ONCE
        assert client.post("/api/v1/documents", params={"name": "late.pdf"}, content=PDF).status_code == 201
