"""A font without ink: text in it is invisible in any case, but can be selected, copied and searched.

Characters are numbered as they come up, so that those beyond the first 65,536 of Unicode need no special case.
"""

import struct
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from ingest.renditions.pdf_file import PdfFile, ref

EM = 1000
ASCENT, DESCENT = 800, -200
_FULL, _HALF = 1, 2  # glyphs; 0 is the one for missing characters, which PDF/A forbids (ISO 19005-2, 6.2.11.8)
_WIDTHS = {_FULL: EM, _HALF: EM // 2}
_MOST = 0xFFFF
_NAME = "PiaokuGlyphless"
_LISTED = 100  # most entries of one list in a character map (ISO 32000-1, 9.10.3)


class Glyphless:
    """The characters used so far."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def encoded(self, text: str) -> tuple[str, int]:
        """The text as a PDF string in hexadecimal, and its width in thousandths of its height. What is no character
        for people (controls, halves of surrogate pairs) is left out."""
        found = [(number, character) for character in text if (number := self._number(character))]
        return f"<{''.join(f'{number:04X}' for number, _ in found)}>", sum(_WIDTHS[_glyph(c)] for _, c in found)

    def _number(self, character: str) -> int | None:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn"):
            return None
        if character not in self._numbers and len(self._numbers) < _MOST:
            self._numbers[character] = len(self._numbers) + 1
        return self._numbers.get(character)

    def write(self, file: PdfFile, font: int) -> None:
        """Write the font as object ``font``: a composite font with its program, widths and characters embedded."""
        descendant, descriptor, program, glyphs, characters = (file.reserve() for _ in range(5))
        file.put(
            font,
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{_NAME} /Encoding /Identity-H "
            f"/DescendantFonts [{ref(descendant)}] /ToUnicode {ref(characters)} >>",
        )
        file.put(
            descendant,
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{_NAME} "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {ref(descriptor)} /CIDToGIDMap {ref(glyphs)} /DW {EM} /W [{self._widths()}] >>",
        )
        file.put(
            descriptor,
            f"<< /Type /FontDescriptor /FontName /{_NAME} /Flags 4 /FontBBox [0 {DESCENT} {EM} {ASCENT}] "
            f"/ItalicAngle 0 /Ascent {ASCENT} /Descent {DESCENT} /CapHeight {ASCENT} /StemV 80 "
            f"/FontFile2 {ref(program)} >>",
        )
        font_file = _program()
        file.stream(program, f"/Length1 {len(font_file)}", font_file, compressed=True)
        file.stream(glyphs, "", self._glyph_map(), compressed=True)
        file.stream(characters, "", self._character_map().encode("ascii"), compressed=True)

    def _widths(self) -> str:
        """Runs of half-width characters; all others have the default width."""
        narrow = (number for character, number in self._numbers.items() if _glyph(character) == _HALF)
        runs = (list(run) for _, run in groupby(enumerate(narrow), key=lambda pair: pair[1] - pair[0]))
        return " ".join(f"{run[0][1]} {run[-1][1]} {_WIDTHS[_HALF]}" for run in runs)

    def _glyph_map(self) -> bytes:
        return struct.pack(f">{len(self._numbers) + 1}H", 0, *map(_glyph, self._numbers))

    def _character_map(self) -> str:
        """ToUnicode: numbers to UTF-16 (ISO 32000-1, 9.10.3)."""
        return "\n".join(
            [
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
                "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
                "1 begincodespacerange <0000> <FFFF> endcodespacerange",
                *self._character_lists(),
                "endcmap CMapName currentdict /CMap defineresource pop end end",
            ]
        )

    def _character_lists(self) -> Iterator[str]:
        entries = [f"<{n:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c, n in self._numbers.items()]
        for start in range(0, len(entries), _LISTED):
            some = entries[start : start + _LISTED]
            yield "\n".join([f"{len(some)} beginbfchar", *some, "endbfchar"])


def _glyph(character: str) -> int:
    return _FULL if unicodedata.east_asian_width(character) in "FWA" else _HALF


def _program() -> bytes:
    """A TrueType font of three glyphs without ink, with the tables that PDF asks for (ISO 32000-1, 9.9, table 126)."""
    shapes = [_shape(width) for width in (EM, *_WIDTHS.values())]
    count, size = len(shapes), len(shapes[0])
    tables = {
        b"glyf": b"".join(shapes),
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, EM, 0, 0),
            *(0, DESCENT, EM, ASCENT, 0, 8, 2, 1, 0),
        ),
        b"hhea": struct.pack(">IhhhHhhhhhh8xhH", 0x00010000, ASCENT, DESCENT, 0, EM, 0, 0, EM, 1, 0, 0, 0, count),
        b"hmtx": struct.pack(">HhHhHh", EM, 0, _WIDTHS[_FULL], 0, _WIDTHS[_HALF], 0),
        b"loca": struct.pack(">4I", *(size * place for place in range(count + 1))),
        b"maxp": struct.pack(">IH13H", 0x00010000, count, 2, 1, 0, 0, 2, *[0] * 8),
    }
    at = 12 + 16 * len(tables)
    directory, body = [struct.pack(">IHHHH", 0x00010000, len(tables), 64, 2, 32)], []
    for tag, content in tables.items():
        padded = content + b"\0" * (-len(content) % 4)
        directory.append(struct.pack(">4sIII", tag, _checksum(padded), at, len(content)))
        body.append(padded)
        at += len(padded)
    font = bytearray(b"".join(directory + body))
    whole = (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF  # OpenType, head.checksumAdjustment
    start = struct.unpack_from(">I", font, 12 + 16 * 1 + 8)[0] + 8
    font[start : start + 4] = struct.pack(">I", whole)
    return bytes(font)


def _shape(width: int) -> bytes:
    """A glyph that is a line from corner to corner: it encloses nothing and so paints nothing, whoever paints it, yet
    it has the extent by which viewers mark what is selected (OpenType, glyf)."""
    head = struct.pack(">h4h", 1, 0, DESCENT, width, ASCENT)
    last_point, instructions, on_curve = 1, 0, 1
    return head + struct.pack(">HHBB4h", last_point, instructions, on_curve, on_curve, 0, width, DESCENT, EM)


def _checksum(padded: bytes) -> int:
    return sum(int.from_bytes(padded[at : at + 4]) for at in range(0, len(padded), 4)) & 0xFFFFFFFF
