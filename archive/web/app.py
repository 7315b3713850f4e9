"""An application with the frame in place: door, errors, headers, the archive's own pages."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, FastAPI

from archive.access.access import Access
from archive.web import faults
from archive.web.account import AccountPages
from archive.web.faults import Faults
from archive.web.guard import Doorkeeper, SessionCookie, unguarded
from archive.web.headers import SecurityHeaders
from archive.web.shell import Shell


def framed(
    shell: Shell,
    access: Access,
    rooms: Sequence[APIRouter],
    *,
    statuses: Mapping[type[Exception], int],
    insecure_cookie: bool,
) -> FastAPI:
    """The application of these rooms. ``statuses`` are those of errors that the archive does not know.

    Refuses to come into being where a route neither names its right nor is marked public.
    """
    app = FastAPI(title="Piaoku", openapi_url=None, redirect_slashes=False)
    app.state.doorkeeper = Doorkeeper(access, SessionCookie(insecure_cookie))
    Faults(shell, {**faults.STATUS, **statuses}).install(app)
    app.add_middleware(SecurityHeaders)
    for room in (AccountPages(shell, app.state.doorkeeper).routes(), *rooms):
        app.include_router(room)
    if open_routes := unguarded(app):
        raise RuntimeError(f"routes without a right: {', '.join(open_routes)}")
    return app
