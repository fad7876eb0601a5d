"""The page as a browser shows it, offline."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from tests.report.journals import realistic
from tests.report.payloads import PAYLOADS, hostile
from verify_harness.journal.records import AnyRecord
from verify_harness.report import known_formats
from verify_harness.results import build_view

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on PATH: the page cannot be opened in a browser"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Watched:
    """A page with everything it said and asked for."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.console: list[str] = []
        self.requests: list[str] = []
        self.dialogs = 0
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dialog)
        page.goto(path.as_uri())

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs += 1
        dialog.dismiss()


def opened(browser: Browser, directory: Path, lines: list[AnyRecord]) -> Watched:
    path = directory / "report.html"
    path.write_text(known_formats()["html"].render(build_view(lines)), encoding="utf-8")
    return Watched(browser.new_context(offline=True).new_page(), path)


def test_the_page_shows_verdict_and_an_expanded_failure(browser: Browser, tmp_path: Path) -> None:
    watched = opened(browser, tmp_path, realistic())
    page = watched.page
    assert page.locator(".verdict .word").inner_text().split() == ["✗", "FAIL", "exit", "1"]
    assert page.locator("h1").is_visible()
    failure = page.locator("#VFY-CODE-004")
    assert failure.is_visible()
    assert "$TELNYX_API_KEY" in failure.inner_text()
    assert watched.console == []
    assert all(url.startswith("file://") for url in watched.requests)


def test_a_link_to_a_closed_failure_opens_it(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic()).page
    assert not page.locator("#VFY-PROF-001").is_visible()
    page.locator(".first a", has_text="VFY-PROF-001").click()
    page.locator("#VFY-PROF-001").wait_for(state="visible")
    assert page.locator("#VFY-PROF-001 .message").is_visible()


def test_the_filter_works_from_the_keyboard_without_a_script(
    browser: Browser, tmp_path: Path
) -> None:
    page = opened(browser, tmp_path, realistic()).page
    page.locator("#show-all").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#show-fail").is_checked()
    assert page.locator("tr.req.is-fail").first.is_visible()
    assert page.locator("tr.req.is-pass:visible").count() == 0
    assert page.locator("script").count() == 0


def test_hostile_text_runs_nothing_and_loads_nothing(browser: Browser, tmp_path: Path) -> None:
    watched = opened(browser, tmp_path, hostile("".join(PAYLOADS)))
    assert watched.page.locator("h1").is_visible()
    assert (watched.console, watched.dialogs) == ([], 0)
    assert all(url.startswith("file://") for url in watched.requests)
