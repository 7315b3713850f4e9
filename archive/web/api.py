"""What programs may ask of custody: ``/api/v1/search`` and ``/api/v1/records``."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.encoders import jsonable_encoder

from archive.access.rights import Right
from archive.archive import Archive
from archive.model.digest import Digest
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
        return as_json(self._archive.search(parse(q), limit, after))

    def record(self, record_id: str) -> dict[str, Any]:
        return as_json(self._archive.record(record_id))


def as_json(value: Any) -> dict[str, Any]:
    told: dict[str, Any] = jsonable_encoder(value, custom_encoder={Decimal: str, Digest: str})
    return told
