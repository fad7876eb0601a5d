"""Reports print what a requirement stands on as a sentence that is a link."""

from html import escape

import pytest

from tests.report.journals import Journal, realistic
from verify_harness import sources
from verify_harness.report import known_formats
from verify_harness.report.markdown import text
from verify_harness.results import RunView, build_view


@pytest.fixture(scope="module")
def view() -> RunView:
    return build_view(realistic())


def test_the_page_and_the_summary_link_every_source_of_a_failure(view: RunView) -> None:
    page, summary = (known_formats()[name].render(view) for name in ("html", "markdown"))
    cited = [sources.resolve(each) for item in view.broken for each in item.sources]
    assert cited
    for source in cited:
        assert source.url
        assert f'<a href="{escape(source.url)}">{escape(source.text)}</a>' in page.replace(
            "&#39;", "&#x27;"
        )
        assert f"[{text(source.text)}](<{source.url}>)" in summary


def test_the_page_says_what_a_conflict_is_about() -> None:
    page = known_formats()["html"].render(
        build_view(Journal().start().observe("a", "C2", "400", "ListProfiles").finish().lines)
    )
    conflict = sources.resolve("facts.md#c2")
    assert f'<td><a href="{conflict.url}">{conflict.text}</a></td>' in page.replace("\n", "")
