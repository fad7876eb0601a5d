"""Profiles: as they were created, and what a PATCH leaves alone (the frame condition)."""

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from verify_harness.model import timestamps
from verify_harness.model.accounts import CHANNELS, Account, Profile
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import (
    INVALID,
    members,
    must_be_unknown,
    must_refuse,
    must_succeed,
)
from verify_harness.model.field_rules import SETTINGS, Problem, declared, problems
from verify_harness.model.judgement import ABSENT, Judgement

Path = tuple[str, ...]
Acceptable = dict[Path, list[Any]]

_NOTHING: list[Any] = [None, ABSENT]
_EMPTY_LIST: list[Any] = [[], None, ABSENT]
_READ_ONLY = frozenset({"id", "record_type", "created_at", "updated_at"})
_PLAIN = ("name", "language", "webhook_url", "webhook_failover_url", "daily_spend_limit")
_FREE_TEXTS = frozenset({"webhook_url", "webhook_failover_url", "waba_id", "template_id"})
_WHATSAPP_SHOWS = ("app_name", "code_length", "messaging_template_id")
"""Members of a WhatsApp block that answers have and requests do not (facts.md#profile-members)."""
_CODE_LENGTHS = range(4, 11)
"""Any of them may be the default of a target that does not announce the documented one."""
_STEPS_APART_SECS = 2.0
"""What lies so far apart has different times, however coarse they are."""


def flat(shown: Mapping[str, Any]) -> dict[Path, Any]:
    """The members of a profile by path: those of channel blocks one level down."""
    found: dict[Path, Any] = {}
    for name, value in shown.items():
        if name in CHANNELS and isinstance(value, dict):
            found[name,] = "a block"
            found |= {(name, key): each for key, each in value.items()}
        else:
            found[name,] = value
    return found


def _defaults(judgement: Judgement, channel: str) -> Acceptable:
    """What the members of a block read where nothing was set."""
    known: Mapping[str, list[Any]] = {
        "code_length": judgement.sides([5], _CODE_LENGTHS),  # facts.md#c16
        "default_verification_timeout_secs": [300],
        "whitelisted_destinations": _EMPTY_LIST,
        "alpha_sender": ["Telnyx"],
    }
    names = [field.name for field in SETTINGS[channel]]
    values: Acceptable = {(channel, name): list(known.get(name, _NOTHING)) for name in names}
    if channel == "whatsapp":
        values |= {(channel, name): [*known.get(name, ()), *_NOTHING] for name in _WHATSAPP_SHOWS}
    return {(channel,): ["a block"], **values}


def _new(judgement: Judgement, asked: Mapping[str, Any]) -> Acceptable:
    """What a profile reads that was created with these fields."""
    wanted: Acceptable = {
        ("record_type",): judgement.sides(["verification_profile"], ["verify_profile"]),
        ("language",): ["en-US"],
        ("webhook_url",): list(_NOTHING),
        ("webhook_failover_url",): list(_NOTHING),
        ("daily_spend_limit",): list(_NOTHING),
        ("daily_spend_limit_enabled",): [False],
    }
    for channel in CHANNELS:
        wanted |= _defaults(judgement, channel) if channel in asked else {(channel,): _NOTHING}
    return wanted | {path: [value] for path, value in flat(asked).items()}


def _patched(
    judgement: Judgement,
    shown: Mapping[str, Any],
    asked: Mapping[str, Any],
    given: Mapping[str, Any],
) -> Acceptable:
    """What a profile reads after a PATCH: what was not named stays (facts.md#patch-merges)."""
    wanted: Acceptable = {path: [value] for path, value in flat(shown).items()}
    for channel in CHANNELS:
        if channel in asked:
            defaults = _defaults(judgement, channel)
            if not isinstance(shown.get(channel), dict):
                wanted |= defaults
            elif not judgement.settings.is_documented:  # facts.md#c4: a block may be replaced
                for path, values in defaults.items():
                    wanted[path] = [*wanted.get(path, [ABSENT]), *values]
    wanted |= {path: [value] for path, value in flat(asked).items()}
    flashcall = given.get("flashcall")
    if isinstance(flashcall, dict):  # facts.md#c15: ignored or taken
        taken = {**_defaults(judgement, "flashcall"), **_leaves("flashcall", flashcall)}
        for path, values in taken.items():
            wanted[path] = [*wanted.get(path, [ABSENT]), *values]
    return wanted


