"""What programs may ask of custody: ``/api/v1/search`` and ``/api/v1/records``."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query

from archive.access.rights import Right
from archive.archive import Archive
from archive.model import record_json
from archive.model.query import Page
from archive.search import parse
from archive.web.guard import requires
from archive.web.search import After, Text


class CustodyApi:
    """Money and dates are text in the answers, so that no client rounds them."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def routes(self) -> APIRouter:
        routes = APIRouter(prefix="/api/v1", dependencies=[requires(Right.READ)])
        routes.add_api_route("/search", self.search, methods=["GET"])
        routes.add_api_route("/records/{record_id}", self.record, methods=["GET"])
        return routes

    def search(
        self, q: Text = "", after: After = None, limit: Annotated[int, Query(ge=1, le=500)] = 50
    ) -> dict[str, Any]:
        page: Page = self._archive.search(parse(q), limit, after)
        return {"hits": [told(hit) for hit in page.hits], "total": page.total, "after": page.after}

    def record(self, record_id: str) -> dict[str, Any]:
        """The record in the words in which it lies in the vault."""
        stored: dict[str, Any] = json.loads(record_json.dumps(self._archive.record(record_id)))
        return stored


def told(value: Any) -> dict[str, Any]:
    """A flat model value as JSON: money and dates become text, None stays."""
    return {name: str(part) if isinstance(part, Decimal | date) else part for name, part in asdict(value).items()}
