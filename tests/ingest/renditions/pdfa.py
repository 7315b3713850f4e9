"""PDF/A-2b by the letter of ISO 19005-2:2011, on the raw objects of a file; written apart from what writes our copies.

``faults`` names the clauses that a file breaks. It knows what a file of pictures and hidden text may hold; everything
else that PDF can do (annotations, forms, transparency, attachments) is a fault, since a copy has no use for it.
"""

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Pdf, Stream
from PIL import ImageFont

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
PDF = "{http://ns.adobe.com/pdf/1.3/}"
DC = "{http://purl.org/dc/elements/1.1/}"
KNOWN = {  # XMP Specification 2005, chapter 4: what needs no extension schema
    DC: {"format", "title", "source", "creator", "description"},
    XMP: {"CreateDate", "ModifyDate", "MetadataDate", "CreatorTool"},
    PDF: {"Producer", "Keywords"},
    PDFAID: {"part", "conformance"},
}
OPERATORS = {"q", "Q", "cm", "Do", "BT", "ET", "Tr", "Tf", "Tz", "Tm", "Tj", "TJ", "Td"}
FILTERS = {"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode"}
FORBIDDEN_IN_CATALOG = {
    "/AA": "6.5.2",
    "/OpenAction": "6.5.1",
    "/AcroForm": "6.4.1",
    "/OCProperties": "6.9",
    "/Names": "6.8",
    "/Perms": "6.1.12",
    "/Requirements": "6.11",
    "/Version": "6.1.2",
}


@dataclass(frozen=True)
class Fault:
    clause: str
    what: str


def faults(content: bytes) -> set[str]:
    """The clauses of ISO 19005-2 that a file breaks."""
    return {fault.clause for fault in every_fault(content)}


