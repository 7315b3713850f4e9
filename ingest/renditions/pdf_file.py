"""A PDF written from front to back: each object is gone once it is written, so a thousand scans need the memory of one.

pikepdf and others hold a file in memory until it is saved.
"""

import zlib
from codecs import BOM_UTF16_BE
from collections.abc import Callable, Iterable

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""Four bytes above 127 in a comment tell programs that the file is binary (ISO 19005-2, 6.1.2)."""


class PdfFile:
    """Objects are numbered in advance, so that one may name another that is written later."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._at = 0
        self._places: list[int | None] = []
        self._put(HEADER)

    def reserve(self) -> int:
        """The number of an object that is to be written."""
        self._places.append(None)
        return len(self._places)

    def put(self, number: int, body: str) -> None:
        self._places[number - 1] = self._at
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body.encode("ascii")))

    def stream(self, number: int, entries: str, content: bytes, *, compressed: bool = False) -> None:
        """``entries`` of the stream's dictionary besides its length. ``compressed`` content is deflated here."""
        if compressed:
            content, entries = zlib.compress(content), f"{entries} /Filter /FlateDecode"
        self._places[number - 1] = self._at
        head = f"{number} 0 obj\n<< {entries} /Length {len(content)} >>\nstream\n"
        for part in (head.encode("ascii"), content, b"\nendstream\nendobj\n"):
            self._put(part)

    def close(self, root: int, info: int, identity: bytes) -> None:
        """Cross-reference table and trailer (ISO 32000-1, 7.5.4 and 7.5.5). Every reserved object must be written."""
        start = self._at
        entries = [f"{_written(place):010} 00000 n \n" for place in self._places]
        self._put(f"xref\n0 {len(entries) + 1}\n0000000000 65535 f \n{''.join(entries)}".encode("ascii"))
        name = identity.hex()
        trailer = f"<< /Size {len(entries) + 1} /Root {ref(root)} /Info {ref(info)} /ID [<{name}> <{name}>] >>"
        self._put(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii"))

    def _put(self, content: bytes) -> None:
        self._write(content)
        self._at += len(content)


def _written(place: int | None) -> int:
    if place is None:
        raise RuntimeError("an object was reserved and never written")
    return place


def ref(number: int) -> str:
    return f"{number} 0 R"


def text_string(text: str) -> str:
    """A text string (ISO 32000-1, 7.9.2.2) in hexadecimal."""
    return f"<{(BOM_UTF16_BE + text.encode('utf-16-be')).hex()}>"


def numbers(values: Iterable[float]) -> str:
    """Numbers as PDF writes them, without exponents."""
    return " ".join(f"{value:z.4f}".rstrip("0").rstrip(".") for value in values)
