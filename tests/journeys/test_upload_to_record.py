"""From a dropped file to a record that is found again, in a real browser on the real service."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

FIXTURES = Path(__file__).parents[2] / "fixtures"
TEXT_PDF, OTHER_PDF, SCAN = "digital_normal/eight-lines", "digital_special/one-line", "digital_normal/scan-squeezed"
TRUTH = json.loads((FIXTURES / TEXT_PDF / "truth.json").read_text("utf-8"))
Drop = Callable[..., None]
SETTLED = re.compile("已归档|待复核|无法识别|重复")


def fixture_file(case: str) -> tuple[str, bytes]:
    """The source of a fixture ``kind/case``, named after the case."""
    source = next((FIXTURES / case).glob("source.*"))
    return f"{source.parent.name}{source.suffix}", source.read_bytes()


def broken_pdf(number: int) -> tuple[str, bytes]:
    return f"坏 {number}.pdf", f"%PDF-1.4 nothing {number}".encode()


def count(page: Page, tab: str) -> int:
    return int(page.locator(f'[data-tab="{tab}"] .count').inner_text())


def test_a_dropped_invoice_is_filed_and_found_again(page: Page, drop: Drop, faults: Any) -> None:
    drop(fixture_file(TEXT_PDF), fixture_file(SCAN))
    expect(page).to_have_url(re.compile(r"/upload/\d{8}-\d{4}-[a-z0-9]{5}$"))
    filed = page.locator(".window li", has_text="eight-lines.pdf")
    expect(filed.locator(".badge")).to_have_text("已归档", timeout=90_000)
    expect(filed).to_contain_text("73,222.49")
    scan = page.locator(".window li", has_text="scan-squeezed.jpg")
    expect(scan.locator(".badge")).to_have_text(SETTLED, timeout=90_000)

    page.keyboard.press("/")
    page.wait_for_url("**/search")
    page.fill("#q", f"销售方:{TRUTH['seller_name']}")
    page.keyboard.press("Enter")
    expect(page.locator("tr.link")).to_have_count(1)
    expect(page).to_have_url(re.compile("/search\\?q="))
    page.locator("#q").blur()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*")

    expect(page.locator("h1")).to_have_text(TRUTH["invoice_number"])
    picture = page.locator(".page img")
    expect(picture).to_have_attribute("data-ready", "")
    assert picture.evaluate("image => image.naturalWidth") > 800
    total = page.locator('.field[data-field="total_amount"] .value')
    expect(total).to_have_text("73,222.49")
    total.focus()
    box = page.locator('.box[data-field="total_amount"]')
    expect(box).to_have_class(re.compile(r"\bon\b"))
    assert box.bounding_box() is not None
    page.locator('.box[data-field="seller_name"]').click()
    expect(page.locator('.field[data-field="seller_name"] .value')).to_be_focused()
    expect(page.locator(".side")).to_contain_text("尚未配置税务查验通道")

    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    saved = Path(download.value.path())
    assert saved.read_bytes() == fixture_file(TEXT_PDF)[1]
    assert download.value.suggested_filename == "eight-lines.pdf"
    assert faults.seen == []


def test_what_cannot_be_read_waits_in_review_with_its_reason(page: Page, drop: Drop, faults: Any) -> None:
    drop(broken_pdf(1))
    badge = page.locator(".window li .badge")
    expect(badge).to_have_text("无法识别", timeout=60_000)
    page.click('.nav a[data-key="r"]')
    expect(page.locator("tbody tr")).to_contain_text("坏 1.pdf")
    page.click("tbody a")
    expect(page.locator(".note.bad").first).to_be_visible()
    assert faults.seen == []


def test_what_is_refused_says_why_at_its_place_and_the_rest_goes_on(page: Page, drop: Drop, faults: Any) -> None:
    drop(("说明.txt", b"hello"), ("空.pdf", b""), ("假.pdf", b"only text"), broken_pdf(1))
    for name, reason in (("说明.txt", "不支持此格式"), ("空.pdf", "文件是空的"), ("假.pdf", "不是支持的格式")):
        line = page.locator(".window li", has_text=name).first
        expect(line.locator(".badge")).to_have_text("未接收")
        expect(line.locator(".told")).to_contain_text(reason)
    expect(page.locator(".window li", has_text="坏 1.pdf").locator(".badge")).to_have_text("无法识别", timeout=60_000)
    assert count(page, "failed") == 3
    page.click('[data-tab="failed"]')
    expect(page.locator(".window li")).to_have_count(3)
    page.reload()
    expect(page.locator('[data-tab="all"] .count')).to_have_text("4")
    # The one refusal that only the server can speak is the one fault that the browser reports.
    assert {fault[:3] for fault in faults.seen} == {"422", "con"}
    assert len(faults.seen) == 2


def test_a_batch_survives_a_reload_and_the_same_files_are_not_sent_twice(page: Page, drop: Drop, faults: Any) -> None:
    files = [broken_pdf(n) for n in range(3)]
    drop(*files)
    expect(page.locator('[data-tab="review"] .count')).to_have_text("3", timeout=60_000)
    page.reload()
    expect(page.locator('[data-tab="review"] .count')).to_have_text("3")
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    drop(*files, broken_pdf(9))
    expect(page.locator('[data-tab="review"] .count')).to_have_text("4", timeout=60_000)
    expect(page.locator("#skipped")).to_contain_text("3")
    assert len(sent) == 1
    assert faults.seen == []


def test_the_same_bytes_under_another_name_are_a_duplicate_with_a_link(page: Page, drop: Drop, faults: Any) -> None:
    name, content = fixture_file(OTHER_PDF)
    drop((name, content))
    expect(page.locator(".window li .badge")).to_have_text("已归档", timeout=90_000)
    drop(("另一个名字.pdf", content))
    again = page.locator(".window li", has_text="另一个名字.pdf")
    expect(again.locator(".badge")).to_have_text("重复", timeout=30_000)
    original = page.locator(".window li", has_text=name).locator("a").get_attribute("href")
    assert again.locator("a").get_attribute("href") == original
    assert faults.seen == []


def test_a_whole_folder_keeps_its_structure(page: Page, faults: Any, tmp_path: Path) -> None:
    inner = tmp_path / "票据" / "三月"
    inner.mkdir(parents=True)
    for n in range(2):
        name, content = broken_pdf(n)
        (inner / name).write_bytes(content)
    (inner / ".hidden").write_bytes(b"x")
    page.set_input_files("#picked-folder", tmp_path / "票据")
    expect(page.locator('[data-tab="review"] .count')).to_have_text("2", timeout=60_000)
    expect(page.locator(".window li .folder").first).to_have_text("票据/三月/")
    assert count(page, "all") == 2
    assert faults.seen == []


def test_every_file_arrives_although_every_fifth_sending_fails(page: Page, drop: Drop) -> None:
    turns = iter(range(1_000_000))

    def flaky(route: Route) -> None:
        turn = next(turns)
        if route.request.method == "POST" and turn % 10 == 3:
            route.fulfill(status=503, json={"code": "store-unavailable", "zh": "…", "en": "…"})
        elif route.request.method == "POST" and turn % 10 == 7:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/documents?*", flaky)
    drop(*(broken_pdf(n) for n in range(40)))
    expect(page.locator('[data-tab="review"] .count')).to_have_text("40", timeout=150_000)
    assert count(page, "failed") == 0
    assert count(page, "all") == 40


def test_space_pauses_and_goes_on(page: Page, drop: Drop, faults: Any) -> None:
    sent: list[str] = []

    def slow(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
            page.wait_for_timeout(100)
        route.continue_()

    page.route("**/api/v1/documents?*", slow)
    drop(*(broken_pdf(n) for n in range(20)))
    page.keyboard.press("Space")
    expect(page.locator("#pause")).to_have_text("继续")
    page.wait_for_timeout(1000)
    before = len(sent)
    page.wait_for_timeout(1000)
    assert before == len(sent) < 20
    page.keyboard.press("Space")
    expect(page.locator('[data-tab="review"] .count')).to_have_text("20", timeout=60_000)
    assert len(sent) == 20
    assert faults.seen == []


def test_uploads_go_on_after_the_service_was_killed_and_started_again(page: Page, drop: Drop, service: Any) -> None:
    drop(*(broken_pdf(n) for n in range(30)))
    expect(page.locator('[data-tab="running"] .count')).not_to_have_text("0")
    service.kill()
    expect(page.locator('[data-note="offline"]')).to_be_visible()
    service.start()
    expect(page.locator('[data-tab="review"] .count')).to_have_text("30", timeout=120_000)
    assert count(page, "failed") == 0


def test_a_lost_login_keeps_the_files_and_says_what_to_do(
    page: Page, drop: Drop, context: BrowserContext, log_in: Callable[[], None]
) -> None:
    context.clear_cookies()
    drop(broken_pdf(1))
    expect(page.locator('[data-note="signed_out"]')).to_be_visible()
    assert count(page, "running") == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#signed-in")
    page.wait_for_url("**/login?back=*")
    log_in()
    page.wait_for_url("**/upload/*")
    drop(broken_pdf(1))
    expect(page.locator('[data-tab="review"] .count')).to_have_text("1", timeout=60_000)


def test_a_key_that_belongs_to_an_unfinished_chinese_word_is_not_a_command(page: Page, faults: Any) -> None:
    press = """composing => {
      let picked = 0;
      document.querySelector("#picked").click = () => picked++;
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "u", bubbles: true, isComposing: composing }));
      return picked;
    }"""
    assert page.evaluate(press, True) == 0
    assert page.evaluate(press, False) == 1
    assert faults.seen == []


@pytest.mark.parametrize("width", [1440, 390])
def test_every_room_is_clean_in_both_languages_and_themes(page: Page, drop: Drop, faults: Any, width: int) -> None:
    drop(broken_pdf(1))
    expect(page.locator('[data-tab="review"] .count')).to_have_text("1", timeout=60_000)
    batch = page.url
    address = batch.partition("/upload")[0]
    page.goto(f"{address}/review")
    document = page.locator("tbody a").get_attribute("href")
    page.set_viewport_size({"width": width, "height": 844})
    for language, heading in (("en", "Documents to review"), ("zh", "等待复核的文件")):
        for theme in ("dark", "light"):
            page.goto(f"{address}/review")
            if page.locator("html").get_attribute("lang") != {"en": "en", "zh": "zh-Hans"}[language]:
                page.click("button[name=language]")
            while page.locator("html").get_attribute("data-theme") != theme:
                page.click("#theme")
            expect(page.locator("h1")).to_have_text(heading)
            for room in (f"{address}/upload", batch, f"{address}/search", f"{address}{document}"):
                page.goto(room)
                expect(page.locator("html")).to_have_attribute("data-theme", theme)
                overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert overflow <= 0, room
    assert faults.seen == []
