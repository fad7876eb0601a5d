"""Triggers: what they are refused for, what they answer, and what they end."""

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from verify_harness import phone_numbers
from verify_harness.model import timestamps
from verify_harness.model.accounts import Account, Profile, Verification
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import INVALID, REFUSALS, members, must_refuse, must_succeed
from verify_harness.model.field_rules import FIELDS, Problem, problems
from verify_harness.model.judgement import ABSENT, Judgement

CHANNEL_OF: Mapping[str, str] = MappingProxyType(
    {
        "CreateVerificationSms": "sms",
        "CreateVerificationCall": "call",
        "CreateFlashcallVerification": "flashcall",
        "CreateWhatsappVerification": "whatsapp",
    }
)
PRICE_USD = 0.034
"""Of one message, as the sandbox counts it (facts.md#price-of-a-verification)."""
_DAY_SECS = 86_400
_NEVER_SENT_TO = ("+1900", "+881", "+979")
"""Premium and satellite numbers (facts.md#costly-destinations)."""
_READ_ONLY = frozenset({"id", "type", "status", "record_type", "created_at", "updated_at"})
_EVERYWHERE = "*"


class Reason(NamedTuple):
    """Why a trigger has to be refused."""

    requirement: str
    statuses: tuple[int, ...] = REFUSALS
    pointer: str | None = None


