"""Whatever a target sends stays text in every format."""

import json
import unicodedata
from html.parser import HTMLParser

import pytest
from rich.text import Text

from tests.report.journals import SOURCE
from tests.report.payloads import PAYLOADS, hostile
from tests.report.reading import ant_problems, xml
from verify_harness import sources
from verify_harness.report import known_formats
from verify_harness.report.markdown import fenced
from verify_harness.report.terminal import terminal
from verify_harness.results import build_view
from verify_harness.sanitize import visible

every_payload = pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
every_format = pytest.mark.parametrize("name", sorted(known_formats()))


def rendered(name: str, payload: str) -> str:
    return known_formats()[name].render(build_view(hostile(payload)))


@every_format
@every_payload
def test_no_format_lets_invisible_characters_through(name: str, payload: str) -> None:
    text = rendered(name, payload)
    hidden = {ch for ch in text if unicodedata.category(ch) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert hidden <= {"\n", "\t"}
    text.encode("utf-8")


class Tags(HTMLParser):
    """Collects the names of tags and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name in ("href", "src"))


@every_payload
def test_the_page_holds_only_tags_of_its_own(payload: str) -> None:
    harmless, dirty = Tags(rendered("html", "harmless")), Tags(rendered("html", payload))
    assert dirty.tags <= harmless.tags
    assert dirty.attributes <= harmless.attributes
    ours = {sources.resolve(SOURCE).url}
    assert all(link.startswith("#") or link in ours for link in dirty.links)


@every_payload
def test_junit_can_be_read_again_and_names_the_requirement(payload: str) -> None:
    root = xml(rendered("junit", payload))
    assert root.find("./testsuite/testcase/failure") is not None
    assert {element.tag for element in root.iter()} <= {
        *("testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"),
        *("properties", "property", "system-err"),
    }
    assert ant_problems(root) == []


@every_payload
def test_run_json_can_be_read_again_and_is_ascii(payload: str) -> None:
    text = rendered("json", payload)
    assert text.isascii()
    expected = payload.encode("utf-8", "backslashreplace").decode()
    assert json.loads(text)["tool"] == expected


@every_payload
def test_terminal_markup_shows_the_same_text_as_plain(payload: str) -> None:
    view = build_view(hostile(payload))
    assert Text.from_markup(terminal(view, colour=True)).plain == terminal(view)


@every_payload
def test_markdown_outside_fences_holds_no_markup_of_the_target(payload: str) -> None:
    outside = []
    fence = ""
    for line in rendered("markdown", payload).splitlines():
        if not fence and line.startswith("```"):
            fence = line.rstrip("abcdefghijklmnopqrstuvwxyz")
        elif fence:
            fence = "" if line == fence else fence
        else:
            outside.append(line)
    assert fence == ""
    tags = Tags("\n".join(outside)).tags
    assert tags <= {"details", "summary", "b"}
    assert not any("](" in line or "://" in line or "@everyone" in line for line in outside)


def test_a_fence_is_longer_than_any_in_its_content() -> None:
    assert fenced("a ```` b")[0] == "`````"


@pytest.mark.parametrize(
    "text, shown",
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202e", "\\u202e"),
        ("a\0b", "a\\x00b"),
        ("\U000e0041", "\\U000e0041"),
        ("\uffff", "\\uffff"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("ünï 漢字", "ünï 漢字"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown
