"""Upload, review and document pages, on a real ledger."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import archive.web.shell
import ingest.web.app
from archive.model.evidence import Box, Finding, Reading, Severity, Source
from archive.web.assets import Assets
from ingest.bootstrap import Service
from ingest.model.document import DocumentState
from ingest.model.draft import Draft, Examination, Item

PDF = b"%PDF-1.7\ninvented\n%%EOF\n"
REASON = Finding("FIELD-UNSURE", Severity.ERROR, "seller_name", "销售方名称不确定。", "The seller's name is unsure.")


def upload(browser: TestClient, name: str = "发票.pdf", content: bytes = PDF) -> str:
    answer = browser.post("/api/v1/documents", params={"name": name, "folder": "三月"}, content=content)
    document: str = answer.json()["document"]
    return document


def draft(number: str = "26990000000000000001") -> Draft:
    chosen = Reading("invoice_number", number, Source.OCR, Decimal("0.97"), 1, Box(0.5, 0.1, 0.7, 0.15))
    other = replace(chosen, value="26990000000000000007", source=Source.QR, confidence=Decimal(1), box=None)
    item = Item("*餐饮服务*餐费", None, "次", "1", "100", "100.00", "6%", "6.00")
    return Draft("digital_normal", (1,), {"invoice_number": chosen}, (chosen, other), (item,), ())


def put_in_review(service: Service, document: str, *drafts: Draft) -> None:
    service.ledger.record_examination(document, Examination("application/pdf", 1, 0.1, drafts))
    service.ledger.settle(document, DocumentState.REVIEW, reasons=(REASON,))


def test_the_start_leads_to_the_upload_page(browser: TestClient) -> None:
    assert browser.get("/").headers["location"] == "/upload"


def test_the_upload_page_says_what_is_accepted_before_the_drop(browser: TestClient) -> None:
    page = browser.get("/upload").text
    assert "1.0 MB" in page
    assert "PDF、OFD、XML、ZIP、JPG、PNG" in page


@pytest.mark.parametrize(("batch", "status"), [("20260309-0900-abcde", 200), ("x", 422), ("A" * 20, 422)])
def test_a_batch_has_its_own_address(browser: TestClient, batch: str, status: int) -> None:
    answer = browser.get(f"/upload/{batch}")
    assert answer.status_code == status
    assert (f'data-batch="{batch}"' in answer.text) is (status == 200)


def test_the_review_list_names_the_reasons_and_counts_in_the_frame(browser: TestClient, service: Service) -> None:
    assert "没有等待复核的文件" in browser.get("/review").text
    put_in_review(service, upload(browser), draft())
    page = browser.get("/review").text
    assert "销售方名称不确定。" in page
    assert "三月" in page
    assert '<span class="count warn">1</span>' in page


def test_the_review_list_goes_on(browser: TestClient, service: Service) -> None:
    names = {f"{n}.pdf" for n in range(53)}
    for name in names:
        document = upload(browser, name, PDF + name.encode())
        service.ledger.settle(document, DocumentState.UNREADABLE, reasons=(REASON,))
    first = browser.get("/review").text
    after = first.partition('href="/review?after=')[2].partition('"')[0]
    rest = browser.get("/review", params={"after": after}).text
    assert {name for name in names if f">{name}<" in first + rest} == names
    assert 'href="/review?after=' not in rest


def test_a_document_shows_its_draft_beside_its_page_with_the_reasons(browser: TestClient, service: Service) -> None:
    document = upload(browser)
    put_in_review(service, document, draft())
    page = browser.get(f"/documents/{document}").text
    assert "销售方名称不确定。" in page
    assert "FIELD-UNSURE" in page
    assert 'class="box doubt" data-field="invoice_number" x="5000" y="1000" width="2000" height="500"' in page
    assert "二维码读作：26990000000000000007" in page
    assert "*餐饮服务*餐费" in page
    assert "收到文件" in page


def test_each_of_several_invoices_has_its_place(browser: TestClient, service: Service) -> None:
    document = upload(browser)
    put_in_review(service, document, draft("26990000000000000001"), draft("26990000000000000002"))
    assert "26990000000000000001" in browser.get(f"/documents/{document}").text
    second = browser.get(f"/documents/{document}?draft=2").text
    assert "26990000000000000002" in second
    assert "26990000000000000001" not in second
    assert browser.get(f"/documents/{document}?draft=9").text.count("26990000000000000002") > 0


def test_a_document_without_an_invoice_has_a_page(browser: TestClient, service: Service) -> None:
    document = upload(browser)
    assert browser.get(f"/documents/{document}").status_code == 200
    put_in_review(service, document)
    assert f"/pictures/{service.ledger.document(document).digest.hex}/1" in browser.get(f"/documents/{document}").text


def test_a_document_is_downloaded_as_it_arrived(browser: TestClient) -> None:
    answer = browser.get(f"/documents/{upload(browser)}/original")
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_an_unknown_document_has_a_page_that_says_so(browser: TestClient) -> None:
    answer = browser.get("/documents/none")
    assert answer.status_code == 404
    assert "没有编号为 none 的文件" in answer.text


def test_all_styles_and_scripts_together_are_lighter_than_sixty_kilobytes() -> None:
    """As they travel, so that any page is, whatever it uses of them."""
    folders = {"archive": archive.web.shell.HERE, "ingest": Path(ingest.web.app.__file__).parent}
    sizes = Assets({name: folder / "static" for name, folder in folders.items()}).sizes()
    assert "ingest/upload.js" in sizes
    assert sum(sizes.values()) < 60_000
