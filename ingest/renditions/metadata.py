"""What a copy says of itself, in XMP (ISO 16684-1) and in the older Info dictionary, which must agree."""

from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from archive.model.digest import Digest
from ingest.renditions.pdf_file import text_string

_PRODUCER = "Piaoku"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:source>{source}</dc:source>
<xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate>
<xmp:MetadataDate>{made}</xmp:MetadataDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a copy is of: a document's name and digest, and when it arrived. Equal headings make equal bytes."""

    title: str
    digest: Digest
    received_at: datetime

    @property
    def identity(self) -> bytes:
        return bytes.fromhex(self.digest.hex)[:16]


def xmp(heading: Heading) -> bytes:
    made = heading.received_at.isoformat(timespec="seconds")
    title = escape(_printable(heading.title))
    return _XMP.format(title=title, source=heading.digest, made=made, producer=_PRODUCER).encode()


def info(heading: Heading) -> str:
    offset = heading.received_at.strftime("%z")
    made = f"(D:{heading.received_at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}')"
    texts = {"Title": _printable(heading.title), "Creator": _PRODUCER, "Producer": _PRODUCER}
    entries = [f"/{name} {text_string(text)}" for name, text in texts.items()]
    return f"<< {' '.join(entries)} /CreationDate {made} /ModDate {made} >>"


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "_" for sign in text)
