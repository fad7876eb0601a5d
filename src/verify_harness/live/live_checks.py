"""The checks of the fixed plan, in its order: reads first, then one verification per channel."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from verify_harness.errors import ProfileUnsafe
from verify_harness.exchange import Exchange
from verify_harness.live.code_sources import Codes
from verify_harness.live.plan import LivePlan
from verify_harness.live.recorded_check import LiveCheck, Session
from verify_harness.safety.live_profile import bounded_destinations
from verify_harness.safety.prices import Channel

_TRIGGERS: Mapping[Channel, str] = {
    "sms": "CreateVerificationSms",
    "call": "CreateVerificationCall",
    "flashcall": "CreateFlashcallVerification",
    "whatsapp": "CreateWhatsappVerification",
}
_OTHERS = (
    *("ListProfiles", "CreateVerifyProfile", "GetVerifyProfile", "UpdateVerifyProfile"),
    *("DeleteProfile", "ListProfileMessageTemplates", "RetrieveVerification", "ListVerifications"),
    *("VerifyVerificationCodeById", "LookupNumber"),
)
_WRONG_KEY = "Bearer KEY00000000000000000000000000000000_wrong"
_TIMEOUT_SECS = 300
_OWN_CODE_DIGITS = 6


@dataclass(frozen=True)
class Run:
    """The plan, what its checks share, and what the named profile says."""

    plan: LivePlan
    session: Session
    codes: Codes
    """Where codes of the service's are seen."""
    profile: dict[str, Any] = field(default_factory=dict)


def smoke(run: Run) -> None:
    """Run every check; raises HarnessError where the run has to end before its plan does.

    Raises UsageError, before anything is sent, where the document lacks an operation of the plan.
    """
    for operation_id in (*_TRIGGERS.values(), *_OTHERS):
        run.session.spec.operation(operation_id)
    _profile(run)
    _keys(run)
    _unknown_object(run)
    _lists(run)
    _lookup(run)
    if run.plan.channels:
        _own_profile(run)
    for channel in run.plan.channels:
        _verification(run, channel)


def _profile(run: Run) -> None:
    """Read the named profile; raises ProfileUnsafe where it cannot be read or bounds nothing."""
    title = "The profile is there and bounds what may be spent"
    with run.session.check("profile", title, "VFY-SPEC-007") as check:
        wanted = run.plan.terms.profile_id
        exchange = check.call("GetVerifyProfile", verify_profile_id=wanted)
        data = exchange.data
        if exchange.status != 200 or not isinstance(data, dict) or data.get("id") != wanted:
            raise ProfileUnsafe(f"it could not be read (status {exchange.status})")
        bounded_destinations(data)
        run.profile.update(data)


def _keys(run: Run) -> None:
    title = "Keys are asked for and looked at"
    wanted = ("VFY-AUTH-001", "VFY-AUTH-002", "VFY-AUTH-003")
    with run.session.check("keys", title, *wanted) as check:
        without = check.call("ListProfiles", authorization=None)
        hidden = (without.status, without.error_codes[:1]) == (404, ["10005"])
        check.findings.observe("C8", str(without.status), "ListProfiles")
        message = f"without a key, answered {without.status} where 401 is required"
        check.require("VFY-AUTH-001", without.status == 401 or hidden, message)
        challenge = (without.header("www-authenticate") or "").lower()
        named = without.status != 401 or challenge.startswith("bearer")
        check.require("VFY-AUTH-003", named, "401 without WWW-Authenticate: Bearer")
        wrong = check.call("ListProfiles", authorization=_WRONG_KEY).status
        message = f"with a wrong key, answered {wrong} where 401 or 403 is required"
        check.require("VFY-AUTH-002", wrong in {401, 403}, message)
        good = check.call("ListProfiles").status
        check.require("VFY-AUTH-002", good == 200, f"with the key, answered {good}")


def _unknown_object(run: Run) -> None:
    title = "What does not exist is refused in the error envelope"
    with run.session.check("unknown-object", title, "VFY-ERR-001") as check:
        answer = check.call("RetrieveVerification", verification_id=str(uuid.uuid4()))
        is_refused = 400 <= answer.status < 500
        message = f"an unknown verification was answered {answer.status} where a 4xx is required"
        check.demand("VFY-ERR-001", is_refused, message)
        check.require("VFY-ERR-001", _is_envelope(answer), "a 4xx without a list of errors")


