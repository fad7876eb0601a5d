"""Faults of profiles."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from verify_harness.sandbox import profiles
from verify_harness.sandbox.faults.changes import edit_profile
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.profiles import Block
from verify_harness.sandbox.records import Profile
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


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
