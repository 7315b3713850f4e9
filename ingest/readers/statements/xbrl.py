"""XBRL of 电子凭证会计数据标准 (财政部): tickets of rail and air, VAT invoices; a file, or attached to OFD or PDF.

The taxonomies are renewed by date and differ between pilots, so facts are told by their local names, and the kind by
the taxonomy's id at the end of its namespace (``rai``, ``atr``, ``inv``, ``einv``).
"""

from archive.model.evidence import Source
from ingest.model.draft import Item
from ingest.model.statement import Statement
from ingest.readers.markup import Element, name, texts
from ingest.readers.statements import digital
from ingest.readers.statements.joined import joined, repeated

ROOT = "xbrl"
_TAXONOMY = "://xbrl.mof.gov.cn/taxonomy/"
_FIELDS = {
    "CodeOfInvoice": "invoice_code",
    "NumberOfInvoice": "invoice_number",
    "InvoiceNumber": "invoice_number",
    "ElectronicInvoiceRailwayETicketNumber": "invoice_number",
    "ElectronicInvoiceAirTransportReceiptNumber": "invoice_number",
    "DateOfIssue": "issue_date",
    "IssueDate": "issue_date",
    "RequestTime": "issue_date",
    "IdentifyingCode": "check_code",
    "NumberOfInvoiceMachine": "machine_number",
    "NameOfPurchaser": "buyer_name",
    "BuyerName": "buyer_name",
    "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser": "buyer_tax_id",
    "UnifiedSocialCreditCodeOfPurchaser": "buyer_tax_id",
    "BuyerIdNum": "buyer_tax_id",
    "AddressPhoneNumberOfPurchaser": "buyer_address_phone",
    "DepositBankAndAccountNumberOfPurchaser": "buyer_bank_account",
    "NameOfSeller": "seller_name",
    "SellerName": "seller_name",
    "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller": "seller_tax_id",
    "SellerIdNum": "seller_tax_id",
    "AddressPhoneNumberOfSeller": "seller_address_phone",
    "DepositBankAndAccountNumberOfSeller": "seller_bank_account",
    "TotalAmountExcludingTax": "amount_without_tax",
    "TotalTaxAmount": "tax_amount",
    "TaxAmount": "tax_amount",
    "VatTaxAmount": "tax_amount",
    "TaxIncludedAmountInFigures": "total_amount",
    "TotalAmount": "total_amount",
    "TaxIncludedAmountInWords": "total_amount_cn",
    "Payee": "payee",
    "Reviewer": "reviewer",
    "Issuer": "drawer",
    "Remarks": "remarks",
    "Remark": "remarks",
    **digital.BASIC,
}
_TICKETS = {
    "rai": {
        "Fare": "total_amount",
        "Name": "passenger_name",
        "IdNumber": "passenger_id_no",
        "DepartureStation": "departure",
        "DestinationStation": "destination",
        "TravelDate": "departure_date",
        "DepartureTime": "departure_time",
        "TrainNumber": "carrier_no",
        "SeatLevel": "seat_class",
        "ElectronicTicketNum": "ticket_no",
        "NumberOfOriginalInvoice": "original_invoice_number",
    },
    "atr": {
        "Fare": "fare",  # a part of the total only
        "FuelSurcharge": "fuel_surcharge",
        "CivilAviationDevelopmentFund": "development_fund",
        "OtherTaxes": "other_taxes",
        "IssueParty": "seller_name",
        "PassengerName": "passenger_name",
        "ValidIdNumber": "passenger_id_no",
        "ETicketNumber": "ticket_no",
        "ElectronicTicketNum": "ticket_no",
    },
}
_FLIGHT = {
    "DepartureStation": "departure",
    "DestinationStation": "destination",
    "CarrierDate": "departure_date",
    "DepartureTime": "departure_time",
    "Flight": "carrier_no",
    "SeatClass": "seat_class",
    "Class": "seat_class",
}
_ITEM = {
    "NameOfTaxableGoodsOrServices": "name",
    "Specification": "spec",
    "UnitOfGoodsOrServices": "unit",
    "QuantityOfGoodsOrServices": "quantity",
    "UnitPriceOfGoodsOrServices": "unit_price",
    "AmountExcludingTax": "amount",
    "TaxRate": "tax_rate",
    "TaxAmount": "tax_amount",
}
_TITLES = {
    "rai": "电子发票（铁路电子客票）",
    "atr": "电子发票（航空运输电子客票行程单）",
    "einv_spcl": "电子发票（增值税专用发票）",
    "einv_ord": "电子发票（普通发票）",
}
_INVOICES = ("rai", "atr", "inv", "einv")


def statement(root: Element) -> Statement | None:
    """What an instance says of an invoice; None where its taxonomy is that of another voucher, or of nobody we know."""
    taxonomy = _taxonomy(root)
    if not taxonomy or taxonomy.partition("_")[0] not in _INVOICES:
        return None
    own = texts(root)
    values: dict[str, str] = {}
    for tag, field in (*_TICKETS.get(taxonomy, {}).items(), *_FIELDS.items()):
        if tag in own:
            values.setdefault(field, own[tag])
    lines = [texts(part) for part in root.iter() if name(part).endswith("Tuple")]
    items = tuple(_item(line) for line in lines if line.keys() & {"AmountExcludingTax", "ItemName"})
    values |= _journey(taxonomy, own, lines)
    return Statement(Source.XBRL, values, items, _title(root, taxonomy, own))


def _journey(taxonomy: str, own: dict[str, str], lines: list[dict[str, str]]) -> dict[str, str]:
    """What is stated of a journey in parts: the seat of a train, the stretches of a flight."""
    if taxonomy == "rai":
        seat = joined(own.get("Carriage"), own.get("Seat"))
        return {"seat": seat} if seat else {}
    return repeated([line for line in lines if "Flight" in line], _FLIGHT) if taxonomy == "atr" else {}


def _item(line: dict[str, str]) -> Item:
    if "ItemName" in line:
        return digital.item(line)
    return Item(**{field: line.get(tag) for tag, field in _ITEM.items()})


def _taxonomy(root: Element) -> str | None:
    """The id at the end of the namespace of the facts."""
    for fact in root:
        tag = fact.tag if isinstance(fact.tag, str) else ""
        if _TAXONOMY in tag:
            return tag[1:].partition("}")[0].rpartition("/")[2]
    return None


def _title(root: Element, taxonomy: str, own: dict[str, str]) -> str | None:
    """In words, else by the taxonomy or by the entry point that is referred to (``einv_ord_receiver_entry_point…``)."""
    if "TypeOfInvoice" in own:
        return own["TypeOfInvoice"]
    entry = next((str(value) for part in root for key, value in part.attrib.items() if key.endswith("href")), "")
    return next(
        (title for begin, title in _TITLES.items() if taxonomy.startswith(begin) or begin in entry),
        own.get("TypeOfVoucher"),
    )