def every_fault(content: bytes) -> Iterator[Fault]:
    yield from _structure(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for problem in pdf.check_pdf_syntax():
            yield Fault("6.1", problem)
        yield from _trailer(pdf)
        for found in pdf.objects:
            yield from _limits(found)
            if isinstance(found, Stream):
                yield from _stream(found)
        yield from _catalog(pdf)
        yield from _colours(pdf)
        yield from _metadata(pdf)
        for page in pdf.pages:
            yield from _page(page)


def _structure(content: bytes) -> Iterator[Fault]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", content):
        yield Fault("6.1.2", "the header is no PDF header with a comment of four bytes above 127")
    if not re.search(rb"%%EOF\r?\n?\Z", content):
        yield Fault("6.1.3", "something follows the end")
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", content)
    if not start or not re.match(rb"xref\r?\n\d+ \d+\s*\r?\n", content[int(start[1]) :]):
        yield Fault("6.1.4", "the cross-reference table is not where or what it should be")
    for place in re.finditer(rb"(?<=[\r\n])(\d+) (\d+) obj\b", content):
        if content[place.end() : place.end() + 1] not in (b"\n", b"\r"):
            yield Fault("6.1.9", "no line end after obj")
    for length, stream in re.findall(rb"/Length (\d+)[^>]*>>\s*(stream.{0,2})", content, re.DOTALL):
        if not re.match(rb"stream(\r\n|\n)", stream):
            yield Fault("6.1.7.1", f"no line end after stream (of {length!r} bytes)")


def _trailer(pdf: Pdf) -> Iterator[Fault]:
    if "/ID" not in pdf.trailer or len(bytes(pdf.trailer.ID[0])) != 16:
        yield Fault("6.1.3", "no file identifier")
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield Fault("6.1.3", "encrypted")


def _limits(found: Object) -> Iterator[Fault]:
    """6.1.13, and the same numbers in ISO 32000-1, annex C."""
    if isinstance(found, pikepdf.String) and len(bytes(found)) > 32_767:
        yield Fault("6.1.13", "a string is too long")
    if isinstance(found, Dictionary | Stream):
        for key, value in found.items():
            if len(key) > 128:
                yield Fault("6.1.13", "a name is too long")
            if not isinstance(value, Dictionary | Stream | Array):
                yield from _limits(value)


def _stream(stream: Stream) -> Iterator[Fault]:
    if {"/F", "/FFilter", "/FDecodeParms"} & set(stream.keys()):
        yield Fault("6.1.7.1", "a stream is in another file")
    given = stream.get("/Filter", Array())
    for name in given if isinstance(given, Array) else [given]:
        if str(name) not in FILTERS:
            yield Fault("6.1.7.2", f"filter {name}")
    if stream.get("/Type") == Name.Metadata and "/Filter" in stream:
        yield Fault("6.6.2.1", "metadata is compressed")


def _catalog(pdf: Pdf) -> Iterator[Fault]:
    for key, clause in FORBIDDEN_IN_CATALOG.items():
        if key in pdf.Root:
            yield Fault(clause, f"the catalog has {key}")


def _colours(pdf: Pdf) -> Iterator[Fault]:
    intents = [intent for intent in pdf.Root.get("/OutputIntents", Array()) if intent.get("/S") == Name.GTS_PDFA1]
    if len(intents) != 1 or "/DestOutputProfile" not in intents[0]:
        yield Fault("6.2.3", "not exactly one output intent with a profile")
        return
    profile = intents[0].DestOutputProfile
    icc = profile.read_bytes()
    size, major, kind, space = struct.unpack(">I4xB3x4s4s", icc[:20])
    if size != len(icc) or icc[36:40] != b"acsp" or kind not in (b"mntr", b"prtr") or major > 4:
        yield Fault("6.2.3", "no ICC profile of a screen or printer")
    if space != b"RGB " or int(profile.N) != 3:
        yield Fault("6.2.4.3", "the pictures are grey or RGB, the output intent is not RGB")


def _page(page: pikepdf.Page) -> Iterator[Fault]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    if not (3 <= right - left <= 14_400 and 3 <= top - bottom <= 14_400):
        yield Fault("6.1.13", "the page is too small or too large")
    if "/Annots" in page or "/AA" in page:
        yield Fault("6.3.1" if "/Annots" in page else "6.5.2", "annotations or actions")
    if "/Group" in page or "/ExtGState" in page.Resources:
        yield Fault("6.2.10", "transparency may be used")
    for picture in page.Resources.get("/XObject", Dictionary()).values():
        yield from _picture(picture)
    yield from _content(page)
    for font in page.Resources.get("/Font", Dictionary()).values():
        yield from _font(font, _shown(page))


def _picture(picture: Stream) -> Iterator[Fault]:
    if picture.Subtype != Name.Image or {"/Alternates", "/OPI"} & set(picture.keys()) or picture.get("/Interpolate"):
        yield Fault("6.2.8.1", "an image that interpolates or has alternates")
    if str(picture.ColorSpace) not in ("/DeviceGray", "/DeviceRGB"):
        yield Fault("6.2.4.3", f"colours {picture.ColorSpace}")
    if {"/SMask", "/Mask"} & set(picture.keys()):
        yield Fault("6.2.10", "an image with a mask")
    if int(picture.BitsPerComponent) not in (1, 2, 4, 8, 16):
        yield Fault("6.2.8.3", "bits of a component")


def _content(page: pikepdf.Page) -> Iterator[Fault]:
    depth = deepest = 0
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        depth += (name == "q") - (name == "Q")
        deepest = max(deepest, depth)
        if name not in OPERATORS:
            yield Fault("6.2.2", f"operator {name}")
    if depth or deepest > 28:
        yield Fault("6.1.13", "states are saved and not restored, or too deep")


def _shown(page: pikepdf.Page) -> set[int]:
    """The character numbers (two bytes each) that the page shows."""
    found = set()
    for instruction in pikepdf.parse_content_stream(page):
        if instruction.operator == Operator("Tj"):
            text = bytes(instruction.operands[0])
            found |= set(struct.unpack(f">{len(text) // 2}H", text))
    return found


def _font(font: Dictionary, shown: set[int]) -> Iterator[Fault]:
    if font.Subtype != Name.Type0 or font.Encoding != Name("/Identity-H"):
        yield Fault("6.2.11.3.3", "an encoding that is not embedded")
        return
    (inner,) = font.DescendantFonts
    if inner.Subtype != Name.CIDFontType2 or not isinstance(inner.get("/CIDToGIDMap"), Stream):
        yield Fault("6.2.11.3.2", "no map from characters to glyphs")
        return
    if "/FontFile2" not in inner.FontDescriptor:
        yield Fault("6.2.11.4.1", "the font is not embedded")
        return
    program = inner.FontDescriptor.FontFile2.read_bytes()
    try:
        ImageFont.truetype(io.BytesIO(program), 10)  # FreeType reads it
        advances = _advances(program)
    except (OSError, KeyError, struct.error):
        yield Fault("6.2.11.2", "the font program is broken")
        return
    mapped = inner.CIDToGIDMap.read_bytes()
    glyphs = dict(enumerate(struct.unpack(f">{len(mapped) // 2}H", mapped)))
    widths, characters = _widths(inner), _characters(font)
    for number in shown:
        glyph = glyphs.get(number, 0)
        if glyph == 0:
            yield Fault("6.2.11.8", f"character {number} is .notdef")
        elif abs(widths.get(number, float(inner.get("/DW", 1000))) - advances[glyph]) > 1:
            yield Fault("6.2.11.5", f"width of character {number}")
        if characters.get(number, "\ufeff") in ("\0", "\ufeff", "\ufffe"):
            yield Fault("6.2.11.7.2", f"character {number} has no Unicode value")


def _advances(program: bytes) -> list[float]:
    """Advance widths of a TrueType font, in thousandths."""
    tables = {}
    for place in range(struct.unpack_from(">H", program, 4)[0]):
        tag, _, offset, length = struct.unpack_from(">4sIII", program, 12 + 16 * place)
        tables[tag] = program[offset : offset + length]
    em = struct.unpack_from(">H", tables[b"head"], 18)[0]
    count, metrics = struct.unpack_from(">H", tables[b"maxp"], 4)[0], struct.unpack_from(">H", tables[b"hhea"], 34)[0]
    found = [struct.unpack_from(">H", tables[b"hmtx"], 4 * place)[0] * 1000 / em for place in range(metrics)]
    return found + found[-1:] * (count - metrics)


def _widths(inner: Dictionary) -> dict[int, float]:
    """ISO 32000-1, 9.7.4.3."""
    given, found = list(inner.get("/W", Array())), dict[int, float]()
    while given:
        first, second = int(given.pop(0)), given.pop(0)
        if isinstance(second, Array):
            found |= {first + place: float(width) for place, width in enumerate(second)}
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(given.pop(0)))
    return found