def _is_envelope(answer: Exchange) -> bool:
    errors = answer.json.get("errors") if isinstance(answer.json, dict) else None
    return bool(errors) and isinstance(errors, list) and all(_is_error(each) for each in errors)


def _is_error(item: Any) -> bool:
    """An error with a code of digits, as text or as a number (facts.md#c22), and a title."""
    return isinstance(item, dict) and str(item.get("code")).isdigit() and bool(item.get("title"))


def _lists(run: Run) -> None:
    with run.session.check("lists", "Lists can be read", "VFY-SPEC-007") as check:
        number = run.plan.number
        for answer in (
            check.call("ListProfileMessageTemplates"),
            check.call("ListVerifications", phone_number=number),
        ):
            message = f"{answer.operation_id} answered {answer.status} where 200 is required"
            check.require("VFY-SPEC-007", answer.status == 200, message)


def _own_profile(run: Run) -> None:
    """A profile of this run's own; it may spend nothing, and is gone at the end."""
    wanted = ("VFY-PROF-001", "VFY-PROF-002", "VFY-PROF-003")
    title = "A profile can be created, changed and deleted"
    with run.session.check("own-profile", title, *wanted) as check:
        name = f"verify-harness {run.session.run_id}"
        bounds = {"daily_spend_limit": 0, "daily_spend_limit_enabled": True}
        sms = {"whitelisted_destinations": [run.plan.country]}
        made = check.call("CreateVerifyProfile", {"name": name, "sms": sms, **bounds})
        data = made.data if isinstance(made.data, dict) else {}
        profile_id = data.get("id")
        message = f"creating a profile was answered {made.status} where 200 is required"
        check.demand("VFY-PROF-001", made.succeeded and isinstance(profile_id, str), message)
        check.require("VFY-PROF-001", data.get("name") == name, "the name is not the one asked for")
        path = {"verify_profile_id": str(profile_id)}
        try:
            changed = check.call("UpdateVerifyProfile", {"name": f"{name} 2"}, **path)
            read = check.call("GetVerifyProfile", **path).data
            kept = {**data, "name": f"{name} 2", "updated_at": None}
            is_kept = isinstance(read, dict) and {**read, "updated_at": None} == kept
            message = "after a PATCH of its name, the profile reads otherwise than it should"
            check.require("VFY-PROF-002", changed.status == 200 and is_kept, message)
        finally:
            deleted = check.call("DeleteProfile", **path)
        gone = check.call("GetVerifyProfile", **path)
        message = f"deleting was answered {deleted.status}, reading after it {gone.status}"
        is_gone = deleted.status == 200 and 400 <= gone.status < 500
        check.require("VFY-PROF-003", is_gone, message)


def _lookup(run: Run) -> None:
    title = "A lookup is about the number asked"
    with run.session.check("lookup", title, "VFY-LOOK-001") as check:
        answer = check.call("LookupNumber", phone_number=run.plan.number)
        data = answer.data if isinstance(answer.data, dict) else {}
        message = f"a lookup of an own number was answered {answer.status} where 200 is required"
        check.demand("VFY-LOOK-001", answer.status == 200, message)
        about = (data.get("phone_number"), data.get("country_code"))
        message = "the lookup names another number or country"
        check.require("VFY-LOOK-001", about == (run.plan.number, run.plan.country), message)


def _verification(run: Run, channel: Channel) -> None:
    """Trigger on a channel once, and check the code of what came of it."""
    made = _triggered(run, channel)
    if run.plan.checks_code(channel):
        _code(run, channel, *made)


def _triggered(run: Run, channel: Channel) -> tuple[dict[str, Any], str]:
    """The verification and the code that we chose for it; both empty where there is none."""
    title = f"A trigger on {channel} opens a verification"
    with run.session.check(channel, title, "VFY-LIFE-001", "VFY-TRIG-001") as check:
        if run.plan.country not in bounded_destinations(run.profile)[channel]:
            check.leave(f"the profile's {channel} block does not name {run.plan.country}")
        asked: dict[str, Any] = {
            "phone_number": run.plan.number,
            "verify_profile_id": run.plan.terms.profile_id,
            "timeout_secs": _TIMEOUT_SECS,
        }
        own_code = ""
        if run.plan.receives(channel):
            run.codes.before_trigger(run.plan.number)
        elif run.plan.checks_code(channel):
            asked["custom_code"] = own_code = _drawn_code()
        answer = check.call(_TRIGGERS[channel], asked)
        return _opened(check, answer, asked, channel), own_code
    return {}, ""


