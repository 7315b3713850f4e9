"""Machine-readable parts of a PDF: attached XBRL and XML, the tax platforms' own metadata, their Info dictionary.

Read through pikepdf, because pdfium does not hand out the catalog's metadata.
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from archive.model.evidence import Finding, Severity, Source
from ingest.errors import UnreadableError
from ingest.model.draft import Item
from ingest.model.statement import Statement
from ingest.readers.limits import MAX_XML_BYTES
from ingest.readers.markup import parse
from ingest.readers.pdf_cost import check_cost
from ingest.readers.picture import FindSymbols
from ingest.readers.statements import digital
from ingest.readers.statements.joined import without_blanks
from ingest.readers.statements.known import statements

_MOST_ATTACHMENTS = 100
_MOST_CHECKED = 4 << 20  # bytes of a packed stream; fonts cut to the signs of an invoice have less than a tenth
_AT_ONCE = 1 << 20  # bytes, so that a bomb is unpacked bit by bit and never kept
_PACKED = (pikepdf.Name.FlateDecode, pikepdf.Array([pikepdf.Name.FlateDecode]))
_MOST_METADATA = 4 << 20  # bytes; 2,000 lines of goods have 400,000
_PAIRS = {
    "GM": "buyer_name",
    "GN": "buyer_tax_id",
    "GD": "buyer_address_phone",
    "GY": "buyer_bank_account",
    "XM": "seller_name",
    "XN": "seller_tax_id",
    "XD": "seller_address_phone",
    "XY": "seller_bank_account",
    "HJ": "amount_without_tax",
    "HS": "tax_amount",
    "XX": "total_amount",
    "DX": "total_amount_cn",
    "DM": "invoice_code",
    "HM": "invoice_number",
    "RQ": "issue_date",
    "KP": "drawer",
    "SK": "payee",
    "FH": "reviewer",
}
_LINE = {"XM": "name", "GG": "spec", "DW": "unit", "DJ": "unit_price", "JE": "amount", "SE": "tax_amount"}
_INFO = {
    "InvoiceNumber": "invoice_number",
    "IssueTime": "issue_date",
    "BuyerIdNum": "buyer_tax_id",
    "SellerIdNum": "seller_tax_id",
    **digital.BASIC,
}
DAMAGED = Finding(
    "FILE-DAMAGED",
    Severity.ERROR,
    None,
    "PDF 文件有损坏（传输或转存时部分内容改变），页面可能缺字。请对照原件核对，或向开票方重新索取。",
    "The PDF is damaged (parts of it changed in transit or storage), so the page may lack characters. Compare it with "
    "the original, or ask the issuer for it again.",
)
"""What a person is told of a file that had to be mended to be read."""

_NOT_OPEN = (pikepdf.PdfError, pikepdf.PasswordError)
_DAMAGE = (*_NOT_OPEN, zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class PdfData:
    """What the data of a PDF states, and what is wrong with the file."""

    statements: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = ()


def data_of(content: bytes, find_symbols: FindSymbols) -> PdfData:
    """The data of a PDF; no statements where it is damaged, since the pages can be read without it.

    Raises ``UnreadableError`` with ``PDF-TOO-COMPLEX``.
    """
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            check_cost(pdf)
            findings = (DAMAGED,) if _is_damaged(pdf) else ()  # first: odd name trees bring warnings of their own
            return PdfData(_stated(pdf, find_symbols), findings)
    except _DAMAGE:
        return PdfData(findings=(DAMAGED,))


def _stated(pdf: pikepdf.Pdf, find_symbols: FindSymbols) -> tuple[Statement, ...]:
    try:
        return (*_attached(pdf, find_symbols), *_metadata(pdf), *_info(pdf))
    except _DAMAGE:
        return ()


def _is_damaged(pdf: pikepdf.Pdf) -> bool:
    """Whether qpdf had to mend the file, or text, fonts or data in it do not unpack: viewers show such pages with
    letters or lines missing, and nothing on the page tells that they are."""
    if pdf.get_warnings():
        return True
    streams = (thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream))
    return not all(_unpacks(stream) for stream in streams) or bool(pdf.get_warnings())


def _unpacks(stream: pikepdf.Stream) -> bool:
    """Whether a packed stream is whole by its check sum (RFC 1950), which neither pdfium nor qpdf look at. Pictures say
    nothing that is read from them unseen."""
    if stream.get("/Subtype") == pikepdf.Name.Image or stream.get("/Filter") not in _PACKED:
        return True
    raw = stream.read_raw_bytes()
    if len(raw) > _MOST_CHECKED:
        return True
    unpacking = zlib.decompressobj()
    try:
        while raw and not unpacking.eof:
            unpacking.decompress(raw, _AT_ONCE)
            raw = unpacking.unconsumed_tail
    except zlib.error:
        return False
    return unpacking.eof


def _attached(pdf: pikepdf.Pdf, find_symbols: FindSymbols) -> Iterator[Statement]:
    """Attachments that are XML, whatever they are called: names are missing, or ciphertext has none."""
    for _, file in zip(range(_MOST_ATTACHMENTS), pdf.attachments.values(), strict=False):
        content = _bytes(file.get_file().obj, MAX_XML_BYTES)
        if content and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            try:
                yield from statements(parse(content), find_symbols)
            except UnreadableError:
                continue


def _metadata(pdf: pikepdf.Pdf) -> Iterator[Statement]:
    """``KEY=VALUE`` lines in place of XMP, as the tax control platforms write them, in UTF-8 or GB 18030.

    ``XM`` is the seller first and then the name of each line; ``SL`` is a line's quantity and its rate.
    """
    stream = pdf.Root.get("/Metadata")
    content = _bytes(stream, _MOST_METADATA) if isinstance(stream, pikepdf.Stream) else None
    if not content or not content.startswith(b"BT="):
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    pairs = [(key.strip(), value.strip()) for key, _, value in (line.partition("=") for line in text.splitlines())]
    head, lines = _parted(pairs)
    values = {field: head.get(key) for key, field in _PAIRS.items()}
    yield Statement(Source.PDF_DATA, without_blanks(values), tuple(map(_item, lines)), head.get("BT"))


def _parted(pairs: list[tuple[str, str]]) -> tuple[dict[str, str], list[list[tuple[str, str]]]]:
    """The pairs of the invoice, and those of each line."""
    head: dict[str, str] = {}
    lines: list[list[tuple[str, str]]] = []
    for key, value in pairs:
        if key == "XM" and "XM" in head:
            lines.append([])
        if lines:
            lines[-1].append((key, value))
        else:
            head.setdefault(key, value)
    return head, lines


def _item(pairs: list[tuple[str, str]]) -> Item:
    """A number behind the amount ``JE`` is the rate, as what ends in % is anywhere."""
    own = {_LINE[key]: value for key, value in pairs if key in _LINE and value}
    keys = [key for key, _ in pairs]
    amount = keys.index("JE") if "JE" in keys else len(keys)
    for place, (key, value) in enumerate(pairs):
        if key == "SL" and value:
            is_quantity = place < amount and value.replace(".", "", 1).lstrip("-").isdigit()
            own["quantity" if is_quantity else "tax_rate"] = value
    return Item(**own)


def _info(pdf: pikepdf.Pdf) -> Iterator[Statement]:
    """What the tax bureau's platform writes of 数电票 into the Info dictionary."""
    info = pdf.trailer.get("/Info", pikepdf.Dictionary())
    values = {field: str(info.get(f"/{key}", "")).strip() for key, field in _INFO.items()}
    if values["invoice_number"]:
        yield Statement(Source.PDF_DATA, without_blanks(values))


def _bytes(stream: pikepdf.Object, most: int) -> bytes | None:
    """A stream's content, unpacked no further than ``most`` bytes; None for more, and for filters that no data has."""
    filters = stream.get("/Filter", pikepdf.Array())
    raw = stream.read_raw_bytes()
    if isinstance(filters, pikepdf.Array) and len(filters) == 0:
        return raw if len(raw) <= most else None
    if filters not in _PACKED:
        return None
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(raw, most)
    return None if unpacking.unconsumed_tail else content
