"""The list and the record page, on a real archive."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from archive.model.invoice import Party
from archive.retention.schedule import RetentionClass
from archive.web.record import attachment
from archive.web.search import presets

Deposit = Callable[..., Any]


def rows(text: str) -> list[str]:
    return re.findall(r'href="/records/(\w+)"', text)


def test_the_list_is_found_by_words_and_conditions(browser: TestClient, deposit: Deposit) -> None:
    first = deposit(1, seller=Party("虚构市甲乙餐饮有限公司"))
    deposit(2, seller=Party("虚构市戊己运输有限公司"))
    assert len(rows(browser.get("/search").text)) == 2
    assert rows(browser.get("/search", params={"q": "甲乙餐饮"}).text) == [first.id]
    assert rows(browser.get("/search", params={"q": "金额:>1000"}).text) == []


def test_a_list_goes_on_where_the_page_before_ended(browser: TestClient, deposit: Deposit) -> None:
    made = {deposit(n).id for n in range(60)}
    first = browser.get("/search").text
    more = re.search(r'id="more" href="([^"]+)"', first)
    assert more
    rest = browser.get(more[1].replace("&amp;", "&")).text
    assert len(rows(first)) == 50
    assert set(rows(first)) | set(rows(rest)) == made
    assert 'id="more"' not in rest


def test_money_is_grouped_and_a_repeated_date_steps_back(browser: TestClient, deposit: Deposit) -> None:
    deposit(1, total_amount=Decimal("1234567.80"))
    deposit(2)
    page = browser.get("/search").text
    assert "1,234,567.80" in page
    assert page.count('class="repeat"') == 1


def test_nothing_found_says_what_to_do(browser: TestClient, deposit: Deposit) -> None:
    assert "档案库还是空的" in browser.get("/search").text
    deposit(1)
    assert "没有符合条件的发票" in browser.get("/search", params={"q": "没有这个"}).text


def test_a_query_that_cannot_be_understood_says_where(browser: TestClient) -> None:
    answer = browser.get("/search", params={"q": "金额:abc"})
    assert answer.status_code == 422
    assert 'value="金额:abc"' in answer.text
    told = browser.get("/api/v1/search", params={"q": "金额:abc"})
    assert told.status_code == 422
    assert set(told.json()) == {"code", "zh", "en"}
    assert told.json()["code"] == "query"


@pytest.mark.parametrize("made_up", ["x", "2026-13-01", "☃"])
def test_an_invented_continuation_is_refused(browser: TestClient, made_up: str) -> None:
    assert browser.get("/api/v1/search", params={"after": made_up}).status_code == 422


def test_the_record_shows_fields_evidence_custody_and_history(browser: TestClient, deposit: Deposit) -> None:
    record = deposit(1, invoice_number="26990000000000000001")
    page = browser.get(f"/records/{record.id}").text
    for shown in ("26990000000000000001", "虚构市甲乙餐饮有限公司", "106.00", "*餐饮服务*餐费", "二维码", "2031-03-01"):
        assert shown in page
    assert "尚未配置税务查验通道" in page
    assert "归档入库" in page
    assert str(record.originals[0].digest) in page
    assert re.search(
        r'<rect class="box" data-field="invoice_number" x="1000" y="2000" width="2000" height="2000"', page
    )
    assert f"/pictures/{record.originals[0].digest.hex}/1" in page


def test_what_a_document_says_is_never_markup(browser: TestClient, deposit: Deposit) -> None:
    evil = "<script>alert(1)</script>"
    record = deposit(1, seller=Party(evil), file_name=evil)
    for path in (f"/records/{record.id}", "/search"):
        page = browser.get(path).text
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_the_original_is_downloaded_byte_for_byte_under_its_name(browser: TestClient, deposit: Deposit) -> None:
    record = deposit(1)
    answer = browser.get(f"/records/{record.id}/originals/1")
    assert answer.content == b"invented document 1"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E9%A4%90%E8%B4%B9.pdf" in answer.headers["content-disposition"]
    assert browser.get(f"/records/{record.id}/originals/2").status_code == 404
    assert browser.get(f"/records/{record.id}/originals/0").status_code == 404


@pytest.mark.parametrize("name", ['a"b\\c.pdf', "../../x.pdf", "a\r\nSet-Cookie: x=1", "😀.pdf", "x" * 255])
def test_no_file_name_breaks_out_of_its_header(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    plain = re.fullmatch(r"attachment; filename=\"([^\"\\/]*)\"; filename\*=UTF-8''[^\s;\"]*", header)
    assert plain


def test_pictures_are_for_people_who_are_logged_in(browser: TestClient, stranger: TestClient, deposit: Deposit) -> None:
    path = f"/pictures/{deposit(1).originals[0].digest.hex}/1"
    answer = browser.get(path)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"].startswith("private")
    assert stranger.get(path).status_code == 303
    assert browser.get(path[:-1] + "2").status_code == 404
    assert browser.get("/pictures/nonsense/1").status_code == 404


def test_unknown_records_are_404_as_page_and_as_json(browser: TestClient) -> None:
    assert browser.get("/records/none").status_code == 404
    told = browser.get("/api/v1/records/none")
    assert told.status_code == 404
    assert told.json()["code"] == "not-found"


def test_the_api_tells_money_and_dates_as_text(browser: TestClient, deposit: Deposit) -> None:
    record = deposit(1)
    told = browser.get(f"/api/v1/records/{record.id}").json()
    assert told["invoice"]["total_amount"] == "106.00"
    assert told["invoice"]["issue_date"] == "2026-03-01"
    assert told["originals"][0]["digest"] == str(record.originals[0].digest)
    hit = browser.get("/api/v1/search", params={"q": "甲乙"}).json()
    assert hit["total"] == 1
    assert hit["hits"][0]["record"] == record.id
    assert hit["hits"][0]["total_amount"] == "106.00"


def test_the_api_answers_strangers_with_401_in_json(stranger: TestClient) -> None:
    answer = stranger.get("/api/v1/search")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not-signed-in"


def test_presets_are_whole_spans() -> None:
    assert presets(date(2026, 11, 23)) == {
        "month": "2026-11",
        "quarter": "2026-10..2026-12",
        "year": "2026",
        "last_year": "2025",
    }
    assert presets(date(2026, 1, 1))["quarter"] == "2026-01..2026-03"


def test_a_hold_and_a_longer_class_are_seen_on_the_records_page(
    browser: TestClient, deposit: Deposit, archive: Any
) -> None:
    record = deposit(1)
    assert "已保全" not in browser.get(f"/records/{record.id}").text
    archive.hold(record.id, case="<稽查>", reason="要求", actor="法务")
    archive.extend(record.id, retention_class=RetentionClass.PERMANENT, actor="会计")
    page = browser.get(f"/records/{record.id}").text
    assert "已保全：&lt;稽查&gt;" in page
    assert "永久" in page
    assert "延长保管" in page
    archive.release(record.id, case="<稽查>", reason="结束", actor="法务")
    assert "已保全" not in browser.get(f"/records/{record.id}").text
