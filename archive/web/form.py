"""Fields of a small HTML form (``application/x-www-form-urlencoded``)."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from archive.access.errors import ForeignRequestError

_LIMIT = 16 * 1024
MEDIA_TYPE = "application/x-www-form-urlencoded"


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip() == MEDIA_TYPE


async def fields(request: Request) -> Mapping[str, str]:
    """The form's fields; none for anything else. Raises ForeignRequestError where it is larger than our forms are."""
    if not is_form(request):
        return {}
    if int(request.headers.get("content-length", _LIMIT + 1)) > _LIMIT:
        raise ForeignRequestError
    body = await request.body()
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))


def local_path(text: str | None) -> str:
    """A path of our own to go back to; anything else becomes the start page (no open redirect)."""
    if text and text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable():
        return text
    return "/"
