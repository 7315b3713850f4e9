"""The real service in a process of its own, and a headless Chromium that reports every fault of a page."""

import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

ROOT = Path(__file__).parents[2]
NAME = "管理员"
PASSWORD = "correct horse battery"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_POLICY_FAULTS = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"
DROP = """files => {
  const transfer = new DataTransfer();
  for (const { name, content, modified } of files) {
    const bytes = Uint8Array.from(atob(content), sign => sign.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { lastModified: modified }));
  }
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector("#main").dispatchEvent(event);
  }
}"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


@dataclass
class Running:
    """``piaoku serve`` on a data folder; it can be killed and started again on the same address."""

    data: Path
    port: int = field(default_factory=free_port)
    link: str | None = None
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when the service has said its address, and the one-time link where there is no administrator."""
        command = shutil.which("piaoku", path=str(Path(sys.executable).parent))
        assert command, "the command piaoku is not installed beside this Python"
        self.process = subprocess.Popen(
            [command, "serve", "--data", str(self.data), "--port", str(self.port)],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"http://\S+/enter/\S+", line):
                self.link = found[0]
            if self.address in line and self.link:
                return
        raise AssertionError("the service did not start")

    def kill(self) -> None:
        """At once and without a word, its reading processes too."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "data")
    try:
        running.start()
        yield running
    finally:
        running.kill()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.fail("no Chromium is installed; `make test` installs it")
    browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Faults:
    """What a page must not have: console errors, policy reports, failed requests, answers of 400 and more."""

    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: message.type == "error" and self.seen.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("requestfailed", self.failed)
        page.on("response", lambda got: got.status >= 400 and self.seen.append(f"{got.status}: {got.url}"))

    def failed(self, request: Request) -> None:
        # The browser itself gives up what a page asked for when one leaves it, or when an answer becomes a download.
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"failed: {request.url} {request.failure}")


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1440, "height": 900})
    made.add_init_script(REPORT_POLICY_FAULTS)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, service: Running, faults: Faults) -> Page:
    """On the upload page, entered by the one-time link."""
    opened = context.new_page()
    faults.watch(opened)
    assert service.link
    opened.goto(service.link)
    opened.fill("[name=name]", NAME)
    opened.fill("[name=password]", PASSWORD)
    opened.fill("[name=again]", PASSWORD)
    opened.click("form.card button")
    opened.wait_for_url("**/upload")
    return opened


@pytest.fixture
def drop(page: Page) -> Callable[..., None]:
    """Really drops files (name, content) on the page, as one gesture."""

    def dropped(*files: tuple[str, bytes]) -> None:
        encoded = [
            {"name": name, "content": base64.b64encode(content).decode(), "modified": 1_700_000_000_000}
            for name, content in files
        ]
        page.evaluate(DROP, encoded)

    return dropped


@pytest.fixture
def log_in(page: Page) -> Callable[[], None]:
    """Fills in the login form that the page shows."""

    def logged_in() -> None:
        page.fill("[name=name]", NAME)
        page.fill("[name=password]", PASSWORD)
        page.click("form.card button")

    return logged_in