def _characters(font: Dictionary) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    found = {}
    for listed in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL):
        for number, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", listed):
            found[int(number, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def _metadata(pdf: Pdf) -> Iterator[Fault]:
    if "/Metadata" not in pdf.Root:
        yield Fault("6.6.2.1", "no metadata")
        return
    packet = pdf.Root.Metadata.read_bytes()
    try:
        root = ElementTree.fromstring(packet)
    except ElementTree.ParseError as error:
        yield Fault("6.6.2.1", str(error))
        return
    if b"encoding=" in packet.split(b"?>")[0] or b"bytes=" in packet.split(b"?>")[0]:
        yield Fault("6.6.2.1", "bytes or encoding in the packet's head")
    told = {element.tag: element for about in root.iter(f"{RDF}Description") for element in about}
    for tag in told:
        space, _, name = tag.partition("}")
        if name not in KNOWN.get(space + "}", set()):
            yield Fault("6.6.2.3.1", f"{tag} belongs to no known schema")
    version = {name: told[PDFAID + name].text for name in ("part", "conformance") if PDFAID + name in told}
    if version.get("part") != "2" or version.get("conformance") not in ("A", "B", "U"):
        yield Fault("6.6.4", f"claims {version}")
    yield from _same_information(pdf, told)


def _same_information(pdf: Pdf, told: dict[str, ElementTree.Element]) -> Iterator[Fault]:
    """What the old dictionary says, the metadata says too (6.6.3; ISO 19005-1, 6.7.3 names the pairs)."""
    pairs = {"/Title": DC + "title", "/Producer": PDF + "Producer", "/Creator": XMP + "CreatorTool"}
    for key, tag in pairs.items():
        new = "".join(told[tag].itertext()).strip() if tag in told else None
        if key in pdf.docinfo and str(pdf.docinfo[key]) != new:
            yield Fault("6.6.3", f"{key} is not {tag}")
    for key, tag in {"/CreationDate": XMP + "CreateDate", "/ModDate": XMP + "ModifyDate"}.items():
        old = "".join(re.findall(r"\d", str(pdf.docinfo.get(key, ""))))
        new = "".join(re.findall(r"\d", told[tag].text or "")) if tag in told else ""
        if key in pdf.docinfo and old != new:
            yield Fault("6.6.3", f"{key} is not {tag}")
