"""Faults of lists: rows that are not the object, and numbers that do not agree with the rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.pages import Page
from verify_harness.sandbox.records import Profile, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


@fault(
    "rows-show-the-default-timeout",
    breaks="VFY-LIST-009",
    harm="A console counts down from the wrong number.",
)
def rows_show_the_default_timeout(store: Store) -> Store:
    def listed(verifications: Sequence[Verification]) -> Sequence[Verification]:
        return [replace(each, timeout_secs=300) for each in verifications]

    return replace(store, listed_verifications=listed)


@fault(
    "rows-of-flash-calls-read-as-calls",
    breaks="VFY-LIST-009",
    harm="Statistics over the list count the wrong channel.",
)
def rows_of_flash_calls_read_as_calls(store: Store) -> Store:
    def listed(verifications: Sequence[Verification]) -> Sequence[Verification]:
        return [
            replace(each, channel="call") if each.channel == "flashcall" else each
            for each in verifications
        ]

    return replace(store, listed_verifications=listed)


def _without_limits(profiles: Sequence[Profile]) -> list[Profile]:
    return [replace(each, fields={**each.fields, "daily_spend_limit": None}) for each in profiles]


@fault(
    "second-page-forgets-the-spend-limit",
    breaks="VFY-LIST-009",
    harm="Whoever copies profiles from the list lets half of them spend without end.",
)
def second_page_forgets_the_spend_limit(rules: Rules) -> Rules:
    def slice_page(items: Sequence[Any], page: Page) -> Sequence[Any]:
        found = rules.slice_page(items, page)
        return _without_limits(found) if page.number == 2 else found

    return replace(rules, slice_page=slice_page)


@fault(
    "filtered-rows-lack-whatsapp-ids",
    breaks="VFY-LIST-009",
    harm="A search shows a profile that seems not to be set up.",
)
def filtered_rows_lack_whatsapp_ids(rules: Rules) -> Rules:
    def name_matches(profile: Profile, wanted: str) -> bool:
        filtered[0] = bool(wanted)
        return rules.name_matches(profile, wanted)

    def slice_page(items: Sequence[Any], page: Page) -> Sequence[Any]:
        found = rules.slice_page(items, page)
        return [_without_ids(each) for each in found] if filtered[0] else found

    filtered = [False]
    return replace(rules, name_matches=name_matches, slice_page=slice_page)


def _without_ids(profile: Profile) -> Profile:
    bare = {**profile.blocks.get("whatsapp", {}), "waba_id": None, "template_id": None}
    return replace(profile, blocks={**profile.blocks, "whatsapp": bare})


@fault(
    "full-page-counts-one-page-more",
    breaks="VFY-LIST-002",
    harm="A walk over the pages ends with an error.",
)
def full_page_counts_one_page_more(rules: Rules) -> Rules:
    def meta(total: int, page: Page) -> dict[str, int]:
        return {**rules.meta(total, page), "total_pages": total // page.size + 1}

    return replace(rules, meta=meta)


@fault(
    "last-page-tells-its-own-size",
    breaks="VFY-LIST-002",
    harm="A client that multiplies pages by their size counts wrong.",
)
def last_page_tells_its_own_size(rules: Rules) -> Rules:
    def meta(total: int, page: Page) -> dict[str, int]:
        told = rules.meta(total, page)
        left = total - (page.number - 1) * page.size
        return {**told, "page_size": left} if 0 < left < page.size else told

    return replace(rules, meta=meta)


@fault(
    "empty-list-counts-one",
    breaks="VFY-LIST-002",
    harm="A badge says that there is one, and nobody finds it.",
)
def empty_list_counts_one(rules: Rules) -> Rules:
    def number_meta(total: int, page: Page) -> dict[str, int]:
        return {**rules.number_meta(total, page), "total_results": max(1, total)}

    return replace(rules, number_meta=number_meta)


@fault(
    "numbers-list-counts-pages-of-one",
    breaks="VFY-LIST-002",
    harm="A client asks for pages that do not exist.",
)
def numbers_list_counts_pages_of_one(rules: Rules) -> Rules:
    def number_meta(total: int, page: Page) -> dict[str, int]:
        return {**rules.number_meta(total, page), "total_pages": total}

    return replace(rules, number_meta=number_meta)


@fault(
    "numbers-list-claims-pages-of-25",
    breaks="VFY-LIST-002",
    harm="A client that trusts the size drops the rows beyond it.",
)
def numbers_list_claims_pages_of_25(rules: Rules) -> Rules:
    def number_meta(total: int, page: Page) -> dict[str, int]:
        return rules.number_meta(total, page._replace(size=Page().size))

    return replace(rules, number_meta=number_meta)
