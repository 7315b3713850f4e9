"""The machine-readable parts of an OFD: attached XML and XBRL, ``CustomDatas``, and tags that name objects by field."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archive.model.evidence import Source
from ingest.errors import UnreadableError
from ingest.model.statement import Statement
from ingest.readers.markup import child, children, name, parse, parse_leniently, text
from ingest.readers.ofd.objects import Placed
from ingest.readers.ofd.package import Document
from ingest.readers.ofd.text import text_of
from ingest.readers.picture import FindSymbols
from ingest.readers.statements import original_invoice
from ingest.readers.statements.joined import without_blanks
from ingest.readers.statements.known import statements

_CUSTOM_DATA = {
    "发票代码": "invoice_code",
    "发票号码": "invoice_number",
    "开票日期": "issue_date",
    "校验码": "check_code",
    "机器编号": "machine_number",
    "购买方名称": "buyer_name",
    "购买方纳税人识别号": "buyer_tax_id",
    "销售方名称": "seller_name",
    "销售方纳税人识别号": "seller_tax_id",
    "合计金额": "amount_without_tax",
    "合计税额": "tax_amount",
    "价税合计": "total_amount",
}
_TAGGED = {tag: field for tag, field in original_invoice.FIELDS.items() if field in _CUSTOM_DATA.values()}

Tags = dict[str, dict[str, list[str]]]
"""Page id → field → ids of the objects that show it."""


def stated(document: Document, find_symbols: FindSymbols) -> tuple[Statement, ...]:
    """What the data beside the pages states, best first."""
    return (*_attached(document, find_symbols), *_custom_data(document))


def _attached(document: Document, find_symbols: FindSymbols) -> Iterator[Statement]:
    """An attachment that is no XML, or not ours to read, is passed over: the pages are there."""
    for content in document.attachments():
        try:
            yield from statements(parse(content), find_symbols)
        except UnreadableError:
            continue


def _custom_data(document: Document) -> Iterator[Statement]:
    """``CustomDatas`` of a document's ``DocBody``, where they say something of an invoice."""
    values = {}
    for part in children(child(document.body, "DocInfo", "CustomDatas"), "CustomData"):
        field = _CUSTOM_DATA.get(part.get("Name", ""))
        if field and text(part):
            values[field] = text(part)
    if "invoice_number" in values:
        yield Statement(Source.OFD_DATA, values)


def tags(document: Document) -> Tags:
    """Which objects show which field, by the document's custom tags, which some tools write as broken XML."""
    found: Tags = defaultdict(lambda: defaultdict(list))
    for content in document.custom_tags():
        root = parse_leniently(content)
        for element in root.iter() if root is not None else ():
            field = _TAGGED.get(name(element))
            for reference in children(element, "ObjectRef") if field else ():
                found[reference.get("PageRef", "")][field or ""].append(text(reference))
    return found


def tagged(fields: dict[str, list[str]], placed: Sequence[Placed]) -> Iterator[Statement]:
    """What the tagged objects of a page say: the page's own text, told apart by its writer."""
    if not fields:
        return
    texts = {p.element.get("ID", ""): text_of(p.element) for p in placed if p.kind == "TextObject"}
    values = {field: "".join(texts.get(own, "") for own in ids).strip() for field, ids in fields.items()}
    stated = without_blanks(values)
    if stated:
        yield Statement(Source.OFD_TEXT, stated)
