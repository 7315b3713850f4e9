"""What an error looks like: one table of statuses, a page for people, JSON for programs."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from archive import errors
from archive.access import errors as access
from archive.web.headers import harden
from archive.web.shell import Shell

STATUS: Mapping[type[Exception], int] = {
    access.NotSignedInError: 401,
    access.LoginFailedError: 401,
    access.ForbiddenError: 403,
    access.ForeignRequestError: 403,
    access.LinkError: 410,
    access.AccountError: 422,
    access.TooManyAttemptsError: 429,
    errors.NotFoundError: 404,
    errors.RetentionError: 409,
    errors.ConflictError: 409,
    errors.QueryError: 422,
    errors.IntegrityError: 500,
    errors.StoreUnavailableError: 503,
    errors.ArchiveError: 500,
}
"""The nearest class of an error counts."""

_OF_THE_WEB = {
    400: ("bad-request", "请求无法理解。", "The request cannot be understood."),
    404: ("not-found", "没有这个页面。", "There is no such page."),
    405: ("method", "此地址不支持该操作。", "This address does not take that method."),
    422: ("bad-request", "请求中的参数不正确。", "A parameter of the request is not right."),
    500: (
        "internal",
        "系统内部出错，已记录；请稍后重试。",
        "It went wrong inside and was logged; try again later.",
    ),
}
_log = structlog.get_logger()


class Faults:
    """Turns errors into answers. ``statuses`` may add the classes of another package."""

    def __init__(self, shell: Shell, statuses: Mapping[type[Exception], int]) -> None:
        self._shell = shell
        self._statuses = statuses

    def install(self, app: FastAPI) -> None:
        for kind in (*self._statuses, HTTPException, RequestValidationError, Exception):
            app.add_exception_handler(kind, self.answer)

    def answer(self, request: Request, error: Exception) -> Response:
        status = self._status(error)
        if status >= 500:
            _log.error("request-failed", path=request.url.path, error=type(error).__name__)
        if isinstance(error, access.NotSignedInError) and not _wants_json(request):
            return _to_the_door(request)
        told = _told(error, status)
        response = JSONResponse(told, status) if _wants_json(request) else self._page(request, status, told)
        if status in (202, 429, 503):
            response.headers["Retry-After"] = "5"
        if status == 202 and request.method == "GET":
            response.headers["Refresh"] = "5"  # the page asks again by itself
        harden(response.headers)
        return response

    def _page(self, request: Request, status: int, told: Mapping[str, str]) -> Response:
        language = self._shell.language(request)
        return self._shell.page(request, "error.html", status, number=status, told=told[language], code=told["code"])

    def _status(self, error: Exception) -> int:
        if isinstance(error, HTTPException):
            return error.status_code
        if isinstance(error, RequestValidationError):
            return 422
        known = [kind for kind in type(error).__mro__ if kind in self._statuses]
        return self._statuses[known[0]] if known else 500


def _to_the_door(request: Request) -> Response:
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        # The cookie is SameSite=Strict, so a link in a mail arrives without it: asked again by our own page, it comes.
        return HTMLResponse(
            '<!doctype html><meta charset="utf-8"><title>…</title><meta http-equiv="refresh" content="0">'
        )
    return RedirectResponse(f"/login?back={_back(request)}", 303)


def _told(error: Any, status: int) -> dict[str, str]:
    if hasattr(error, "zh") and hasattr(error, "en"):
        return {"code": error.code, "zh": error.zh, "en": error.en}
    code, zh, en = _OF_THE_WEB.get(status, _OF_THE_WEB[400 if status < 500 else 500])
    return {"code": code, "zh": zh, "en": en}


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _back(request: Request) -> str:
    return quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""), safe="")
