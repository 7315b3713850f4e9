"""The list with search: the address holds everything, the text is parsed by ``archive.search``."""

from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from archive.access.rights import Right
from archive.archive import Archive
from archive.errors import QueryError
from archive.model.beijing import beijing_date
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
            return self._page(request, 422, q, error=error)
        return self._page(request, 200, q, page, _more(q, page))

    def _page(
        self,
        request: Request,
        status: int,
        q: str,
        page: Page | None = None,
        more: str | None = None,
        error: QueryError | None = None,
    ) -> Response:
        spans = presets(beijing_date(datetime.now(UTC)))
        return self._shell.page(request, "search.html", status, q=q, presets=spans, page=page, more=more, error=error)


def presets(today: date) -> dict[str, str]:
    """Spans of issue dates that people ask for again and again, as the query language writes them."""
    first = today.month - (today.month - 1) % 3
    return {
        "month": f"{today:%Y-%m}",
        "quarter": f"{today.year}-{first:02}..{today.year}-{first + 2:02}",
        "year": f"{today.year}",
        "last_year": f"{today.year - 1}",
    }


def _more(q: str, page: Page) -> str | None:
    return f"/search?{urlencode({'q': q, 'after': page.after})}" if page.after else None
