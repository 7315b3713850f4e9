"""Data files: whatever the hand that wrote them, the same invoice is stated."""

import base64
import io

import pytest
import segno

from archive.model.evidence import Source
from fixtures.generator import einvoice_xml
from fixtures.generator.carriers import carried
from fixtures.generator.einvoice_xml import Shape
from fixtures.generator.truth import Truth
from fixtures.generator.variants import invented
from ingest.errors import UnreadableError
from ingest.extraction.stated import stated_items, stated_readings
from ingest.model.page import Page
from ingest.model.statement import Statement
from ingest.readers.einvoice_xml import XmlReader
from ingest.readers.qr_code import find_symbols

NAMES = (
    *("invoice_code", "invoice_number", "issue_date", "check_code", "seller_name", "seller_tax_id", "buyer_name"),
    *("buyer_tax_id", "amount_without_tax", "tax_amount", "total_amount"),
)
DIGITAL, LEGACY = ("digital_special", "digital_normal"), ("vat_normal_electronic", "vat_special_electronic")
CASES = [
    *((carrier, kind) for carrier in ("einvoice", "einvoice_percent", "pinyin", "xbrl_2023") for kind in DIGITAL),
    *(
        (carrier, kind)
        for carrier in ("original", "original_bare", "original_padded", "original_drawn", "xbrl_2021")
        for kind in LEGACY
    ),
    ("xbrl_2021", "digital_rail"),
    ("xbrl_2023", "digital_air"),
]
DIGITAL_XML = """<EInvoice><Header><EIid>26117000000123456789</EIid><InherentLabel>
  <InIssuType><LabelCode>Y</LabelCode><LabelName>是否蓝字发票标志</LabelName></InIssuType>
  <EInvoiceType><LabelCode>01</LabelCode><LabelName>电子发票</LabelName></EInvoiceType>
  <GeneralOrSpecialVAT><LabelCode>02</LabelCode><LabelName>普通发票</LabelName></GeneralOrSpecialVAT>
</InherentLabel></Header><EInvoiceData><BasicInformation>
  <TotalTax-includedAmount>1130</TotalTax-includedAmount>{basic}</BasicInformation>
  <IssuItemInformation><ItemName>*服务*收派</ItemName><TaxRate>{rate}</TaxRate><Amount>1000</Amount>
  <TotaltaxIncludedAmount>9999.00</TotaltaxIncludedAmount></IssuItemInformation>
</EInvoiceData><TaxSupervisionInfo><IssueTime>2026-11-21 08:00:00</IssueTime></TaxSupervisionInfo></EInvoice>"""


def pages(content: bytes) -> list[Page]:
    return list(XmlReader(find_symbols).pages(content, lambda _number, _picture: None))


def only(content: bytes) -> Statement:
    ((statement,),) = (page.statements for page in pages(content))
    return statement


def values(statement: Statement) -> dict[str, str]:
    return {reading.field: reading.value for reading in stated_readings(statement, 1)}


def digital(basic: str = "", rate: str = "0.13") -> Statement:
    return only(DIGITAL_XML.format(basic=basic, rate=rate).encode())


@pytest.mark.parametrize(("carrier", "kind"), CASES)
def test_every_form_states_the_invoice_in_full(carrier: str, kind: str) -> None:
    truth = invented(kind, 7)
    statement = only(carried(carrier, [truth]))
    expected = {name: value for name in NAMES if (value := getattr(truth, name))}
    if carrier == "pinyin" or kind == "digital_air":
        expected.pop("amount_without_tax" if kind == "digital_air" else "invoice_code", None)
    read = values(statement)
    assert {name: read.get(name) for name in expected} == expected
    assert [(item.name, item.amount) for item in stated_items(statement)] == [
        (item.name, item.amount) for item in truth.items
    ]


@pytest.mark.parametrize("carrier", ["original", "original_drawn"])
def test_the_qr_code_is_read_as_text_and_as_picture(carrier: str) -> None:
    truth = invented("vat_normal_electronic", 3)
    assert only(carried(carrier, [truth])).code == truth.qr


def test_a_graph_code_that_is_no_picture_states_nothing() -> None:
    def drawn(graph: bytes) -> bytes:
        return b"<eInvoice><InvoiceNo>1</InvoiceNo><GraphCode>" + base64.b64encode(graph) + b"</GraphCode></eInvoice>"

    picture = io.BytesIO()
    segno.make("01,32,,26117000000123456789,1130.00,20261120,,46BD").save(picture, kind="png", scale=4)
    assert only(drawn(picture.getvalue())).code is not None
    assert only(drawn(picture.getvalue()[:60])).code is None


def test_the_total_is_not_that_of_a_line() -> None:
    assert values(digital())["total_amount"] == "1130.00"


def test_the_day_that_is_printed_counts_before_that_of_the_file() -> None:
    assert values(digital("<RequestTime>2026-11-20 23:59:59</RequestTime>"))["issue_date"] == "2026-11-20"
    assert values(digital())["issue_date"] == "2026-11-21"


@pytest.mark.parametrize(("rate", "printed"), [("0.13", "13%"), ("13%", "13%"), ("0.015", "1.5%"), ("免税", "免税")])
def test_rates_are_given_as_print_has_them(rate: str, printed: str) -> None:
    assert stated_items(digital(rate=rate))[0].tax_rate == printed


def test_no_tax_is_three_stars_where_all_lines_are_exempt() -> None:
    tax = "<TotalTaxAm>0.00</TotalTaxAm>"
    assert values(digital(tax, "免税"))["tax_amount"] == "***"
    assert values(digital(tax, "0.00"))["tax_amount"] == "0.00"


def test_the_kind_is_told_by_its_own_label_among_others() -> None:
    assert digital().title == "电子发票（普通发票）"


def test_several_invoices_of_a_file_are_told_apart() -> None:
    truths: list[Truth] = [invented("digital_normal", seed) for seed in (1, 2, 3)]
    read = pages(einvoice_xml.einvoice(truths, Shape()))
    assert [page.number for page in read] == [1, 2, 3]
    numbers = [values(statement)["invoice_number"] for page in read for statement in page.statements]
    assert numbers == [truth.invoice_number for truth in truths]
    assert {page.source for page in read} == {Source.XML}


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>no invoice</body></html>",
        b"<EInvoiceList/>",
        b'<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:b="http://xbrl.mof.gov.cn/taxonomy/2023-12-31/bker">'
        b"<b:Amount>1</b:Amount></xbrl>",
        b'<xbrl xmlns="http://www.xbrl.org/2003/instance"><Amount>1</Amount></xbrl>',
    ],
)
def test_xml_that_is_no_invoice_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        pages(content)
    assert refused.value.code == "XML-UNKNOWN"


def test_more_invoices_than_a_document_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.einvoice_xml.MAX_PAGES", 1)
    with pytest.raises(UnreadableError) as refused:
        pages(b"<all><EInvoice/><EInvoice/></all>")
    assert refused.value.code == "TOO-MANY-PAGES"
