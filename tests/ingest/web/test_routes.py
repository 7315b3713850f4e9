"""Every route names its right, and nobody passes without it."""

import re

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from archive.access import rights
from archive.access.rights import Right, Role
from archive.web.guard import Gate, OpenGate, gate_of, unguarded

PUBLIC = {"/login", "/logout", "/language", "/healthz", "/enter/{token}", "/static/{version}/{name:path}"}
EXAMPLES = {"batch": "20260101-0101-aaaaa", "page": "1", "number": "1"}


def walk(app: FastAPI) -> list[tuple[str, str, Gate | OpenGate]]:
    """Method, path and gate of every route."""
    found = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        gate = gate_of(route)
        assert gate is not None, f"{context.path} names no right"
        found += [(method, str(context.path), gate) for method in getattr(route, "methods", ())]
    return found


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)[^}]*\}", lambda place: EXAMPLES.get(place[1], "0" * 16), path)


def test_every_route_names_its_right_or_is_marked_public(app: FastAPI) -> None:
    routes = walk(app)
    assert len(routes) >= 20
    assert unguarded(app) == []
    assert {path for _, path, gate in routes if isinstance(gate, OpenGate)} == PUBLIC


def test_without_a_login_nothing_but_the_door_answers(app: FastAPI, stranger: TestClient) -> None:
    for method, path, gate in walk(app):
        if isinstance(gate, Gate):
            answer = stranger.request(method, filled(path))
            if path.startswith("/api/"):
                assert answer.status_code == 401, path
            else:
                assert answer.headers["location"].startswith("/login?back="), path


def test_without_the_right_a_route_is_forbidden(
    app: FastAPI, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for right in Right:
        monkeypatch.setattr("archive.access.accounts.RIGHTS", {Role.ADMINISTRATOR: frozenset(Right) - {right}})
        needing = [(method, path) for method, path, gate in walk(app) if isinstance(gate, Gate) and gate.right is right]
        assert needing, right
        for method, path in needing:
            assert browser.request(method, filled(path)).status_code == 403, path


def test_a_changing_request_needs_the_token_whatever_its_route(app: FastAPI, browser: TestClient) -> None:
    del browser.headers["X-CSRF-Token"]
    changing = [(m, p) for m, p, gate in walk(app) if isinstance(gate, Gate) and m not in ("GET", "HEAD")]
    assert changing
    for method, path in changing:
        assert browser.request(method, filled(path), params={"name": "x.pdf"}).status_code == 403, path


def test_every_right_is_held_by_somebody() -> None:
    assert frozenset().union(*rights.RIGHTS.values()) == frozenset(Right)
