"""Data files whose elements are named by the initials of the fields' Chinese names (``FPHM``: 发票号码), as software of
the tax control systems and early digital ones writes them."""

from archive.model.evidence import Source
from ingest.model.draft import Item
from ingest.model.statement import Statement
from ingest.readers.markup import Element, name, texts
from ingest.readers.statements.joined import joined, without_blanks

_FIELDS = {
    "FPDM": "invoice_code",
    "FPHM": "invoice_number",
    "KPRQ": "issue_date",
    "JYM": "check_code",
    "JQBH": "machine_number",
    "GMFMC": "buyer_name",
    "GMFNSRSBH": "buyer_tax_id",
    "XSFMC": "seller_name",
    "XSFNSRSBH": "seller_tax_id",
    "HJJE": "amount_without_tax",
    "HJSE": "tax_amount",
    "JSHJ": "total_amount",
    "JSHJDX": "total_amount_cn",
    "SKR": "payee",
    "FHR": "reviewer",
    "KPR": "drawer",
    "BZ": "remarks",
}
_ESSENTIAL = {"FPHM", "KPRQ", "JSHJ"}
_NAMES = ("XMMC", "SPMC")
_TITLES = {  # FPLXDM, the tax administration's codes of kinds
    "026": "增值税电子普通发票",
    "028": "增值税电子专用发票",
    "81": "电子发票（增值税专用发票）",
    "82": "电子发票（普通发票）",
}


def is_invoice(element: Element) -> bool:
    return {name(part) for part in element} >= _ESSENTIAL


def statement(root: Element) -> Statement:
    """What the element whose children are the fields says."""
    own = texts(root)
    values = {
        **{field: own.get(tag) for tag, field in _FIELDS.items()},
        "buyer_address_phone": joined(own.get("GMFDZ"), own.get("GMFDH")) or own.get("GMFDZDH"),
        "buyer_bank_account": joined(own.get("GMFKHH"), own.get("GMFZH")) or own.get("GMFYHZH"),
        "seller_address_phone": joined(own.get("XSFDZ"), own.get("XSFDH")) or own.get("XSFDZDH"),
        "seller_bank_account": joined(own.get("XSFKHH"), own.get("XSFZH")) or own.get("XSFYHZH"),
    }
    lines = (texts(part) for part in root.iter() if {name(field) for field in part} & {*_NAMES})
    items = tuple(_item(line) for line in lines)
    return Statement(Source.XML, without_blanks(values), items, _TITLES.get(own.get("FPLXDM", "")))


def _item(own: dict[str, str]) -> Item:
    """``SL`` is the quantity where the rate has a name of its own (``SLV``), else the rate, beside ``SPSL``."""
    return Item(
        name=own.get("XMMC") or own.get("SPMC"),
        spec=own.get("GGXH"),
        unit=own.get("DW"),
        quantity=own.get("SPSL") or (own.get("SL") if "SLV" in own else None),
        unit_price=own.get("DJ"),
        amount=own.get("JE"),
        tax_rate=own.get("SLV") or own.get("SL"),
        tax_amount=own.get("SE"),
    )
