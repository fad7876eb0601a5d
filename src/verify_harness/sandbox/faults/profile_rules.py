"""Faults of profiles."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from verify_harness.sandbox import profiles
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import edit_profile, with_block_check
from verify_harness.sandbox.profiles import Block
from verify_harness.sandbox.records import Profile
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import Field, nullable, text


@fault(
    "failover-url-forgotten",
    breaks="VFY-PROF-001",
    harm="Events are lost when the first address is down.",
)
def failover_url_forgotten(rules: Rules) -> Rules:
    return edit_profile(rules, lambda shown: shown.update(webhook_failover_url=None))


@fault(
    "patch-erases-the-rest",
    breaks="VFY-PROF-002",
    harm="Changing one setting puts the others back without a word.",
)
def patch_erases_the_rest(rules: Rules) -> Rules:
    return replace(rules, merge_block=profiles.replace_block)


@fault(
    "patch-resets-the-language",
    breaks="VFY-PROF-002",
    harm="Renaming a profile makes its messages English again.",
)
def patch_resets_the_language(rules: Rules) -> Rules:
    def merge_fields(old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        return {**old, "language": "en-US", **given}

    return replace(rules, merge_fields=merge_fields)


@fault(
    "delete-is-202",
    breaks="VFY-PROF-003",
    harm="A client that waits for the documented 200 reports a failed clean-up.",
)
def delete_is_202(rules: Rules) -> Rules:
    return replace(rules, deleted_status=202)


@fault(
    "deleted-profile-stays",
    breaks="VFY-PROF-003",
    harm="A deleted profile goes on sending.",
)
def deleted_profile_stays(store: Store) -> Store:
    def forget(_store: Store, _profile: Profile, _now: float) -> None:
        return

    return replace(store, forget_profile=forget)


@fault(
    "six-digits-by-default",
    breaks="VFY-PROF-004",
    harm="Input fields with five places cannot take the code.",
)
def six_digits_by_default(rules: Rules) -> Rules:
    defaults: dict[Any, Block] = {
        channel: {**block, "code_length": 6} if "code_length" in block else block
        for channel, block in rules.block_defaults.items()
    }
    return replace(rules, block_defaults=defaults)


@fault(
    "no-default-language",
    breaks="VFY-PROF-004",
    harm="A call reads the code out in a language nobody chose.",
)
def no_default_language(rules: Rules) -> Rules:
    return replace(rules, field_defaults={**rules.field_defaults, "language": "de-DE"})


@fault(
    "long-sender-names-taken",
    breaks="VFY-PROF-005",
    harm="Networks drop every message whose sender is longer than eleven characters.",
)
def long_sender_names_taken(rules: Rules) -> Rules:
    check = nullable(text(1, 20, "[A-Za-z0-9 ]{1,20}"))
    return with_block_check(rules, "sms", "alpha_sender", check)


@fault(
    "symbols-in-the-apps-name",
    breaks="VFY-PROF-005",
    harm="An address in the name turns the vendor's message into somebody's advertisement.",
)
def symbols_in_the_apps_name(rules: Rules) -> Rules:
    return with_block_check(rules, "sms", "app_name", text(1, 30))


@fault(
    "app-name-of-calls-unchecked",
    breaks="VFY-PROF-005",
    harm="A call reads out whatever somebody put into the name.",
)
def app_name_of_calls_unchecked(rules: Rules) -> Rules:
    return with_block_check(rules, "call", "app_name", text(0, 1000))


@fault(
    "any-text-is-a-sender-number",
    breaks="VFY-PROF-020",
    harm="WhatsApp messages of a profile with a slip in its sender's number are never sent.",
)
def any_text_is_a_sender_number(rules: Rules) -> Rules:
    return with_block_check(rules, "whatsapp", "sender_phone_number", nullable(text(0, 255)))


def _keeping(rules: Rules, kept: Callable[[str], bool]) -> Rules:
    def declared(body: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
        more = {name: value for name, value in body.items() if kept(name)}
        return more | rules.declared(body, fields)

    return replace(rules, declared=declared)


@fault(
    "unknown-fields-are-kept",
    breaks="VFY-PROF-006",
    harm="A slip in a field's name looks like a setting that works.",
)
def unknown_fields_are_kept(rules: Rules) -> Rules:
    known = {field.name for fields in rules.fields.values() for field in fields}
    return _keeping(rules, lambda name: name not in known | _READ_ONLY)


_READ_ONLY = {"id", "record_type", "created_at", "updated_at"}


def _written(rules: Rules, name: str) -> Rules:
    def render_profile(profile: Profile) -> dict[str, Any]:
        shown = rules.render_profile(profile)
        return {**shown, name: profile.fields.get(name, shown[name])}

    return replace(_keeping(rules, lambda given: given == name), render_profile=render_profile)


@fault(
    "id-can-be-written",
    breaks="VFY-PROF-007",
    harm="A caller gives its profile the id of somebody else's.",
)
def id_can_be_written(rules: Rules) -> Rules:
    return _written(rules, "id")


@fault(
    "creation-time-can-be-written",
    breaks="VFY-PROF-007",
    harm="A record that auditors rely on can be dated back.",
)
def creation_time_can_be_written(rules: Rules) -> Rules:
    return _written(rules, "created_at")


@fault(
    "record-type-can-be-written",
    breaks="VFY-PROF-007",
    harm="An object passes for one of another kind.",
)
def record_type_can_be_written(rules: Rules) -> Rules:
    return _written(rules, "record_type")


@fault(
    "deleted-profiles-codes-still-open",
    breaks="VFY-PROF-008",
    harm="Codes of an application that was shut down still open accounts.",
)
def deleted_profiles_codes_still_open(store: Store) -> Store:
    def forget(store: Store, profile: Profile, _now: float) -> None:
        for records in store.writable:
            records.profiles.pop(profile.id, None)

    return replace(store, forget_profile=forget)


@fault(
    "deleted-profile-sends-from-a-cache",
    breaks="VFY-PROF-008",
    harm="A profile that was deleted because of abuse goes on sending.",
)
def deleted_profile_sends_from_a_cache(rules: Rules) -> Rules:
    def profile_for(store: Store, profile_id: str) -> Profile | None:
        if found := rules.profile_for(store, profile_id):
            used[profile_id] = found
        return used.get(profile_id)

    used: dict[str, Profile] = {}
    return replace(rules, profile_for=profile_for)


@fault(
    "patch-leaves-updated-at",
    breaks="VFY-PROF-009",
    harm="A copy that is kept in step by updated_at misses every change.",
)
def patch_leaves_updated_at(rules: Rules) -> Rules:
    def touch(_profile: Profile, _now: float) -> None:
        return

    return replace(rules, touch=touch)


@fault(
    "patch-moves-created-at",
    breaks="VFY-PROF-009",
    harm="Nobody can tell when a profile was made.",
)
def patch_moves_created_at(rules: Rules) -> Rules:
    def touch(profile: Profile, now: float) -> None:
        rules.touch(profile, now)
        profile.created_at = now

    return replace(rules, touch=touch)


@fault(
    "times-in-local-time",
    breaks="VFY-PROF-009",
    harm="A code that was just sent seems to be hours old, or to come from the future.",
)
def times_in_local_time(rules: Rules) -> Rules:
    def local(shown: dict[str, Any]) -> None:
        for name in ("created_at", "updated_at"):
            moved = datetime.fromisoformat(shown[name]) + timedelta(hours=2)
            shown[name] = moved.isoformat(timespec="microseconds")

    return edit_profile(rules, local)


@fault(
    "refused-patch-renames",
    breaks="VFY-PROF-010",
    harm="A request that was refused has changed half of the profile.",
)
def refused_patch_renames(rules: Rules) -> Rules:
    def prepare_patch(profile: Profile, body: Any) -> None:
        name = body.get("name") if isinstance(body, dict) else None
        if isinstance(name, str) and 0 < len(name) < 256:
            profile.fields = {**profile.fields, "name": name}

    return replace(rules, prepare_patch=prepare_patch)


@fault(
    "refused-patch-counts-as-an-update",
    breaks="VFY-PROF-010",
    harm="Changes seem to happen that nobody made.",
)
def refused_patch_counts_as_an_update(rules: Rules) -> Rules:
    def prepare_patch(profile: Profile, _body: Any) -> None:
        profile.updated_at += 0.001

    return replace(rules, prepare_patch=prepare_patch)


@fault(
    "calls-lose-settings-in-a-patch",
    breaks="VFY-PROF-002",
    harm="Renaming the application in calls puts the calls' countries and lengths back.",
)
def calls_lose_settings_in_a_patch(rules: Rules) -> Rules:
    def merge_block(old: Block, given: Block, defaults: Block) -> Block:
        is_call = "code_length" in defaults and defaults.keys() == call_fields
        merge = profiles.replace_block if is_call else rules.merge_block
        return merge(old, given, defaults)

    call_fields = rules.block_defaults["call"].keys()
    return replace(rules, merge_block=merge_block)
