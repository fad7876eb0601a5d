"""Faults of profiles: settings that are lost, altered, or beyond their bounds."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import edit_profile, with_block_check
from verify_harness.sandbox.records import Profile
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import integer


@fault(
    "whatsapp-account-forgotten",
    breaks="VFY-PROF-001",
    harm="Messages come from the vendor's account instead of the customer's own.",
)
def whatsapp_account_forgotten(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        if "whatsapp" in shown:
            shown["whatsapp"] = {**shown["whatsapp"], "waba_id": None}

    return edit_profile(rules, edit)


@fault(
    "patch-answers-and-stores-nothing",
    breaks="VFY-PROF-002",
    harm="A setting looks changed until somebody looks again.",
)
def patch_answers_and_stores_nothing(rules: Rules) -> Rules:
    def merge_fields(old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        before.append(dict(old))
        return rules.merge_fields(old, given)

    def render_profile(profile: Profile) -> dict[str, Any]:
        shown = rules.render_profile(profile)
        if before:
            profile.fields = before.pop()
        return shown

    before: list[dict[str, Any]] = []
    return replace(rules, merge_fields=merge_fields, render_profile=render_profile)


@fault(
    "reading-a-profile-counts-as-an-update",
    breaks="VFY-PROF-011",
    harm="A copy that is kept in step by updated_at is fetched again and again.",
)
def reading_a_profile_counts_as_an_update(rules: Rules) -> Rules:
    def render_profile(profile: Profile) -> dict[str, Any]:
        shown = rules.render_profile(profile)
        profile.updated_at += 0.001
        return shown

    return replace(rules, render_profile=render_profile)


@fault(
    "flash-calls-lost-in-a-patch",
    breaks="VFY-PROF-012",
    harm="An old client's PATCH ends flash calls without a word.",
)
def flash_calls_lost_in_a_patch(rules: Rules) -> Rules:
    def prepare_patch(profile: Profile, body: Any) -> None:
        rules.prepare_patch(profile, body)
        if "flashcall" in body:
            profile.blocks.pop("flashcall", None)

    return replace(rules, prepare_patch=prepare_patch)


@fault(
    "codes-of-three-digits",
    breaks="VFY-PROF-013",
    harm="Five guesses of a thousand are too many.",
)
def codes_of_three_digits(rules: Rules) -> Rules:
    return with_block_check(rules, "sms", "code_length", integer(3, 10))


@fault(
    "calls-of-twelve-digits",
    breaks="VFY-PROF-013",
    harm="Nobody can remember a code of twelve digits that is read out.",
)
def calls_of_twelve_digits(rules: Rules) -> Rules:
    return with_block_check(rules, "call", "code_length", integer(4, 12))


@fault(
    "codes-for-a-day-by-default",
    breaks="VFY-PROF-014",
    harm="One setting makes every code of an application live for a day.",
)
def codes_for_a_day_by_default(rules: Rules) -> Rules:
    name = "default_verification_timeout_secs"
    return with_block_check(rules, "whatsapp", name, integer(1, 86_400))


@fault(
    "names-lose-their-accents",
    breaks="VFY-PROF-015",
    harm="Two profiles of different names read the same.",
)
def names_lose_their_accents(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        shown["name"] = unicodedata.normalize("NFKD", shown["name"])

    return edit_profile(rules, edit)


@fault(
    "names-cut-at-sixty-four",
    breaks="VFY-PROF-015",
    harm="Names that differ at their end become the same.",
)
def names_cut_at_sixty_four(rules: Rules) -> Rules:
    return edit_profile(rules, lambda shown: shown.update(name=shown["name"][:64]))


@fault(
    "names-lose-white-space",
    breaks="VFY-PROF-015",
    harm="A client that looks for the name it gave does not find its profile.",
)
def names_lose_white_space(rules: Rules) -> Rules:
    return edit_profile(rules, lambda shown: shown.update(name=" ".join(shown["name"].split())))


@fault(
    "any-template-id-taken",
    breaks="VFY-PROF-016",
    harm="A slip in an id sends the plain text, and nobody is told.",
)
def any_template_id_taken(store: Store) -> Store:
    def has_template(_store: Store, _template_id: str) -> bool:
        return True

    return replace(store, has_template=has_template)


@fault(
    "deletion-takes-all-profiles",
    breaks="VFY-PROF-003",
    harm="Cleaning up one application ends all the others.",
)
def deletion_takes_all_profiles(store: Store) -> Store:
    def forget(store: Store, profile: Profile, now: float) -> None:
        for each in [*store.records.profiles.values()]:
            clean(store, each, now)
        clean(store, profile, now)

    clean = store.forget_profile
    return replace(store, forget_profile=forget)


@fault(
    "emoji-in-a-name-crashes",
    breaks="VFY-PROF-015",
    harm="One name that somebody typed takes a request down.",
)
def emoji_in_a_name_crashes(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        if any(ord(each) > 0xFFFF for each in shown["name"]):
            raise OverflowError("a character of more than two bytes")

    return edit_profile(rules, edit)
