"""The frame around every page: templates, navigation, language, theme."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from archive.access.rights import Right
from archive.web import show
from archive.web.assets import Assets
from archive.web.guard import Visitor
from archive.web.language import Language, Words, load

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "piaoku_language"
THEME_COOKIE = "piaoku_theme"
_THEMES = ("light", "dark")


def _nothing() -> int:
    return 0


@dataclass(frozen=True, slots=True)
class NavItem:
    """A room in the navigation: its key in the catalogue's area ``nav``, and how many things wait there."""

    key: str
    path: str
    right: Right
    waiting: Callable[[], int] = _nothing


class Shell:
    """Renders pages. ``folders`` maps a package's name to its web folder with ``templates`` and ``static``."""

    def __init__(self, folders: Mapping[str, Path], nav: Sequence[NavItem], *, demo: bool) -> None:
        self.assets = Assets({name: folder / "static" for name, folder in folders.items()})
        self._nav = tuple(nav)
        self._demo = demo
        self._words = load()
        self._templates = Environment(
            loader=FileSystemLoader([folder / "templates" for folder in folders.values()]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(money=show.money, moment=show.moment, size=show.size)
        self._templates.globals["asset"] = self.assets.url

    def language(self, request: Request) -> Language:
        chosen = request.cookies.get(LANGUAGE_COOKIE, "")
        return Language(chosen) if chosen in list(Language) else Language.ZH

    def words(self, request: Request) -> Words:
        return self._words[self.language(request)]

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        words = self.words(request)
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        theme = request.cookies.get(THEME_COOKIE)
        frame = {
            "t": words,
            "language": words.language,
            "theme": theme if theme in _THEMES else None,
            "visitor": visitor,
            "demo": self._demo,
            "nav": [item for item in self._nav if visitor and visitor.user.may(item.right)],
            "path": request.url.path,
            "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        }
        content = self._templates.get_template(template).render({**frame, **values})
        return HTMLResponse(content, status, headers={"Content-Language": words.language.tag})
