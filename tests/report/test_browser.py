"""The page as a browser shows it, offline."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from tests.chromium import needs_chromium, started
from tests.report.journals import realistic
from tests.report.payloads import PAYLOADS, hostile
from verify_harness.journal.records import AnyRecord
from verify_harness.report import known_formats
from verify_harness.results import build_view

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as opened:
        yield opened


class Watched:
    """A page with everything it said and asked for."""

    def __init__(self, page: Page, path: Path, anchor: str) -> None:
        self.page = page
        self.console: list[str] = []
        self.requests: list[str] = []
        self.dialogs = 0
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dialog)
        page.goto(path.as_uri() + anchor)

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs += 1
        dialog.dismiss()


def opened(
    browser: Browser,
    directory: Path,
    lines: list[AnyRecord],
    *,
    width: int = 1280,
    scripts: bool = True,
    anchor: str = "",
) -> Watched:
    path = directory / "report.html"
    path.write_text(known_formats()["html"].render(build_view(lines)), encoding="utf-8")
    context = browser.new_context(
        offline=True,
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        permissions=["clipboard-read", "clipboard-write"],
    )
    return Watched(context.new_page(), path, anchor)


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
    page = opened(browser, tmp_path, realistic(), scripts=False).page
    page.locator("#show-all").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#show-fail").is_checked()
    assert page.locator("tr.req.is-fail").first.is_visible()
    assert page.locator("tr.req.is-pass:visible").count() == 0
    assert page.locator("button, .search").count() == 0


def test_a_search_leaves_what_has_every_word(browser: Browser, tmp_path: Path) -> None:
    watched = opened(browser, tmp_path, realistic())
    page = watched.page
    page.keyboard.press("/")
    page.keyboard.type("a code WORKS once")
    found = page.locator("tr.req:visible")
    assert found.count() >= 1
    assert "A code works once" in " ".join(found.all_inner_texts())
    assert page.locator(".area:visible").count() < page.locator(".area").count()
    page.locator(".search").fill("")
    assert page.locator(".area:visible").count() > 1
    assert watched.console == []


def test_a_command_is_copied_whole(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic()).page
    block = page.locator("#failures .command").first
    block.get_by_role("button", name="copy").click()
    block.get_by_role("button", name="copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("verify-harness replay ")


@pytest.mark.parametrize(
    "anchor", ["#VFY-CODE-004", "#VFY-CODE-004.1", "#row-VFY-CODE-001", "#area-CODE"]
)
def test_each_thing_can_be_linked_to(browser: Browser, tmp_path: Path, anchor: str) -> None:
    page = opened(browser, tmp_path, realistic(), anchor=anchor).page
    assert page.locator(f"[id='{anchor[1:]}']").is_visible()


def test_failures_stand_before_the_requirements(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic()).page
    tops = [page.locator(name).bounding_box() for name in ("#failures", "#load", "#requirements")]
    places = [top["y"] for top in tops if top]
    assert len(places) == 3
    assert places == sorted(places)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, tmp_path: Path, width: int) -> None:
    page = opened(browser, tmp_path, realistic(), width=width).page
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_text_runs_nothing_and_loads_nothing(browser: Browser, tmp_path: Path) -> None:
    watched = opened(browser, tmp_path, hostile("".join(PAYLOADS)))
    assert watched.page.locator("h1").is_visible()
    assert (watched.console, watched.dialogs) == ([], 0)
    assert all(url.startswith("file://") for url in watched.requests)


def test_a_failing_run_prints_on_few_pages(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic()).page
    printed = page.pdf(format="A4")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 8
    page.emulate_media(media="print")
    assert page.locator("#VFY-CODE-004").is_visible()
    assert page.locator(".on-paper").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator(".req.is-pass:visible").count() == 0


def test_what_matters_of_a_load_is_on_a_narrow_screen(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, realistic(), width=390).page
    for text in ("measured", "p95", "p99"):
        box = page.locator(
            "#load th:visible", has_text=re.compile(f"^{text}$")
        ).first.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390, text
    label = page.locator("#load figure svg text:visible").first.bounding_box()
    assert label is not None
    assert label["height"] >= 7