def judge_trigger(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> Verification | str:
    """The new verification, or the requirement by which nothing may have been sent."""
    channel = CHANNEL_OF[call.operation]
    if reason := _refusal(judgement, account, neighbour, call, answer):
        if must_refuse(
            judgement, answer, reason.requirement, statuses=reason.statuses, pointer=reason.pointer
        ):
            _note_wait(judgement, account, call, answer, reason)
        return reason.requirement
    profile = account.profiles[call.fields["verify_profile_id"]]
    if not answer.succeeded and _may_be_refused(judgement, account, profile, call, answer):
        return "VFY-TRIG-010"
    if not must_succeed(judgement, answer, _about_refusal(profile, channel, call, answer)):
        return "VFY-TRIG-010"
    return _opened(judgement, account, profile, channel, call, answer) or "VFY-TRIG-010"


def _refusal(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> Reason | None:
    if bad := problems(call.operation, call.body):
        return _about_field(bad[0])
    profile_id, number = call.fields["verify_profile_id"], call.fields["phone_number"]
    profile, channel = account.profile(profile_id), CHANNEL_OF[call.operation]
    if profile is None:
        return Reason(_about_profile(account, neighbour, profile_id))
    return _about_destination(profile, channel, number) or _about_amount(
        judgement, account, profile, number, answer
    )


def _about_destination(profile: Profile, channel: str, number: str) -> Reason | None:
    if profile.channels and channel not in profile.channels:
        return Reason("VFY-TRIG-005")
    if number.startswith(_NEVER_SENT_TO):
        return Reason("VFY-DEST-004")
    if not _is_allowed(profile.settings(channel) or {}, number):
        return Reason("VFY-DEST-001", pointer="/phone_number")
    return None


def _about_amount(
    judgement: Judgement, account: Account, profile: Profile, number: str, answer: Answer
) -> Reason | None:
    if judgement.settings.is_closed and _is_spent(profile, answer) == "yes":
        return Reason("VFY-SPND-001")
    if account.number_limit.expects(number, answer) == "refused":
        return Reason("VFY-RATE-005", statuses=(429,))
    return None


def _about_field(bad: Problem) -> Reason:
    return Reason(bad.requirement, INVALID, bad.pointer)


def _about_profile(account: Account, neighbour: Account, profile_id: str) -> str:
    if profile_id in account.profiles:
        return "VFY-PROF-008"
    return "VFY-ISO-002" if profile_id in neighbour.profiles else "VFY-TRIG-004"


def _is_allowed(settings: Mapping[str, Any], number: str) -> bool:
    allowed = settings.get("whitelisted_destinations") or [_EVERYWHERE]
    return _EVERYWHERE in allowed or phone_numbers.country_of(number) in allowed


def _is_spent(profile: Profile, answer: Answer) -> str:
    """`no`, `yes`, or `perhaps` where midnight lies within an exchange."""
    limit = profile.shown.get("daily_spend_limit")
    if limit is None or profile.shown.get("daily_spend_limit_enabled") is not True:
        return "no"
    today = answer.sent_at // _DAY_SECS
    surely = sum(sent // _DAY_SECS == today for sent, _ in profile.sent_at)
    perhaps = sum(got // _DAY_SECS == today for _, got in profile.sent_at)
    is_over = [(count + 1) * PRICE_USD > limit + 1e-9 for count in (surely, perhaps)]
    if is_over[0] != is_over[1] or answer.received_at // _DAY_SECS != today:
        return "perhaps"
    return "yes" if is_over[0] else "no"


def _may_be_refused(
    judgement: Judgement, account: Account, profile: Profile, call: Call, answer: Answer
) -> bool:
    """Whether a sound trigger may be refused, for what nobody documents."""
    is_documented_only = set(call.fields) <= {field.name for field in FIELDS[call.operation]}
    if not is_documented_only and answer.status in INVALID:  # facts.md#unknown-fields
        return True
    if not judgement.settings.is_closed:
        return answer.status in {403, 429}
    is_unsure = account.number_limit.expects(call.fields["phone_number"], answer) == "either"
    return is_unsure or _is_spent(profile, answer) == "perhaps"


def _about_refusal(profile: Profile, channel: str, call: Call, answer: Answer) -> str:
    """The requirement that a refusal without a reason breaks."""
    if answer.status == 429:
        return "VFY-RATE-005"
    if "40333" in answer.error_codes:
        limited = profile.shown.get("daily_spend_limit") is not None
        enabled = profile.shown.get("daily_spend_limit_enabled") is True
        return "VFY-SPND-003" if limited and enabled else "VFY-SPND-002"
    if call.fields.get("custom_code") is not None and _names(answer, "/custom_code"):
        return "VFY-CODE-012"
    if "timeout_secs" in call.fields and _names(answer, "/timeout_secs"):
        return "VFY-TRIG-007"
    if "extension" in call.fields and _names(answer, "/extension"):
        return "VFY-TRIG-006"
    settings = profile.settings(channel) or {}
    return "VFY-DEST-002" if settings.get("whitelisted_destinations") else "VFY-SPEC-006"


def _names(answer: Answer, pointer: str) -> bool:
    sources = [each.get("source") for each in answer.errors]
    return any(isinstance(each, dict) and each.get("pointer") == pointer for each in sources)


def _note_wait(
    judgement: Judgement, account: Account, call: Call, answer: Answer, reason: Reason
) -> None:
    if reason.requirement == "VFY-RATE-005":
        account.number_limit.note_refused(judgement, call.fields["phone_number"], answer)


def _opened(
    judgement: Judgement,
    account: Account,
    profile: Profile,
    channel: str,
    call: Call,
    answer: Answer,
) -> Verification | None:
    """Keep the verification that an answer shows, and end the one before."""
    data, asked = members(answer), call.fields
    _judge_members(judgement, profile, channel, call, data)
    timestamps.judge_new(judgement, data, answer, "VFY-TRIG-001")
    identity, timeout = data.get("id"), data.get("timeout_secs")
    if not isinstance(identity, str) or type(timeout) is not int:
        judgement.equal("VFY-SPEC-002", "id", identity, "an id")
        return None
    is_new = identity not in account.verifications and identity != asked.get("id")
    judgement.holds("VFY-TRIG-009", "id", identity, "an id of its own", is_fine=is_new)
    _end_the_one_before(judgement, account, profile, asked["phone_number"], answer)
    takes_own = "custom_code" in {field.name for field in FIELDS[call.operation]}
    own = asked.get("custom_code") if takes_own else None
    opened = Verification(
        id=identity,
        channel=channel,
        number=asked["phone_number"],
        profile_id=profile.id,
        custom_code=own,
        timeout_secs=timeout,
        shown=copy.deepcopy({k: v for k, v in data.items() if k != "status"}),
        began_after=answer.sent_at,
        began_before=answer.received_at,
        code=own,
    )
    account.verifications[identity] = opened
    account.number_limit.note_sent(opened.number, answer)
    profile.sent_at.append((answer.sent_at, answer.received_at))
    return opened


def _judge_members(
    judgement: Judgement, profile: Profile, channel: str, call: Call, data: Mapping[str, Any]
) -> None:
    settings, asked = profile.settings(channel) or {}, call.fields
    takes_own = channel != "flashcall"
    own = asked.get("custom_code") if takes_own else None
    default = settings.get("default_verification_timeout_secs", 300)
    about_timeout = "VFY-TRIG-001" if "timeout_secs" in asked else "VFY-TRIG-002"
    expected: dict[str, tuple[str, list[Any]]] = {
        "status": ("VFY-LIFE-001", ["pending"]),
        "type": ("VFY-LIFE-001", [channel]),
        "record_type": ("VFY-SPEC-002", ["verification"]),
        "phone_number": ("VFY-TRIG-001", [asked["phone_number"]]),
        "verify_profile_id": ("VFY-TRIG-001", [profile.id]),
        "timeout_secs": (about_timeout, [asked.get("timeout_secs", default)]),
        "custom_code": _own_code(channel, call, own),
    }
    for name, (requirement, values) in expected.items():
        about = "VFY-TRIG-008" if name in _READ_ONLY & asked.keys() else requirement
        judgement.among(about, name, data.get(name, ABSENT), values)
    if judgement.settings.is_closed:
        known = {*expected, "id", "created_at", "updated_at"}
        for name in sorted(data.keys() - known):
            about = "VFY-TRIG-011" if name in asked else "VFY-CODE-009"
            judgement.equal(about, name, data[name], ABSENT)


def _own_code(channel: str, call: Call, own: Any) -> tuple[str, list[Any]]:
    if own is not None:
        return "VFY-TRIG-001", [own]
    is_meddling = channel == "flashcall" and "custom_code" in call.fields
    return "VFY-TRIG-011" if is_meddling else "VFY-CODE-009", [None, ABSENT]


def _end_the_one_before(
    judgement: Judgement, account: Account, profile: Profile, number: str, answer: Answer
) -> None:
    """A new code replaces the old one (our choice); elsewhere the old one is not judged again."""
    for earlier in account.of_number(number, profile.id):
        if earlier.status != "pending":
            continue
        if judgement.settings.is_closed:
            earlier.end("ended", "VFY-LIFE-005", answer)
        else:
            account.verifications.pop(earlier.id)
