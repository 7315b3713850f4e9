"""The whole application on a data folder of its own, and a browser that is logged in. No worker runs."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ingest.bootstrap import Service, build
from ingest.settings import Settings
from ingest.web.app import create_app

PASSWORD = "correct horse battery"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return build(Settings(data=tmp_path / "data", max_file_mb=1))


@pytest.fixture
def app(service: Service) -> FastAPI:
    return create_app(service.web_parts())


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def browser(app: FastAPI, service: Service) -> TestClient:
    """Logged in; sends the token with each request, as our pages do."""
    client = TestClient(app, follow_redirects=False)
    fields = {"name": "管理员", "password": PASSWORD, "again": PASSWORD}
    assert client.post(service.access.new_link(), data=fields).status_code == 303
    token = re.search(r'<meta name="csrf" content="(\w+)">', client.get("/upload").text)
    assert token
    client.headers["X-CSRF-Token"] = token[1]
    return client
