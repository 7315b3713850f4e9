"""Who comes in, and what every answer carries."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from archive.access.access import Access
from archive.web.app import framed
from archive.web.form import local_path
from archive.web.shell import HERE, Shell

PASSWORD = "correct horse battery"
FIELDS = {"name": "管理员", "password": PASSWORD, "again": PASSWORD}


def test_the_one_time_link_lets_in_once(stranger: TestClient, access: Access) -> None:
    link = access.first_link()
    assert link
    assert stranger.get(link).status_code == 200
    entered = stranger.post(link, data=FIELDS)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert stranger.get("/search").status_code == 200
    assert stranger.get(link).status_code == 410
    assert stranger.post(link, data=FIELDS).status_code == 410


@pytest.mark.parametrize(
    "change", [{"again": "another password"}, {"password": "short", "again": "short"}, {"name": " "}]
)
def test_a_bad_choice_is_told_on_the_form_and_the_link_still_works(
    stranger: TestClient, access: Access, change: dict[str, str]
) -> None:
    link = access.new_link()
    answer = stranger.post(link, data={**FIELDS, **change})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert stranger.post(link, data=FIELDS).status_code == 303


def test_login_leads_back_to_where_one_wanted_to_go(browser: TestClient, stranger: TestClient) -> None:
    wanted = stranger.get("/search?q=甲")
    assert wanted.status_code == 303
    back = stranger.get(wanted.headers["location"])
    assert 'name="back" value="/search?q=%E7%94%B2"' in back.text
    answer = stranger.post("/login", data={"name": "管理员", "password": PASSWORD, "back": "/search?q=%E7%94%B2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=%E7%94%B2")


def test_a_link_from_a_mail_does_not_ask_those_who_are_logged_in_to_log_in(stranger: TestClient) -> None:
    foreign = stranger.get("/search?q=x", headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 200
    assert 'http-equiv="refresh" content="0"' in foreign.text
    assert stranger.get("/search?q=x", headers={"sec-fetch-site": "same-origin"}).status_code == 303


def test_a_wrong_password_is_told_and_lets_nobody_in(browser: TestClient, stranger: TestClient) -> None:
    answer = stranger.post("/login", data={"name": "管理员", "password": "guess"})
    assert answer.status_code == 401
    assert "用户名或密码不正确" in answer.text
    assert stranger.get("/search").status_code == 303


def test_guessing_is_answered_with_429(browser: TestClient, stranger: TestClient) -> None:
    answers = [stranger.post("/login", data={"name": "管理员", "password": "guess"}).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_logout_ends_the_session_on_the_server(browser: TestClient, csrf: str) -> None:
    cookie = browser.cookies["piaoku"]
    assert browser.post("/logout", data={"csrf": csrf}).status_code == 303
    browser.cookies.set("piaoku", cookie)
    assert browser.get("/search").status_code == 303


def test_the_cookie_is_for_this_site_and_not_for_scripts(stranger: TestClient, access: Access) -> None:
    cookie = stranger.post(access.new_link(), data=FIELDS).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(access: Access) -> None:
    app = framed(Shell({"archive": HERE}, (), demo=False), access, (), statuses={}, insecure_cookie=False)
    cookie = TestClient(app, follow_redirects=False).post(access.new_link(), data=FIELDS).headers["set-cookie"]
    assert cookie.startswith("__Host-piaoku=")
    assert "Secure" in cookie


@pytest.mark.parametrize("sent", ["", "0" * 64])
def test_a_change_without_the_right_token_is_refused(browser: TestClient, sent: str) -> None:
    assert browser.post("/logout", data={"csrf": sent}).status_code == 403
    assert browser.get("/search").status_code == 200, "still logged in"


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.example"}],
)
def test_a_change_from_another_site_is_refused_even_with_the_token(
    browser: TestClient, csrf: str, headers: dict[str, str]
) -> None:
    assert browser.post("/logout", data={"csrf": csrf}, headers=headers).status_code == 403
    assert browser.post("/language", data={"language": "en"}, headers=headers).status_code == 403
    assert browser.get("/search").status_code == 200


def test_a_form_that_is_too_large_is_refused(stranger: TestClient) -> None:
    assert stranger.post("/login", data={"name": "x" * 20_000}).status_code == 403


@pytest.mark.parametrize("path", ["/login", "/search", "/nowhere", "/static/x/archive/none.js", "/healthz", "/enter/x"])
def test_every_answer_carries_the_security_headers(browser: TestClient, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_an_inner_fault_tells_nothing_of_itself_and_keeps_the_headers(access: Access) -> None:
    from archive.web.guard import PUBLIC

    def fault() -> None:
        raise RuntimeError("secret detail")

    room = APIRouter(dependencies=[PUBLIC])
    room.add_api_route("/fault", fault)
    room.add_api_route("/api/v1/fault", fault)
    app = framed(Shell({"archive": HERE}, (), demo=False), access, (room,), statuses={}, insecure_cookie=True)
    client = TestClient(app, raise_server_exceptions=False)
    for path in ("/fault", "/api/v1/fault"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "content-security-policy" in answer.headers


def test_private_pages_are_not_stored_and_assets_are_kept(browser: TestClient, app: FastAPI) -> None:
    page = browser.get("/search")
    assert page.headers["cache-control"] == "no-store"
    script = page.text.partition('src="')[2].partition('"')[0]
    asset = browser.get(script if script.startswith("/static") else page.text.partition('href="/static')[2])
    assert "immutable" in asset.headers["cache-control"]


def test_an_app_with_an_unmarked_route_does_not_start(access: Access) -> None:
    room = APIRouter()
    room.add_api_route("/open", lambda: "open")
    with pytest.raises(RuntimeError, match="/open"):
        framed(Shell({"archive": HERE}, (), demo=False), access, (room,), statuses={}, insecure_cookie=True)


def test_the_language_is_switched_and_stays(browser: TestClient) -> None:
    assert '<html lang="zh-Hans"' in browser.get("/search").text
    answer = browser.post("/language", data={"language": "en", "back": "/search?q=x"})
    assert answer.headers["location"] == "/search?q=x"
    english = browser.get("/search")
    assert '<html lang="en"' in english.text
    assert english.headers["content-language"] == "en"
    assert "The archive is still empty" in english.text


def test_the_theme_of_the_cookie_is_on_the_page(browser: TestClient) -> None:
    browser.cookies.set("piaoku_theme", "dark")
    assert 'data-theme="dark"' in browser.get("/search").text
    browser.cookies.set("piaoku_theme", 'x"><script>')
    assert "data-theme" not in browser.get("/search").text


def test_a_demonstration_says_so(access: Access) -> None:
    for demo in (True, False):
        app = framed(Shell({"archive": HERE}, (), demo=demo), access, (), statuses={}, insecure_cookie=True)
        assert ("演示系统" in TestClient(app).get("/login").text) is demo


@pytest.mark.parametrize("text", ["//evil.example", "/\\evil.example", "https://evil.example", "", None, "/a\r\nb"])
def test_one_is_never_led_to_another_site(text: str | None) -> None:
    assert local_path(text) == "/"
