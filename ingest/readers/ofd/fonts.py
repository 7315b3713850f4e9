"""The fonts of a page's text as PDF fonts, so that pdfium draws the characters.

A character is drawn by its glyph where the file names glyphs and holds the font; by its Unicode name where it holds the
font only; else by whatever font for Chinese the machine has. Without any, such text is left blank on the picture. It is
read all the same.
"""

from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from ingest.readers.markup import Element, child, children, text

_CODES = 255  # characters a simple font can tell apart


@dataclass(slots=True)
class _Coded:
    """A font of one byte a character, that grows by the characters that are asked of it."""

    name: str
    codes: dict[str, int] = field(default_factory=dict)


class Fonts:
    """The fonts of one PDF. ``show`` gives the font's name and the code of a character, as PDF content writes them."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._files: dict[str, Dictionary] = {}
        self._glyphs: dict[str, str] = {}
        self._coded: dict[str, list[_Coded]] = {}
        self._any: str | None = None

    def add(self, font_id: str, content: bytes | None) -> None:
        """Tell of a font that the file holds; None where it holds none of that id."""
        if content is None or font_id in self._files:
            return
        self._files[font_id] = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/F" + str(len(self._files))),
            Flags=32,
            FontBBox=Array([0, -200, 1000, 900]),
            ItalicAngle=0,
            Ascent=860,
            Descent=-140,
            CapHeight=700,
            StemV=80,
            FontFile2=Stream(self._pdf, content),
        )

    def show(self, font_id: str, character: str, glyph: int | None) -> tuple[str, str] | None:
        """None for a character that no font can be asked for."""
        if font_id in self._files:
            return self._glyph(font_id, glyph) if glyph is not None else self._named(font_id, character)
        code = ord(character)
        if code > 0xFFFF:
            return None
        self._any = "Any"
        return "Any", f"<{code:04X}>"

    def resources(self) -> Dictionary:
        """All fonts that were asked for, by name. Call it last: fonts grow."""
        made = Dictionary()
        for font_id, name in self._glyphs.items():
            made[f"/{name}"] = self._by_glyph(font_id)
        for font_id, parts in self._coded.items():
            for part in parts:
                made[f"/{part.name}"] = self._by_name(font_id, part)
        if self._any:
            made[f"/{self._any}"] = _by_machine()
        return made

    def _glyph(self, font_id: str, glyph: int) -> tuple[str, str]:
        name = self._glyphs.setdefault(font_id, f"G{len(self._glyphs)}")
        return name, f"<{glyph & 0xFFFF:04X}>"

    def _named(self, font_id: str, character: str) -> tuple[str, str] | None:
        parts = self._coded.setdefault(font_id, [])
        part = next((p for p in parts if character in p.codes or len(p.codes) < _CODES), None)
        if part is None:
            part = _Coded(f"C{sum(map(len, self._coded.values()))}")
            parts.append(part)
        return part.name, f"<{part.codes.setdefault(character, len(part.codes) + 1):02X}>"

    def _by_glyph(self, font_id: str) -> Dictionary:
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=self._files[font_id].FontName,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            CIDToGIDMap=Name.Identity,
            FontDescriptor=self._files[font_id],
        )
        return _composite(descendant, Name("/Identity-H"))

    def _by_name(self, font_id: str, part: _Coded) -> Dictionary:
        names = [Name(f"/uni{ord(c):04X}" if ord(c) <= 0xFFFF else f"/u{ord(c):X}") for c in part.codes]
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=self._files[font_id].FontName,
            FirstChar=1,
            LastChar=len(names),
            Widths=Array([1000] * len(names)),
            FontDescriptor=self._files[font_id],
            Encoding=Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=Array([1, *names])),
        )


def glyphs_of(element: Element) -> dict[int, int]:
    """The glyphs of a text object's characters by position, where the file names them one to one."""
    found = {}
    for transform in children(element, "CGTransform"):
        named, first = text(child(transform, "Glyphs")).split(), transform.get("CodePosition", "0")
        if transform.get("CodeCount", "1") == transform.get("GlyphCount", "1") and first.isdigit():
            found.update({int(first) + n: int(glyph) for n, glyph in enumerate(named) if glyph.isdigit()})
    return found


def _by_machine() -> Dictionary:
    """宋体 as PDF viewers know it without a file: they take what the machine has instead (ISO 32000-2, 9.7.5.2)."""
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"GB1", Supplement=4),
        DW=1000,
        W=Array([1, 95, 500, 814, 939, 500]),
        FontDescriptor=Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/STSong-Light"),
            Flags=6,
            FontBBox=Array([-25, -254, 1000, 880]),
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=880,
            StemV=93,
        ),
    )
    return _composite(descendant, Name("/UniGB-UCS2-H"))


def _composite(descendant: Dictionary, encoding: Name) -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=descendant.BaseFont,
        Encoding=encoding,
        DescendantFonts=Array([descendant]),
    )
