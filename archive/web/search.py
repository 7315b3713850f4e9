"""The list with search: the address holds everything, the text is parsed by ``archive.search``."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from archive.access.rights import Right
from archive.archive import Archive
from archive.errors import QueryError
from archive.model.query import Page
from archive.search import parse
from archive.web.guard import requires
from archive.web.shell import Shell

ROWS = 50
Text = Annotated[str, Query(max_length=500)]
After = Annotated[str | None, Query(max_length=200)]


class SearchPages:
    def __init__(self, shell: Shell, archive: Archive) -> None:
        self._shell = shell
        self._archive = archive

    def routes(self) -> APIRouter:
        routes = APIRouter(dependencies=[requires(Right.READ)])
        routes.add_api_route("/search", self.list, methods=["GET"])
        return routes

    def list(self, request: Request, q: Text = "", after: After = None) -> Response:
        try:
            page = self._archive.search(parse(q), ROWS, after)
        except QueryError as error:
            return self._shell.page(request, "search.html", 422, q=q, page=None, more=None, error=error)
        return self._shell.page(request, "search.html", q=q, page=page, more=_more(q, page), error=None)


def _more(q: str, page: Page) -> str | None:
    return f"/search?{urlencode({'q': q, 'after': page.after})}" if page.after else None
