"""Faults of changing: PATCH of lists and blocks, texts that are altered, and use after deletion."""

import html
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import edit_profile
from verify_harness.sandbox.profiles import Block
from verify_harness.sandbox.records import Channel, Profile, Records, Template, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store

_COUNTRIES = "whitelisted_destinations"


@fault(
    "patched-countries-are-added",
    breaks="VFY-PROF-017",
    harm="A country that was taken off the list is still sent to.",
)
def patched_countries_are_added(rules: Rules) -> Rules:
    def merge_block(old: Block, given: Block, defaults: Block) -> Block:
        merged = rules.merge_block(old, given, defaults)
        both = [*old[_COUNTRIES], *given.get(_COUNTRIES, ())]
        return {**merged, _COUNTRIES: [*dict.fromkeys(both)]}

    return replace(rules, merge_block=merge_block)


@fault(
    "patched-countries-come-sorted",
    breaks="VFY-PROF-017",
    harm="A tool that compares what it set with what it reads sets it again, for ever.",
)
def patched_countries_come_sorted(rules: Rules) -> Rules:
    def merge_block(old: Block, given: Block, defaults: Block) -> Block:
        merged = rules.merge_block(old, given, defaults)
        return {**merged, _COUNTRIES: sorted(merged[_COUNTRIES])}

    return replace(rules, merge_block=merge_block)


@fault(
    "calls-follow-the-first-list",
    breaks="VFY-PROF-017",
    harm="A country that was closed because of fraud goes on being called.",
)
def calls_follow_the_first_list(rules: Rules) -> Rules:
    def channel_settings(
        profile: Profile, channel: Channel, defaults: Mapping[Channel, Block]
    ) -> Block | None:
        settings = rules.channel_settings(profile, channel, defaults)
        if settings is None or channel != "call":
            return settings
        return first.setdefault(profile.id, settings)

    first: dict[str, Block] = {}
    return replace(rules, channel_settings=channel_settings)


@fault(
    "second-patch-undoes-the-first",
    breaks="VFY-PROF-002",
    harm="Of two changes made one after the other only the last is there.",
)
def second_patch_undoes_the_first(rules: Rules) -> Rules:
    def merge_block(old: Block, given: Block, defaults: Block) -> Block:
        base = next((before for after, before in made if after is old), old)
        merged = rules.merge_block(base, given, defaults)
        made.append((merged, base))
        return merged

    made: list[tuple[Block, Block]] = []
    return replace(rules, merge_block=merge_block)


@fault(
    "patch-of-whatsapp-drops-flash-calls",
    breaks="VFY-PROF-002",
    harm="Setting up one channel ends another without a word.",
)
def patch_of_whatsapp_drops_flash_calls(rules: Rules) -> Rules:
    def prepare_patch(profile: Profile, body: Any) -> None:
        rules.prepare_patch(profile, body)
        if "whatsapp" in body:
            profile.blocks.pop("flashcall", None)

    return replace(rules, prepare_patch=prepare_patch)


def _with_graveyard(store: Store) -> tuple[Store, Records]:
    """The store, and where the profiles it forgets are kept."""

    def forget(store: Store, profile: Profile, now: float) -> None:
        clean(store, profile, now)
        graveyard.profiles[profile.id] = profile

    clean, graveyard = store.forget_profile, Records()
    return replace(store, forget_profile=forget), graveyard


@fault(
    "deleted-profile-can-be-changed",
    breaks="VFY-PROF-018",
    harm="A profile that is gone takes new settings and says 200.",
)
def deleted_profile_can_be_changed(store: Store) -> Store:
    keeping, graveyard = _with_graveyard(store)
    return replace(keeping, writable=(*store.writable, graveyard))


@fault(
    "deleted-profile-still-listed",
    breaks="VFY-PROF-018",
    harm="A console offers an application that was shut down.",
)
def deleted_profile_still_listed(store: Store) -> Store:
    def listed(profiles: Sequence[Profile]) -> Sequence[Profile]:
        return [*store.listed_profiles(profiles), *graveyard.profiles.values()]

    keeping, graveyard = _with_graveyard(store)
    return replace(keeping, listed_profiles=listed)


@fault(
    "verdict-passes-after-deletion",
    breaks="VFY-PROF-018",
    harm="An application that was shut down can still pass its customers.",
)
def verdict_passes_after_deletion(rules: Rules) -> Rules:
    def is_checkable(verification: Verification, open_statuses: frozenset[str]) -> bool:
        return verification.status == "expired" or rules.is_checkable(verification, open_statuses)

    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        ended = verification.status == "expired"
        return () if ended else rules.codes_for(verification, store)

    return replace(rules, is_checkable=is_checkable, codes_for=codes_for)


@fault(
    "rows-of-a-deleted-profile-read-pending",
    breaks="VFY-PROF-018",
    harm="Support staff wait for a code that nothing will ever judge.",
)
def rows_of_a_deleted_profile_read_pending(store: Store) -> Store:
    def listed(verifications: Sequence[Verification]) -> Sequence[Verification]:
        known = store.records.profiles
        return [
            each if each.profile_id in known else replace(each, status="pending")
            for each in verifications
        ]

    return replace(store, listed_verifications=listed)


@fault(
    "template-line-breaks-are-made-alike",
    breaks="VFY-TMPL-008",
    harm="A text that was approved is not the text that is sent.",
)
def template_line_breaks_are_made_alike(rules: Rules) -> Rules:
    def render_template(template: Template) -> dict[str, Any]:
        shown = rules.render_template(template)
        return {**shown, "text": "\n".join(shown["text"].splitlines())}

    return replace(rules, render_template=render_template)


@fault(
    "template-list-escapes-markup",
    breaks="VFY-TMPL-008",
    harm="A text that is copied from the list has ampersands in it that nobody wrote.",
)
def template_list_escapes_markup(store: Store) -> Store:
    def listed(templates: Sequence[Template]) -> Sequence[Template]:
        return [replace(each, text=html.escape(each.text, quote=False)) for each in templates]

    return replace(store, listed_templates=listed)


@fault(
    "message-loses-white-space",
    breaks="VFY-TMPL-008",
    harm="A message that was laid out in lines arrives as one.",
)
def message_loses_white_space(rules: Rules) -> Rules:
    def message_text(
        template: Template | None, code: str, app_name: str | None, timeout_secs: int
    ) -> str:
        return " ".join(rules.message_text(template, code, app_name, timeout_secs).split())

    return replace(rules, message_text=message_text)


@fault(
    "whatsapp-ids-lose-white-space",
    breaks="VFY-PROF-019",
    harm="An id that was given is not the id that is used.",
)
def whatsapp_ids_lose_white_space(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        block = shown.get("whatsapp")
        if block and block["waba_id"]:
            shown["whatsapp"] = {**block, "waba_id": block["waba_id"].strip()}

    return edit_profile(rules, edit)


@fault(
    "failover-address-in-lower-case",
    breaks="VFY-PROF-019",
    harm="Events go to an address that the receiver does not serve.",
)
def failover_address_in_lower_case(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        if address := shown["webhook_failover_url"]:
            shown["webhook_failover_url"] = address.lower()

    return edit_profile(rules, edit)


@fault(
    "profile-list-composes-letters",
    breaks="VFY-PROF-019",
    harm="A name in the list is not the name that was given.",
)
def profile_list_composes_letters(store: Store) -> Store:
    def listed(profiles: Sequence[Profile]) -> Sequence[Profile]:
        return [
            replace(each, fields={**each.fields, "name": unicodedata.normalize("NFC", each.name)})
            for each in profiles
        ]

    return replace(store, listed_profiles=listed)