def _leaves(channel: str, block: Mapping[str, Any]) -> Acceptable:
    return {(channel, name): [value] for name, value in block.items()}


_ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "name": "VFY-PROF-015",
        "created_at": "VFY-PROF-009",
        "flashcall": "VFY-PROF-012",
        "whitelisted_destinations": "VFY-PROF-017",
    }
)


def _compare(
    judgement: Judgement, wanted: Acceptable, data: Mapping[str, Any], call: Call, default: str
) -> None:
    """Hold each member of an answer against what it may be; times and id stand apart."""
    found = flat(data)
    for path in sorted({*wanted, *found}):
        if path[0] in {"id", "created_at", "updated_at"}:
            continue
        requirement = _requirement(path, call, default, is_known=path in wanted)
        received = found.get(path, ABSENT)
        judgement.among(requirement, ".".join(path), received, wanted.get(path, [ABSENT]))


def _requirement(path: Path, call: Call, default: str, *, is_known: bool) -> str:
    block = call.fields.get(path[0])
    is_named = path[-1] in block if isinstance(block, dict) else path[0] in call.fields
    if path[0] in _READ_ONLY and is_named:
        return "VFY-PROF-007"
    if not is_known:
        return "VFY-PROF-006"
    if call.operation == "CreateVerifyProfile" and not is_named:
        return "VFY-PROF-004"
    if is_named and path[-1] in _FREE_TEXTS:
        return "VFY-PROF-019"
    if is_named and path[-1] in _ABOUT:
        return _ABOUT[path[-1]]
    return _ABOUT["flashcall"] if path[0] == "flashcall" and default != "VFY-PROF-001" else default


def judge_same(
    judgement: Judgement, profile: Profile, data: Mapping[str, Any], requirement: str
) -> None:
    """A profile that reads exactly as it has to."""
    wanted, found = flat(profile.shown), flat(data)
    for path in sorted({*wanted, *found}):
        judgement.equal(
            requirement, ".".join(path), found.get(path, ABSENT), wanted.get(path, ABSENT)
        )


def _refusal(account: Account, neighbour: Account, call: Call) -> list[Problem]:
    """The fields for which a body has to be refused."""
    found = problems(call.operation, call.body)
    if found:
        return found
    for channel in CHANNELS:
        block = call.fields.get(channel)
        template_id = block.get("messaging_template_id") if isinstance(block, dict) else None
        if channel == "flashcall" or template_id is None:
            continue
        if template_id not in {*account.stock, *account.templates}:
            foreign = template_id in neighbour.templates
            requirement = "VFY-ISO-003" if foreign else "VFY-PROF-016"
            return [Problem(f"/{channel}/messaging_template_id", requirement)]
    return []


def _may_be_refused(judgement: Judgement, call: Call) -> bool:
    """Whether no source says that a body without a bad field has to be taken."""
    kept = declared(call.operation, call.fields)
    is_bare = call.operation == "CreateVerifyProfile" and not any(
        channel in kept for channel in CHANNELS
    )
    if is_bare and not judgement.settings.is_documented:  # facts.md#c1
        return True
    if flat(kept).keys() != flat(call.fields).keys():  # facts.md#unknown-fields
        return True
    return not all(
        value.isascii() and value.isprintable()
        for value in flat(kept).values()
        if isinstance(value, str)
    )


