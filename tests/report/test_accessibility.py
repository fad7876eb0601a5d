"""axe finds nothing serious on any page that we write, wide or narrow, light or dark."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import needs_chromium, started
from tests.report.journals import Journal, realistic
from tests.watch.journals import begins, limit, second, write
from verify_harness.exitcodes import ExitCode
from verify_harness.history.page import page as history_page
from verify_harness.report import known_formats
from verify_harness.report.comparison_page import page as comparison_page
from verify_harness.results import build_view
from verify_harness.results.comparison import Change, Comparison, Figure, LoadComparison
from verify_harness.watch.feed import Feed
from verify_harness.watch.page_server import serving

AXE = Path(__file__).parents[2] / ".node/clients/node_modules/axe-core/axe.min.js"
SERIOUS = {"serious", "critical"}

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(not AXE.is_file(), reason="axe is not installed (`make node`)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as opened:
        yield opened


def compared() -> str:
    figures = (
        Figure("trigger", "p95", "ms", 41, 66, 61, 41, 82, 0.0, "regression"),
        Figure("check", "failures", "%", 1.9, 0.1, -1.8, -2.6, -1.1, 0.0, "improvement"),
        Figure("lookup", "p50", "ms", 10, 10, 0, -1, 1, 1.0, "no change"),
    )
    changes = (Change("VFY-CODE-004", "pass", "fail", "regression"),)
    load = LoadComparison("baseline", figures, ("list: too few requests",))
    return comparison_page(Comparison("a", "b", changes, (), (), (), load), ExitCode.FAIL)


PAGES: dict[str, Callable[[], str]] = {
    "failing": lambda: known_formats()["html"].render(build_view(realistic())),
    "passing": lambda: known_formats()["html"].render(build_view(Journal().start().finish().lines)),
    "comparison": compared,
    "no runs": lambda: history_page([]),
}


def violations(browser: Browser, url: str, width: int, scheme: Any) -> list[str]:
    """Every serious violation, as rule and element."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_timeout(300)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.add_script_tag(path=AXE)
    found = json.loads(page.evaluate("axe.run().then(found => JSON.stringify(found.violations))"))
    context.close()
    return [
        f"{item['id']}: {node['html'][:150]}"
        for item in found
        if item["impact"] in SERIOUS
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_violation(
    browser: Browser, tmp_path: Path, name: str, width: int, scheme: str
) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGES[name](), encoding="utf-8")
    assert violations(browser, path.as_uri(), width, scheme) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_live_page_has_no_serious_violation(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    feed = Feed()
    records = [begins(1, 9, limit("error_rate", "< 1 %")), *second(0, [0.1]), *second(5, [0.1])]
    feed.look([write(tmp_path / "load", *records)])
    with serving(feed, "run-7", 0, "127.0.0.1") as url:
        assert violations(browser, url, width, "light") == []
        feed.close()


def test_axe_sees_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    text = PAGES["failing"]()
    path.write_text(text.replace("--soft: #566171", "--soft: #cccccc"), encoding="utf-8")
    assert violations(browser, path.as_uri(), 1280, "light") != []