def _opened(
    check: LiveCheck, answer: Exchange, asked: Mapping[str, Any], channel: Channel
) -> dict[str, Any]:
    """The verification that a trigger opened; ends the check where it opened none."""
    data = answer.data
    codes = f" with {', '.join(answer.error_codes)}" if answer.error_codes else ""
    message = f"the trigger was answered {answer.status}{codes} where 200 is required"
    is_open = answer.status == 200 and isinstance(data, dict) and isinstance(data.get("id"), str)
    check.demand("VFY-LIFE-001", is_open, message)
    state = (data.get("status"), data.get("type"), data.get("record_type"))
    message = "the answer is not a pending verification of its channel"
    check.require("VFY-LIFE-001", state == ("pending", channel, "verification"), message)
    other = sorted(name for name, value in asked.items() if data.get(name) != value)
    message = f"the answer does not repeat {', '.join(other)}"
    check.require("VFY-TRIG-001", not other, message)
    opened: dict[str, Any] = data
    return opened


def _code(run: Run, channel: Channel, made: dict[str, Any], own_code: str) -> None:
    wanted = ("VFY-CODE-001", "VFY-CODE-002", "VFY-CODE-004", "VFY-LIFE-002", "VFY-LIST-001")
    title = f"A code sent on {channel} opens its verification, once"
    with run.session.check(f"{channel}-code", title, *wanted) as check:
        if not made:
            check.leave("there is no verification")
        code = own_code or run.codes.received(run.plan.number, _digits(run.profile, channel))
        if code is None:
            check.findings.conclude("error", "no code arrived")
            return
        check.journal.redactor.learn_code(code)
        verification_id = str(made["id"])
        wrong = _verdict(check, verification_id, _wrong_for(code))
        check.require("VFY-CODE-002", wrong != "accepted", "a wrong code was accepted")
        right = _verdict(check, verification_id, code)
        check.demand("VFY-CODE-001", right == "accepted", f"the right code was answered {right}")
        again = _verdict(check, verification_id, code)
        check.require("VFY-CODE-004", again != "accepted", "the code was accepted twice")
        _ended(check, run, verification_id)


def _ended(check: LiveCheck, run: Run, verification_id: str) -> None:
    """The verification reads accepted, and is in the list of its number."""
    read = check.call("RetrieveVerification", verification_id=verification_id).data
    is_accepted = isinstance(read, dict) and read.get("status") == "accepted"
    check.require("VFY-LIFE-002", is_accepted, "after an accepted check it does not read accepted")
    rows = check.call("ListVerifications", phone_number=run.plan.number).data
    found = [each.get("id") for each in rows or () if isinstance(each, dict)]
    listed = found.count(verification_id) == 1
    check.require("VFY-LIST-001", listed, "the list of its number does not hold it once")


def _verdict(check: LiveCheck, verification_id: str, code: str) -> str:
    """`accepted`, `rejected` or another response code; `refused 404` and the like for a 4xx."""
    path = {"verification_id": verification_id}
    exchange = check.call("VerifyVerificationCodeById", {"code": code}, **path)
    if not exchange.succeeded:
        return f"refused {exchange.status}"
    data = exchange.data
    return str(data.get("response_code")) if isinstance(data, dict) else "without a verdict"


def _drawn_code() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(_OWN_CODE_DIGITS))


def _wrong_for(code: str) -> str:
    """A code of the same length that differs in its first digit."""
    return f"{(int(code[0]) + 1) % 10}{code[1:]}" if code[:1].isdigit() else "00000"


def _digits(profile: Mapping[str, Any], channel: Channel) -> int | None:
    block = profile.get(channel)
    length = block.get("code_length") if isinstance(block, dict) else None
    return length if isinstance(length, int) else None
