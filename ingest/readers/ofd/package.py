"""The structure of an OFD: documents, their pages, templates, resources and attachments, found by their locations."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ingest.errors import UnreadableError
from ingest.readers.container import Container, resolved
from ingest.readers.markup import Element, child, children, name, parse, text
from ingest.readers.unreadable import broken

Rectangle = tuple[float, float, float, float]
"""Left, top, width and height in millimetres."""

_LARGEST = 1e6  # millimetres
_A4: Rectangle = (0.0, 0.0, 210.0, 297.0)


@dataclass(frozen=True, slots=True)
class OfdPage:
    """One page: its id, its own content, and those of its templates, below it and above it. ``is_last`` of its
    document."""

    id: str
    area: Rectangle
    content: Element
    below: tuple[Element, ...]
    above: tuple[Element, ...]
    is_last: bool


class Package:
    """An OFD file. Raises ``UnreadableError`` as ``Container`` and ``markup.parse`` do; ``BROKEN`` without pages."""

    def __init__(self, content: bytes) -> None:
        self._container = Container(content)
        root = self.element("OFD.xml")
        if root is None:
            raise broken()
        bodies = [(body, resolved("", text(child(body, "DocRoot")))) for body in children(root, "DocBody")]
        self.documents = [Document(self, path, body) for body, path in bodies if path and self.has(path)]
        if not self.page_count:
            raise broken()

    @property
    def page_count(self) -> int:
        return sum(document.page_count for document in self.documents)

    def element(self, path: str | None) -> Element | None:
        content = self.read(path)
        return None if content is None else parse(content)

    def read(self, path: str | None) -> bytes | None:
        return self._container.read(path)

    def named(self, file_name: str) -> str | None:
        """The path of a file that stands elsewhere than its location says."""
        base = posixpath.basename(file_name)
        return next((path for path in self._container.paths if base and posixpath.basename(path) == base), None)

    def has(self, path: str | None) -> bool:
        return path in self._container.paths


class Document:
    """One document of the package, read as far as it is asked for. ``body`` is its entry in ``OFD.xml``."""

    def __init__(self, package: Package, path: str, body: Element) -> None:
        self.package = package
        self.body = body
        self.folder = posixpath.dirname(path)
        root = package.element(path)
        assert root is not None
        self._root = root
        self._files: dict[str, bytes | None] = {}

    @property
    def page_count(self) -> int:
        return len(self._page_references)

    @cached_property
    def _page_references(self) -> list[Element]:
        return children(child(self._root, "Pages"), "Page")

    def pages(self) -> Iterator[OfdPage]:
        for reference in self._page_references:
            content = self.package.element(self._location(reference.get("BaseLoc", "")))
            if content is None:
                raise broken()
            yield self._page(reference, content)

    def _page(self, reference: Element, content: Element) -> OfdPage:
        common = child(self._root, "CommonData")
        own = rectangle(text(child(content, "Area", "PhysicalBox")))
        area = own or rectangle(text(child(common, "PageArea", "PhysicalBox"))) or _A4
        below: list[Element] = []
        above: list[Element] = []
        for use in children(content, "Template"):
            template = self._templates.get(use.get("TemplateID", ""))
            if template is not None:
                (above if use.get("ZOrder") == "Foreground" else below).append(template)
        is_last = reference is self._page_references[-1]
        return OfdPage(reference.get("ID", ""), area, content, tuple(below), tuple(above), is_last)

    @cached_property
    def _templates(self) -> dict[str, Element]:
        found = {}
        for reference in children(child(self._root, "CommonData"), "TemplatePage"):
            content = self.package.element(self._location(reference.get("BaseLoc", "")))
            if content is not None:
                found[reference.get("ID", "")] = content
        return found

    @cached_property
    def resources(self) -> dict[str, tuple[Element, str]]:
        """Fonts, pictures, drawing parameters and composite units by id, each with the folder its files are in."""
        found = {}
        common = child(self._root, "CommonData")
        for part in common if common is not None else ():
            path = self._location(text(part)) if name(part) in ("PublicRes", "DocumentRes") else None
            root = self.package.element(path)
            if root is None or path is None:
                continue
            folder = resolved(posixpath.dirname(path), root.get("BaseLoc", "") or ".") or posixpath.dirname(path)
            for group in root:
                for resource in group:
                    if name(resource):
                        found[resource.get("ID", "")] = (resource, folder)
        return found

    def file_of(self, resource_id: str, tag: str) -> bytes | None:
        """The file of a font (``FontFile``) or a picture (``MediaFile``)."""
        if resource_id not in self._files:
            self._files[resource_id] = self._file(resource_id, tag)
        return self._files[resource_id]

    def _file(self, resource_id: str, tag: str) -> bytes | None:
        resource, folder = self.resources.get(resource_id, (None, ""))
        location = text(child(resource, tag))
        if not location:
            return None
        for path in (resolved(folder, location), self._location(location), self.package.named(location)):
            if self.package.has(path):
                return self.package.read(path)
        return None

    def attachments(self) -> Iterator[bytes]:
        """The files attached to the document. Locations are relative to the list of attachments, or to the document."""
        for listing, folder in self._listings("Attachments"):
            for attachment in children(listing, "Attachment"):
                content = self._attached(text(child(attachment, "FileLoc")) or text(attachment), folder)
                if content is not None:
                    yield content

    def custom_tags(self) -> Iterator[bytes]:
        """The files that name the objects on the pages by the fields they show."""
        for listing, folder in self._listings("CustomTags"):
            for tag in children(listing, "CustomTag"):
                content = self._attached(text(child(tag, "FileLoc")), folder)
                if content is not None:
                    yield content

    def annotations(self, page_id: str) -> Iterator[Element]:
        """What is laid over a page: seals and watermarks."""
        for listing, folder in self._listings("Annotations"):
            for page in children(listing, "Page"):
                if page.get("PageID") == page_id:
                    location = text(child(page, "FileLoc"))
                    path = next((p for p in (resolved(folder, location), self._location(location)) if p), None)
                    content = self.package.element(path)
                    if content is not None:
                        yield content

    def _listings(self, tag: str) -> Iterator[tuple[Element, str]]:
        path = self._location(text(child(self._root, tag)))
        try:
            listing = self.package.element(path)
        except UnreadableError:
            return  # beside the pages; they can be read without it
        if listing is not None and path is not None:
            yield listing, posixpath.dirname(path)

    def _attached(self, location: str, folder: str) -> bytes | None:
        for path in (resolved(folder, location), self._location(location), self.package.named(location)):
            if location and self.package.has(path):
                return self.package.read(path)
        return None

    def _location(self, location: str) -> str | None:
        """From the document's folder; some writers leave it out of an absolute location, or repeat it."""
        if not location:
            return None
        path = resolved(self.folder, location)
        return path if self.package.has(path) else resolved("", location)


def rectangle(numbers: str) -> Rectangle | None:
    """``Boundary``, ``PhysicalBox``: four numbers; None where they are no rectangle."""
    try:
        left, top, width, height = map(number, numbers.split())
    except ValueError:
        return None
    return (left, top, width, height) if width > 0 and height > 0 else None


def number(written: str) -> float:
    """A number of a size that a page can have. Raises ValueError for any other."""
    value = float(written)
    if not abs(value) < _LARGEST:
        raise ValueError(f"no measure on a page: {written[:20]}")
    return value
