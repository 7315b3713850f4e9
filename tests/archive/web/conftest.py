"""The archive's pages in the frame, on an archive of its own, and a browser that is logged in."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from archive.access.access import Access
from archive.access.rights import Right
from archive.archive import Archive
from archive.model.digest import Digest
from archive.web import shell as frame
from archive.web.api import CustodyApi
from archive.web.app import framed
from archive.web.record import RecordPages
from archive.web.search import SearchPages
from archive.web.shell import NavItem, Shell

PASSWORD = "correct horse battery"
PICTURE = b"RIFF....WEBP"


def picture(digest: Digest, page: int) -> bytes | None:
    return PICTURE if page == 1 else None


@pytest.fixture
def access(archive: Archive) -> Access:
    return Access(archive.database, archive.note)


@pytest.fixture
def app(archive: Archive, access: Access) -> FastAPI:
    shell = Shell({"archive": Path(frame.__file__).parent}, (NavItem("search", "/search", Right.READ),), demo=False)
    rooms = (
        SearchPages(shell, archive).routes(),
        RecordPages(shell, archive, picture).routes(),
        CustodyApi(archive).routes(),
    )
    return framed(shell, access, rooms, statuses={}, insecure_cookie=True)


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    """A browser without a login."""
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def browser(app: FastAPI, access: Access) -> TestClient:
    """A browser with a login."""
    client = TestClient(app, follow_redirects=False)
    fields = {"name": "管理员", "password": PASSWORD, "again": PASSWORD}
    assert client.post(access.new_link(), data=fields).status_code == 303
    return client


@pytest.fixture
def csrf(browser: TestClient) -> str:
    found = re.search(r'<meta name="csrf" content="(\w+)">', browser.get("/search").text)
    assert found
    return found[1]