def judge_creation(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> Profile | None:
    """A new profile; None where it was refused."""
    if bad := _refusal(account, neighbour, call):
        must_refuse(judgement, answer, bad[0].requirement, statuses=INVALID, pointer=bad[0].pointer)
        return None
    if answer.status in INVALID and _may_be_refused(judgement, call):
        return None
    if not must_succeed(judgement, answer, "VFY-SPEC-006"):
        return None
    data = members(answer)
    _compare(
        judgement,
        _new(judgement, declared(call.operation, call.fields)),
        data,
        call,
        "VFY-PROF-001",
    )
    timestamps.judge_new(judgement, data, answer, "VFY-PROF-009")
    profile_id = data.get("id")
    if profile_id == call.fields.get("id"):
        judgement.equal("VFY-PROF-007", "id", profile_id, "an id of the service's own")
    if not isinstance(profile_id, str):
        judgement.equal("VFY-SPEC-002", "id", profile_id, "an id")
        return None
    return Profile(profile_id, copy.deepcopy(dict(data)), "VFY-PROF-001", answer.received_at)


def judge_patch(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """A PATCH of a profile that is there."""
    profile = account.profiles[call.variable]
    if bad := _refusal(account, neighbour, call):
        profile.changed_by = "VFY-PROF-010"
        must_refuse(judgement, answer, bad[0].requirement, statuses=INVALID, pointer=bad[0].pointer)
        return
    if answer.status in INVALID and _may_be_refused(judgement, call):
        profile.changed_by = "VFY-PROF-010"
        return
    if not must_succeed(judgement, answer, "VFY-SPEC-006"):
        return
    data = members(answer)
    asked = declared(call.operation, call.fields)
    wanted = _patched(judgement, profile.shown, asked, call.fields)
    _compare(judgement, wanted, data, call, "VFY-PROF-002")
    _judge_times(judgement, profile, data, call, answer)
    if not judgement.divergences:
        profile.shown = copy.deepcopy(dict(data))
        profile.changed_by, profile.changed_at = "VFY-PROF-002", answer.received_at
        profile.own_words.clear()


def _judge_times(
    judgement: Judgement, profile: Profile, data: dict[str, Any], call: Call, answer: Answer
) -> None:
    before = profile.shown
    about = "VFY-PROF-007" if "created_at" in call.fields else "VFY-PROF-009"
    judgement.equal(about, "created_at", data.get("created_at"), before["created_at"])
    judgement.equal("VFY-PROF-007", "id", data.get("id"), profile.id)
    if timestamps.judge_form(judgement, data):
        is_later = answer.sent_at > profile.changed_at + _STEPS_APART_SECS
        names_something = bool(declared(call.operation, call.fields))
        timestamps.judge_moved(
            judgement,
            "VFY-PROF-009",
            before["updated_at"],
            data["updated_at"],
            must=is_later and names_something,
        )


def judge_read(judgement: Judgement, profile: Profile, answer: Answer) -> None:
    """A read of a profile that is there."""
    if must_succeed(judgement, answer, "VFY-SPEC-007"):
        judge_same(judgement, profile, members(answer), profile.changed_by)
        profile.changed_by = "VFY-PROF-011"


def judge_deletion(judgement: Judgement, account: Account, call: Call, answer: Answer) -> None:
    """A DELETE of a profile that is there: a 200 with the profile as it was."""
    profile = account.profiles[call.variable]
    if not answer.succeeded:
        must_succeed(judgement, answer, "VFY-PROF-003")
        return
    judgement.equal("VFY-PROF-003", "status", answer.status, 200)
    judge_same(judgement, profile, members(answer), "VFY-PROF-003")
    profile.is_deleted = True
    for verification in account.verifications.values():
        if verification.profile_id == profile.id and verification.status == "pending":
            verification.end("ended", "VFY-PROF-018", answer)


def judge_missing(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """A call about a profile that is deleted, another tenant's, or nobody's."""
    writes = call.operation != "GetVerifyProfile"
    if call.variable in account.profiles:
        must_be_unknown(judgement, answer, "VFY-PROF-018", None)
    elif call.variable in neighbour.profiles:
        requirement = "VFY-ISO-002" if writes else "VFY-ISO-001"
        known = account.answers_to_unknown.get(call.operation)
        must_be_unknown(judgement, answer, requirement, known)
    elif said := must_be_unknown(judgement, answer, "VFY-ERR-003", None):
        account.answers_to_unknown[call.operation] = said
