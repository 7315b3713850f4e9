"""The door: one-time link, login, logout, language. The only pages that need no login."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from archive.access.accounts import PASSWORD_LENGTH
from archive.access.errors import AccountError, LoginFailedError, TooManyAttemptsError
from archive.web import form
from archive.web.form import local_path
from archive.web.guard import PUBLIC, Doorkeeper, check_own
from archive.web.language import Language
from archive.web.shell import LANGUAGE_COOKIE, Shell

Fields = Annotated[Mapping[str, str], Depends(form.fields)]
_YEAR = 365 * 24 * 3600


class AccountPages:
    def __init__(self, shell: Shell, doorkeeper: Doorkeeper) -> None:
        self._shell = shell
        self._access = doorkeeper.access
        self._cookie = doorkeeper.cookie
        self._visitor = doorkeeper.visitor

    def routes(self) -> APIRouter:
        routes = APIRouter(dependencies=[PUBLIC])
        routes.add_api_route("/enter/{token}", self.show_link, methods=["GET"])
        routes.add_api_route("/enter/{token}", self.use_link, methods=["POST"])
        routes.add_api_route("/login", self.show_login, methods=["GET"])
        routes.add_api_route("/login", self.login, methods=["POST"])
        routes.add_api_route("/logout", self.logout, methods=["POST"])
        routes.add_api_route("/language", self.choose_language, methods=["POST"])
        routes.add_api_route("/static/{version}/{name:path}", self.static, methods=["GET"])
        routes.add_api_route("/healthz", self.health, methods=["GET"])
        return routes

    def show_link(self, request: Request, token: str) -> Response:
        self._access.check_link(token)
        return self._link_page(request)

    def use_link(self, request: Request, token: str, fields: Fields) -> Response:
        name, password = fields.get("name", ""), fields.get("password", "")
        try:
            if password != fields.get("again", ""):
                raise AccountError("两次输入的密码不一致。", "The two passwords are not the same.")
            session = self._access.redeem(token, name, password)
        except AccountError as error:
            return self._link_page(request, 422, name, error)
        return self._enter(session, "/")

    def show_login(self, request: Request, back: Annotated[str, Query(max_length=2000)] = "/") -> Response:
        if self._visitor(request):
            return RedirectResponse(local_path(back), 303)
        return self._login_page(request, back=back)

    def login(self, request: Request, fields: Fields) -> Response:
        name, back = fields.get("name", ""), fields.get("back", "/")
        address = request.client.host if request.client else ""
        try:
            session = self._access.login(name, fields.get("password", ""), address, self._cookie.token(request))
        except LoginFailedError as error:
            return self._login_page(request, 401, name, back, error)
        except TooManyAttemptsError as error:
            return self._login_page(request, 429, name, back, error)
        return self._enter(session, local_path(back))

    async def logout(self, request: Request) -> Response:
        visitor = await run_in_threadpool(self._visitor, request)
        token = self._cookie.token(request)
        if visitor and token:
            await check_own(request, visitor)
            await run_in_threadpool(self._access.logout, token)
        response = RedirectResponse("/login", 303)
        self._cookie.clear(response)
        return response

    def choose_language(self, fields: Fields) -> Response:
        response = RedirectResponse(local_path(fields.get("back")), 303)
        language = Language.EN if fields.get("language") == Language.EN else Language.ZH
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="strict", httponly=True)
        return response

    def static(self, request: Request, version: str, name: str) -> Response:
        return self._shell.assets.response(request, version, name)

    def health(self) -> Response:
        return PlainTextResponse("ok")

    def _enter(self, session: str, path: str) -> Response:
        response = RedirectResponse(path, 303)
        self._cookie.set(response, session)
        return response

    def _link_page(
        self, request: Request, status: int = 200, name: str = "", error: AccountError | None = None
    ) -> Response:
        return self._shell.page(request, "enter.html", status, name=name, error=error, length=PASSWORD_LENGTH)

    def _login_page(
        self,
        request: Request,
        status: int = 200,
        name: str = "",
        back: str = "/",
        error: LoginFailedError | TooManyAttemptsError | None = None,
    ) -> Response:
        return self._shell.page(request, "login.html", status, name=name, back=back, error=error)
