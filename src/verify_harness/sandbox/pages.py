"""Pages of a list and the name filter (facts.md#list-meta)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from verify_harness.sandbox.records import Profile


class Page(NamedTuple):
    """Which part of a list is wanted; numbers start at 1."""

    number: int = 1
    size: int = 25


MAX_NUMBER, MAX_SIZE = 1_000_000, 250


def bounded(text: str, highest: int) -> int | None:
    """A whole number from 1 to `highest`, or None (our choice)."""
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= highest:
        return int(text)
    return None


def slice_page(items: Sequence[Any], page: Page) -> Sequence[Any]:
    """The items of one page; none beyond the end."""
    start = (page.number - 1) * page.size
    return items[start : start + page.size]


def meta(total: int, page: Page) -> dict[str, int]:
    """The true numbers about the whole list; an empty list has no page."""
    return {
        "total_pages": -(-total // page.size),
        "total_results": total,
        "page_size": page.size,
        "page_number": page.number,
    }


def whole(total: int) -> Page:
    """The single page a list by number comes on: the API declares no page parameters for it."""
    return Page(1, max(total, Page().size))


def name_matches(profile: Profile, wanted: str) -> bool:
    """Whether a profile's name contains the text, upper and lower case apart (our choice)."""
    return wanted in profile.name
