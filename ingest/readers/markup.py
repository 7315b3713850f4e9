"""XML from strangers, through lxml: no DTD, no entities, no network, and no more of it than an invoice can need."""

import re
from typing import TypeAlias

from lxml import etree

from ingest.readers.limits import MAX_XML_BYTES, MAX_XML_DEPTH, MAX_XML_NODES
from ingest.readers.unreadable import broken, xml_too_deep, xml_too_large, xml_with_dtd

_DTD = re.compile(r"<!(?:DOCTYPE|ENTITY)")
_CHILDREN_OF_NO_NAMESPACE = re.compile(rb"<(/?):(?=[A-Za-z_])")

Element: TypeAlias = etree._Element


def parse(content: bytes) -> Element:
    """The root element. Raises ``UnreadableError``: ``XML-TOO-LARGE``, ``XML-TOO-DEEP``, ``XML-DTD`` or ``BROKEN``."""
    _check(content)
    try:
        root = etree.fromstring(content, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise xml_too_deep(MAX_XML_DEPTH) from error
        raise (xml_with_dtd() if _declares(content) else broken()) from error
    except ValueError as error:
        raise broken() from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise xml_with_dtd()
    return root


def parse_leniently(content: bytes) -> Element | None:
    """As ``parse``, for parts that tools are known to write badly (``<:eInvoice xmlns:="">``).

    None where nothing can be made of them.
    """
    try:
        _check(content)
        root = etree.fromstring(_CHILDREN_OF_NO_NAMESPACE.sub(rb"<\1", content), _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and root.getroottree().docinfo.internalDTD is None else None


def name(element: Element) -> str:
    """The local name: issuers agree on names, not on namespaces. Empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def text(element: Element | None) -> str:
    """The text directly inside, CDATA or not, without the white space around it."""
    return "" if element is None else (element.text or "").strip()


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant at the end of a path of local names."""
    for step in path:
        element = None if element is None else next((c for c in element if name(c) == step), None)
    return element


def children(element: Element | None, step: str) -> list[Element]:
    return [] if element is None else [c for c in element if name(c) == step]


def texts(element: Element | None) -> dict[str, str]:
    """The text of each child that has any, by local name; the first of a name counts."""
    found: dict[str, str] = {}
    for c in [] if element is None else element:
        if (value := text(c)) and name(c):
            found.setdefault(name(c), value)
    return found


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, recover=recover
    )


def _check(content: bytes) -> None:
    """Size before parsing: each node costs at least one ``<``, in every encoding that shares it with ASCII."""
    if len(content) > MAX_XML_BYTES or content.count(b"<") > MAX_XML_NODES:
        raise xml_too_large()


def _declares(content: bytes) -> bool:
    return bool(_DTD.search(content[:4096].replace(b"\0", b"").decode("ascii", errors="ignore")))
