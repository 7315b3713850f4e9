"""``original_invoice.xml`` (``eInvoice``): the data of an invoice of the tax control systems (2020 to 2022), as a file
or attached to its OFD. ``GraphCode`` holds the text of the QR code, or its picture in base64."""

import base64
import binascii
import io

from PIL import Image

from archive.model.evidence import Source
from ingest.model.draft import Item
from ingest.model.statement import Statement
from ingest.readers.markup import Element, child, children, texts
from ingest.readers.picture import FindSymbols
from ingest.readers.statements.joined import without_blanks

ROOT = "eInvoice"
FIELDS = {
    "InvoiceCode": "invoice_code",
    "InvoiceNo": "invoice_number",
    "IssueDate": "issue_date",
    "InvoiceCheckCode": "check_code",
    "MachineNo": "machine_number",
    "BuyerName": "buyer_name",
    "BuyerTaxID": "buyer_tax_id",
    "BuyerAddrTel": "buyer_address_phone",
    "BuyerFinancialAccount": "buyer_bank_account",
    "SellerName": "seller_name",
    "SellerTaxID": "seller_tax_id",
    "SellerAddrTel": "seller_address_phone",
    "SellerFinancialAccount": "seller_bank_account",
    "TaxExclusiveTotalAmount": "amount_without_tax",
    "TaxTotalAmount": "tax_amount",
    "TaxInclusiveTotalAmount": "total_amount",
    "TaxInclusiveTotalAmountWithWords": "total_amount_cn",
    "Payee": "payee",
    "Checker": "reviewer",
    "InvoiceClerk": "drawer",
    "Note": "remarks",
    "OriginalInvoiceCode": "original_invoice_code",
    "OriginalInvoiceNo": "original_invoice_number",
}
ITEM = {
    "Item": "name",
    "Specification": "spec",
    "MeasurementDimension": "unit",
    "Quantity": "quantity",
    "Price": "unit_price",
    "Amount": "amount",
    "TaxScheme": "tax_rate",
    "TaxAmount": "tax_amount",
}
_MOST_PIXELS = 4_000_000  # of a QR code's picture
_PICTURE_START = ("iVBOR", "/9j/", "Qk", "R0lG")  # PNG, JPEG, BMP, GIF in base64


def statement(root: Element, find_symbols: FindSymbols) -> Statement:
    """What one ``eInvoice`` says."""
    own = {**texts(root), **texts(child(root, "Buyer")), **texts(child(root, "Seller"))}
    values = {field: own.get(tag) for tag, field in FIELDS.items()}
    lines = [texts(line) for line in children(child(root, "GoodsInfos"), "GoodsInfo")]
    items = tuple(Item(**{field: line.get(tag) for tag, field in ITEM.items()}) for line in lines)
    return Statement(Source.XML, without_blanks(values), items, None, _code(own.get("GraphCode", ""), find_symbols))


def _code(graph: str, find_symbols: FindSymbols) -> str | None:
    if not graph.startswith(_PICTURE_START):
        return graph or None
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(graph)), formats=("PNG", "JPEG", "BMP", "GIF"))
        if picture.width * picture.height > _MOST_PIXELS:
            return None
        symbols = find_symbols(picture.convert("RGB"))
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return symbols[0].text if symbols else None
