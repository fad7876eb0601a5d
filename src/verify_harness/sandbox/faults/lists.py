"""Faults of lists: wrong items, wrong numbers, wrong pages, wrong filter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.pages import Page
from verify_harness.sandbox.records import Profile, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


@fault(
    "number-list-shows-all-numbers",
    breaks="VFY-LIST-001",
    harm="Asking about one customer's number shows the others'.",
)
def number_list_shows_all_numbers(store: Store) -> Store:
    def listed(_of_number: Sequence[Verification]) -> Sequence[Verification]:
        return list(store.records.verifications.values())

    return replace(store, listed_verifications=listed)


@fault(
    "number-list-misses-the-newest",
    breaks="VFY-LIST-001",
    harm="Support staff do not see the message the customer is asking about.",
)
def number_list_misses_the_newest(store: Store) -> Store:
    def listed(of_number: Sequence[Verification]) -> Sequence[Verification]:
        return of_number[:-1]

    return replace(store, listed_verifications=listed)


@fault(
    "total-counts-one-page",
    breaks="VFY-LIST-002",
    harm="Clients that trust the total stop after the first page.",
)
def total_counts_one_page(rules: Rules) -> Rules:
    def meta(total: int, page: Page) -> dict[str, int]:
        return rules.meta(min(total, page.size), page)

    return replace(rules, meta=meta)


@fault(
    "page-number-counted-from-zero",
    breaks="VFY-LIST-002",
    harm="A client that walks by the page's own number asks for the same page for ever.",
)
def page_number_counted_from_zero(rules: Rules) -> Rules:
    def meta(total: int, page: Page) -> dict[str, int]:
        return {**rules.meta(total, page), "page_number": page.number - 1}

    return replace(rules, meta=meta)


@fault(
    "pages-overlap",
    breaks="VFY-LIST-003",
    harm="A walk over the pages counts some profiles twice and misses others.",
)
def pages_overlap(rules: Rules) -> Rules:
    def slice_page(items: Sequence[Any], page: Page) -> Sequence[Any]:
        start = max(0, (page.number - 1) * page.size - 1)
        return items[start : start + page.size]

    return replace(rules, slice_page=slice_page)


@fault(
    "profile-list-misses-the-newest",
    breaks="VFY-LIST-003",
    harm="A profile that was just created is created again.",
)
def profile_list_misses_the_newest(store: Store) -> Store:
    def listed(profiles: Sequence[Profile]) -> Sequence[Profile]:
        return profiles[:-1]

    return replace(store, listed_profiles=listed)


@fault(
    "filter-ignored",
    breaks="VFY-LIST-004",
    harm="A clean-up script deletes the profiles of everybody instead of its own.",
)
def filter_ignored(rules: Rules) -> Rules:
    def name_matches(_profile: Profile, _wanted: str) -> bool:
        return True

    return replace(rules, name_matches=name_matches)


@fault(
    "second-page-misses-its-last",
    breaks="VFY-LIST-003",
    harm="A profile on the second page is never found.",
)
def second_page_misses_its_last(rules: Rules) -> Rules:
    def slice_page(items: Sequence[Any], page: Page) -> Sequence[Any]:
        found = rules.slice_page(items, page)
        return found[:-1] if page.number == 2 else found

    return replace(rules, slice_page=slice_page)


@fault(
    "later-pages-count-what-is-left",
    breaks="VFY-LIST-002",
    harm="A progress bar over the pages runs backwards.",
)
def later_pages_count_what_is_left(rules: Rules) -> Rules:
    def meta(total: int, page: Page) -> dict[str, int]:
        left = max(0, total - (page.number - 1) * page.size)
        return {**rules.meta(total, page), "total_results": left}

    return replace(rules, meta=meta)


@fault(
    "beyond-the-end-is-the-last-page",
    breaks="VFY-LIST-005",
    harm="A client that asks for pages until one is empty never stops.",
)
def beyond_the_end_is_the_last_page(rules: Rules) -> Rules:
    def slice_page(items: Sequence[Any], page: Page) -> Sequence[Any]:
        last = max(1, -(-len(items) // page.size))
        return rules.slice_page(items, page._replace(number=min(page.number, last)))

    return replace(rules, slice_page=slice_page)


@fault(
    "page-number-corrected-in-meta",
    breaks="VFY-LIST-005",
    harm="A client that compares the page it asked for with the one it got gives up.",
)
def page_number_corrected_in_meta(rules: Rules) -> Rules:
    def meta(total: int, page: Page) -> dict[str, int]:
        told = rules.meta(total, page)
        return {**told, "page_number": min(page.number, max(1, told["total_pages"]))}

    return replace(rules, meta=meta)


@fault(
    "page-size-without-limit",
    breaks="VFY-LIST-006",
    harm="One request reads a whole database into memory.",
)
def page_size_without_limit(rules: Rules) -> Rules:
    def page_bound(text: str, _highest: int) -> int | None:
        return rules.page_bound(text, 10**9)

    return replace(rules, page_bound=page_bound)


@fault(
    "page-zero-is-page-one",
    breaks="VFY-LIST-006",
    harm="A client that counts pages from zero reads the first page twice and never the last.",
)
def page_zero_is_page_one(rules: Rules) -> Rules:
    def page_bound(text: str, highest: int) -> int | None:
        return 1 if text == "0" else rules.page_bound(text, highest)

    return replace(rules, page_bound=page_bound)


@fault(
    "nonsense-pages-are-page-one",
    breaks="VFY-LIST-006",
    harm="A slip in a query shows the first page as if it were the one asked for.",
)
def nonsense_pages_are_page_one(rules: Rules) -> Rules:
    def page_bound(text: str, highest: int) -> int | None:
        return rules.page_bound(text, highest) if text.isdigit() else 1

    return replace(rules, page_bound=page_bound)
