"""The machine-readable parts of an OFD: attached XML and XBRL, ``CustomDatas``, and tags that name objects by field."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from archive.model.evidence import Source
from ingest.errors import UnreadableError
from ingest.model.statement import Statement
from ingest.readers.markup import Element, child, children, name, parse, parse_leniently, text
from ingest.readers.ofd.objects import Placed
from ingest.readers.ofd.package import Document
from ingest.readers.ofd.text import text_of
from ingest.readers.picture import FindSymbols
from ingest.readers.statements import original_invoice
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


def attached(document: Document, find_symbols: FindSymbols) -> Iterator[Statement]:
    """What attachments state. One that is no XML, or not ours to read, is passed over: the pages are there."""
    for content in document.attachments():
        try:
            yield from statements(parse(content), find_symbols)
        except UnreadableError:
            continue


def custom_data(body: Element) -> Statement | None:
    """What ``CustomDatas`` of a document's ``DocBody`` state; None where they say nothing of an invoice."""
    values = {}
    for part in children(child(body, "DocInfo", "CustomDatas"), "CustomData"):
        field = _CUSTOM_DATA.get(part.get("Name", ""))
        if field and text(part):
            values[field] = text(part)
    return Statement(Source.OFD_DATA, values) if "invoice_number" in values else None


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


def tagged(fields: dict[str, list[str]], placed: Sequence[Placed]) -> Statement | None:
    """What the tagged objects of a page say: the page's own text, told apart by its writer."""
    texts = {p.element.get("ID", ""): text_of(p.element) for p in placed if p.kind == "TextObject"}
    values = {field: "".join(texts.get(own, "") for own in ids).strip() for field, ids in fields.items()}
    stated = {field: value for field, value in values.items() if value}
    return Statement(Source.OFD_TEXT, stated) if stated else None
