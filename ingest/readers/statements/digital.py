"""数电票 XML (``EInvoice``): the data file of a fully digitalised invoice, as the tax platform hands it out.

Two names differ in one hyphen: ``TotalTax-includedAmount`` is the invoice's total, ``TotaltaxIncludedAmount`` a line's.
``RequestTime`` is the day that is printed; ``IssueTime``, when the file was made, stands in for it where it is missing.
"""

from archive.model.evidence import Source
from ingest.model.draft import Item
from ingest.model.statement import Statement
from ingest.readers.markup import Element, child, children, name, text, texts
from ingest.readers.statements.joined import joined, repeated, without_blanks

ROOT = "EInvoice"
BASIC = {
    "TotalAmWithoutTax": "amount_without_tax",
    "TotalTaxAm": "tax_amount",
    "TotalTax-includedAmount": "total_amount",
    "TotalTax-includedAmountInChinese": "total_amount_cn",
    "Drawer": "drawer",
    "Payee": "payee",
    "Reviewer": "reviewer",
}
ITEM = {
    "ItemName": "name",
    "SpecMod": "spec",
    "MeaUnits": "unit",
    "Quantity": "quantity",
    "UnPrice": "unit_price",
    "Amount": "amount",
    "TaxRate": "tax_rate",
    "ComTaxAm": "tax_amount",
}
_BLOCKS = {
    "Toll": {
        "PlateNumber": "plate_number",
        "VehicleType": "vehicle_type",
        "StartDatesOfPassage": "passage_start",
        "EndDatesOfPassage": "passage_end",
    },
    "PassengerTransportation": {
        "Traveler": "passenger_name",
        "ValidIDNumber": "passenger_id_no",
        "TravelDate": "departure_date",
        "Departure": "departure",
        "Destination": "destination",
        "Grade": "seat_class",
        "Vehicletype": "conveyance",
    },
}
_RED = "红字"
_TITLES = {"01": "电子发票（增值税专用发票）", "02": "电子发票（普通发票）"}


def statement(root: Element) -> Statement:
    """What one ``EInvoice`` says."""
    stated = child(root, "EInvoiceData")
    basic, supervision = texts(child(stated, "BasicInformation")), texts(child(root, "TaxSupervisionInfo"))
    values = {
        "invoice_number": supervision.get("InvoiceNumber") or text(child(root, "Header", "EIid")),
        "issue_date": basic.get("RequestTime") or supervision.get("IssueTime", ""),
        "remarks": text(child(stated, "AdditionalInformation", "Remark")),
        **{field: basic.get(own, "") for own, field in BASIC.items()},
        **party(texts(child(stated, "SellerInformation")), "seller", "Seller"),
        **party(texts(child(stated, "BuyerInformation")), "buyer", "Buyer"),
        **_particulars(root, child(stated, "SpecificInformation")),
    }
    lines = [texts(line) for line in root.iter() if name(line) == "IssuItemInformation"]
    return Statement(Source.XML, without_blanks(values), tuple(item(line) for line in lines), _title(root))


def party(own: dict[str, str], side: str, prefix: str) -> dict[str, str]:
    """The fields of buyer or seller; their names begin with ``prefix``."""
    return {
        f"{side}_name": own.get(f"{prefix}Name", ""),
        f"{side}_tax_id": own.get(f"{prefix}IdNum", ""),
        f"{side}_address_phone": joined(own.get(f"{prefix}Addr"), own.get(f"{prefix}TelNum")),
        f"{side}_bank_account": joined(own.get(f"{prefix}BankName"), own.get(f"{prefix}BankAccNum")),
    }


def item(own: dict[str, str]) -> Item:
    return Item(**{field: own.get(tag) for tag, field in ITEM.items()})


def _particulars(root: Element, specific: Element | None) -> dict[str, str]:
    """The blocks of special businesses, and what the labels say. ``InIssuType`` asks whether the invoice is blue."""
    labels = child(root, "Header", "UndefinedLabel")
    is_blue = text(child(root, "Header", "InherentLabel", "InIssuType", "LabelCode"))
    found = {
        "special_business": next(filter(None, map(_label_name, children(labels, "Label"))), ""),
        "is_red": _RED if is_blue == "N" else "",
    }
    for block, fields in _BLOCKS.items():
        found |= repeated([texts(part) for part in children(specific, block)], fields)
    return found


def _label_name(label: Element) -> str:
    return text(child(label, "LabelName"))


def _title(root: Element) -> str | None:
    """The labels repeat in several containers, so the right one is asked: special or ordinary, by code or in words."""
    label = texts(child(root, "Header", "InherentLabel", "GeneralOrSpecialVAT"))
    words = label.get("LabelName", "").strip("（）()")
    title = _TITLES.get(label.get("LabelCode", ""), f"电子发票（{words}）" if words else None)
    is_toll = child(root, "EInvoiceData", "SpecificInformation", "Toll") is not None
    return f"通行费 {title}" if title and is_toll else title
