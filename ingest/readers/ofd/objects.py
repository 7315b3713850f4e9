"""What stands on a page: text, pictures and paths, each with the map from its own coordinates to the page's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ingest.readers.markup import Element, child, name
from ingest.readers.ofd.package import Document, OfdPage, number, rectangle

_MOST_NESTED = 8
_PAINTED = {"TextObject", "PathObject", "ImageObject"}


class Matrix(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f, in millimetres, y downwards (the standard's CTM)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def __matmul__(self, inner: "Matrix") -> "Matrix":  # type: ignore[override, unused-ignore]
        """First ``inner``, then this."""
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


@dataclass(frozen=True, slots=True)
class Placed:
    """One object and its map to the page. ``drawing`` are the ids of the parameters it is drawn by, nearest first."""

    kind: str
    element: Element
    matrix: Matrix
    drawing: tuple[str, ...] = ()


def objects(document: Document, page: OfdPage) -> Iterator[Placed]:
    """The objects of a page and its templates in the order of painting. Invisible ones are left out."""
    shift = Matrix(e=-page.area[0], f=-page.area[1])
    for content in (*page.below, page.content, *page.above):
        yield from _inside(document, child(content, "Content"), shift, (), 0)


def annotated(document: Document, page: OfdPage) -> Iterator[Placed]:
    """The objects laid over a page: seals and watermarks."""
    shift = Matrix(e=-page.area[0], f=-page.area[1])
    for listing in document.annotations(page.id):
        for appearance in listing.iter():
            if name(appearance) == "Appearance" and _is_visible(appearance.getparent()):
                yield from _inside(document, appearance, shift @ _own(appearance), (), 0)


def _inside(
    document: Document, parent: Iterable[Element] | None, outer: Matrix, drawing: tuple[str, ...], depth: int
) -> Iterator[Placed]:
    for element in parent if parent is not None and depth < _MOST_NESTED else ():
        kind = name(element)
        if not _is_visible(element):
            continue
        own = (*([element.get("DrawParam")] if element.get("DrawParam") else []), *drawing)
        if kind in ("Layer", "PageBlock"):
            yield from _inside(document, element, outer, own, depth + 1)
        elif kind == "CompositeObject":
            unit, _ = document.resources.get(element.get("ResourceID", ""), (None, ""))
            yield from _inside(document, child(unit, "Content"), outer @ _own(element), own, depth + 1)
        elif kind in _PAINTED:
            yield Placed(kind, element, outer @ _own(element), own)


def _own(element: Element) -> Matrix:
    """An object's coordinates go through its CTM, then to the upper left of its boundary."""
    left, top, _, _ = rectangle(element.get("Boundary", "")) or (0.0, 0.0, 0.0, 0.0)
    try:
        matrix = Matrix(*map(number, element.get("CTM", "").split()[:6]))
    except ValueError:
        matrix = Matrix()
    return Matrix(e=left, f=top) @ matrix


def _is_visible(element: Element | None) -> bool:
    return element is not None and element.get("Visible") != "false" and element.get("Alpha") not in ("0", "0.0")
