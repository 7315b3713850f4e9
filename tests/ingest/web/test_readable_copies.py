"""Readable copies, lost pictures and thumbnails, as pages hand them out."""

import io
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from archive.model.digest import Digest
from archive.model.invoice import Invoice
from archive.model.record import Original
from ingest.bootstrap import Service
from ingest.errors import BeingMadeError, UnreadableError
from ingest.model.document import DocumentState
from ingest.model.draft import Examination
from ingest.sandbox import Sandbox

NAME = "三月 发票.v2.jpg"


@pytest.fixture
def photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def document(browser: TestClient, service: Service, photo: bytes) -> str:
    """A photo in front of a person, of which nothing derived is kept."""
    name: str = browser.post("/api/v1/documents", params={"name": NAME}, content=photo).json()["document"]
    service.ledger.record_examination(name, Examination("image/jpeg", 1, 0.1, ()))
    service.ledger.settle(name, DocumentState.REVIEW)
    return name


@pytest.fixture(autouse=True)
def _ended(service: Service) -> object:
    yield
    service.studio.close()


def test_a_copy_is_made_when_it_is_asked_for_and_named_after_its_document(browser: TestClient, document: str) -> None:
    assert f'href="/documents/{document}/copy"' in browser.get(f"/documents/{document}").text
    answer = browser.get(f"/documents/{document}/copy")
    assert (answer.status_code, answer.content[:8]) == (200, b"%PDF-1.7")
    named = unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])
    assert named == "三月 发票.v2 - 可检索副本.pdf"
    assert browser.get(f"/documents/{document}/copy").content == answer.content


def test_a_lost_picture_is_drawn_again(browser: TestClient, document: str, photo: bytes) -> None:
    answer = browser.get(f"/pictures/{Digest.of(photo).hex}/1")
    assert Image.open(io.BytesIO(answer.content)).size == (300, 200)
    assert browser.get(f"/pictures/{Digest.of(photo).hex}/2").status_code == 404


def test_the_list_of_what_waits_shows_a_small_picture(browser: TestClient, document: str, photo: bytes) -> None:
    path = f"/thumbnails/{Digest.of(photo).hex}"
    assert f'src="{path}"' in browser.get("/review").text
    assert Image.open(io.BytesIO(browser.get(path).content)).size == (200, 133)


def test_while_a_copy_is_made_its_page_says_so_and_asks_again(
    browser: TestClient, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def being_made(*_: object) -> None:
        raise BeingMadeError

    monkeypatch.setattr("ingest.renditions.studio.Studio.copy", being_made)
    answer = browser.get(f"/documents/{document}/copy")
    assert (answer.status_code, answer.headers["refresh"], answer.headers["retry-after"]) == (202, "5", "5")
    assert "正在生成" in answer.text
    browser.cookies["piaoku_language"] = "en"
    assert "asks again by itself" in browser.get(f"/documents/{document}/copy").text


def test_why_there_can_be_no_copy_is_said(browser: TestClient, document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> None:
        raise UnreadableError("BROKEN", "文件已损坏。", "The file is damaged.")

    monkeypatch.setattr(Sandbox, "examine", unreadable)
    answer = browser.get(f"/documents/{document}/copy")
    assert (answer.status_code, "文件已损坏。" in answer.text) == (422, True)


def test_data_without_pages_offers_no_copy(browser: TestClient, service: Service) -> None:
    content = b"<?xml version='1.0'?><EInvoice/>"
    name = browser.post("/api/v1/documents", params={"name": "a.xml"}, content=content).json()["document"]
    service.ledger.record_examination(name, Examination("application/xml", 1, 0.1, ()))
    service.ledger.settle(name, DocumentState.REVIEW)
    assert "/copy" not in browser.get(f"/documents/{name}").text
    assert "/thumbnails/" not in browser.get("/review").text


@pytest.mark.parametrize("path", ["/documents/0000000000000000/copy", "/thumbnails/xyz", f"/thumbnails/{'0' * 64}"])
def test_what_is_not_there_is_not_found(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_record_offers_the_copy_of_each_original(browser: TestClient, service: Service, photo: bytes) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    original = Original(Digest.of(photo), len(photo), "image/jpeg", NAME, now, "web")
    record = service.archive.deposit(
        document_digest=original.digest,
        index=0,
        invoice=Invoice(kind="taxi"),
        original=original,
        content=lambda: io.BytesIO(photo),
        readings=(),
        findings=(),
        actor="tester",
        now=now,
    )
    page = browser.get(f"/records/{record.id}").text
    assert f"/records/{record.id}/originals/1/copy" in page
    answer = browser.get(f"/records/{record.id}/originals/1/copy")
    assert answer.content.startswith(b"%PDF-1.7")
    assert browser.get(f"/records/{record.id}/originals/2/copy").status_code == 404
