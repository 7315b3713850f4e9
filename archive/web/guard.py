"""Who may pass: every route names its right by ``requires(...)`` or is marked ``PUBLIC``."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from archive.access.access import Access
from archive.access.accounts import User
from archive.access.errors import ForbiddenError, ForeignRequestError, NotSignedInError
from archive.access.rights import Right
from archive.web import form
from archive.web.headers import SAFE_METHODS, is_foreign


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is logged in. ``csrf`` is what our own pages send along with a change."""

    user: User
    csrf: str


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """Where the browser keeps the session's token. ``insecure`` is for plain http on the machine itself only."""

    insecure: bool

    @property
    def name(self) -> str:
        return "piaoku" if self.insecure else "__Host-piaoku"

    def token(self, request: Request) -> str | None:
        return request.cookies.get(self.name)

    def set(self, response: Response, token: str) -> None:
        response.set_cookie(self.name, token, path="/", httponly=True, samesite="strict", secure=not self.insecure)

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/", httponly=True, samesite="strict", secure=not self.insecure)


class Doorkeeper:
    """Knows the visitor of a request."""

    def __init__(self, access: Access, cookie: SessionCookie) -> None:
        self.access = access
        self.cookie = cookie

    def visitor(self, request: Request) -> Visitor | None:
        token = self.cookie.token(request)
        user = self.access.user(token) if token else None
        return Visitor(user, csrf_of(token)) if token and user else None


def csrf_of(token: str) -> str:
    """Bound to the session, and no way back to its token."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


class Gate:
    """The dependency behind ``requires``: lets the request pass, or raises what stands in the way."""

    def __init__(self, right: Right) -> None:
        self.right = right

    async def __call__(self, request: Request) -> Visitor:
        keeper: Doorkeeper = request.app.state.doorkeeper
        visitor = await run_in_threadpool(keeper.visitor, request)
        if visitor is None:
            raise NotSignedInError
        request.state.visitor = visitor
        if not visitor.user.may(self.right):
            raise ForbiddenError(self.right)
        if request.method not in SAFE_METHODS:
            await check_own(request, visitor)
        return visitor


class OpenGate:
    """The dependency behind ``PUBLIC``: changes must still come from our own pages."""

    async def __call__(self, request: Request) -> None:
        if is_foreign(request.method, request.headers):
            raise ForeignRequestError


async def check_own(request: Request, visitor: Visitor) -> None:
    """Raises ForeignRequestError unless one of our own pages of this login sent the request."""
    sent = request.headers.get("x-csrf-token") or (await form.fields(request)).get("csrf", "")
    if is_foreign(request.method, request.headers) or not hmac.compare_digest(sent.encode(), visitor.csrf.encode()):
        raise ForeignRequestError


def requires(right: Right) -> Any:
    """The route's right, as a FastAPI dependency that gives the Visitor."""
    return Depends(Gate(right))


PUBLIC: Any = Depends(OpenGate())
"""The explicit mark of a route that needs no login."""


def unguarded(app: FastAPI) -> list[str]:
    """Routes that neither name a right nor are marked public. Must be empty; the app does not start otherwise."""
    return [str(context.path) for context in iter_route_contexts(app.routes) if not _gates(context.original_route)]


def gate_of(route: Any) -> Gate | OpenGate | None:
    gates = _gates(route)
    return gates[0] if gates else None


def _gates(route: Any) -> list[Gate | OpenGate]:
    if not isinstance(route, APIRoute):
        return []
    calls = [dependency.call for dependency in route.dependant.dependencies]
    return [call for call in calls if isinstance(call, Gate | OpenGate)]
