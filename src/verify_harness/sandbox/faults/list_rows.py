"""Faults of rows: their order, what they show, and lists without any."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from verify_harness.sandbox.error_envelope import not_found
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.pages import Page
from verify_harness.sandbox.records import Profile, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


@fault(
    "filter-takes-any-word",
    breaks="VFY-LIST-004",
    harm="A search for one application finds all that share a word with it.",
)
def filter_takes_any_word(rules: Rules) -> Rules:
    def name_matches(profile: Profile, wanted: str) -> bool:
        return any(word in profile.name for word in wanted.split()) or not wanted

    return replace(rules, name_matches=name_matches)


@fault(
    "filter-misses-the-name-itself",
    breaks="VFY-LIST-004",
    harm="A profile is there and the search does not find it.",
)
def filter_misses_the_name_itself(rules: Rules) -> Rules:
    def name_matches(profile: Profile, wanted: str) -> bool:
        return rules.name_matches(profile, wanted) and not profile.name.endswith(wanted)

    return replace(rules, name_matches=name_matches)


@fault(
    "profiles-in-another-order-each-time",
    breaks="VFY-LIST-007",
    harm="Whoever walks the pages meets some profiles twice and some never.",
)
def profiles_in_another_order_each_time(store: Store) -> Store:
    def listed(profiles: Sequence[Profile]) -> Sequence[Profile]:
        turn = next(turns) % (len(profiles) or 1)
        return [*profiles[turn:], *profiles[:turn]]

    turns = count()
    return replace(store, listed_profiles=listed)


@fault(
    "numbers-list-in-another-order-each-time",
    breaks="VFY-LIST-007",
    harm="The newest verification is now the first row and now the last.",
)
def numbers_list_in_another_order_each_time(store: Store) -> Store:
    def listed(verifications: Sequence[Verification]) -> Sequence[Verification]:
        return verifications[::-1] if next(turns) % 2 else verifications

    turns = count()
    return replace(store, listed_verifications=listed)


@fault(
    "empty-list-is-404",
    breaks="VFY-LIST-008",
    harm="A customer nobody has written to yet looks like a wrong address.",
)
def empty_list_is_404(store: Store) -> Store:
    def listed(verifications: Sequence[Verification]) -> Sequence[Verification]:
        if not verifications:
            raise not_found("verification")
        return verifications

    return replace(store, listed_verifications=listed)


@fault(
    "list-shows-ended-as-pending",
    breaks="VFY-LIST-009",
    harm="Two screens of one back end contradict each other.",
)
def list_shows_ended_as_pending(store: Store) -> Store:
    def listed(verifications: Sequence[Verification]) -> Sequence[Verification]:
        return [replace(each, status="pending") for each in verifications]

    return replace(store, listed_verifications=listed)


@fault(
    "profile-list-forgets-addresses",
    breaks="VFY-LIST-009",
    harm="A tool that copies profiles from the list loses their webhooks.",
)
def profile_list_forgets_addresses(store: Store) -> Store:
    def listed(profiles: Sequence[Profile]) -> Sequence[Profile]:
        bare = {"webhook_url": None, "webhook_failover_url": None}
        return [replace(each, fields={**each.fields, **bare}) for each in profiles]

    return replace(store, listed_profiles=listed)


@fault(
    "ten-rows-by-default",
    breaks="VFY-LIST-010",
    harm="A client that trusts the documented page size misses rows.",
)
def ten_rows_by_default(rules: Rules) -> Rules:
    def slice_page(items: Sequence[Any], page: Page) -> Sequence[Any]:
        return rules.slice_page(items, page)[: 10 if page.size == Page().size else None]

    return replace(rules, slice_page=slice_page)


@fault(
    "total-pages-rounded-down",
    breaks="VFY-LIST-002",
    harm="Whoever walks the pages misses the last one.",
)
def total_pages_rounded_down(rules: Rules) -> Rules:
    def meta(total: int, page: Page) -> dict[str, int]:
        return {**rules.meta(total, page), "total_pages": max(1, total // page.size)}

    return replace(rules, meta=meta)
