"""The reference model: answers that the facts allow pass, and each deviation names its rule."""

import copy
from typing import Any

import pytest

from verify_harness import phone_numbers
from verify_harness.model.calls import Answer, Call, Divergence, Message
from verify_harness.model.judgement import Settings
from verify_harness.model.oracle import Oracle

JSON = {"content-type": "application/json"}
PROFILE = "12ade33a-21c0-473b-b055-b3c836e1c292"
OTHERS = "0abb5b4f-459f-445a-bfcd-488998b7572d"
OPENED = "4900017a-e7c8-e79e-0a7c-0d98f49b09cc"
NUMBER = phone_numbers.in_country("US")[0].number(0)
NOW = 1_800_000_000.0
STAMP = "2027-01-15T08:00:00.000000"
SMS = {
    "app_name": None,
    "code_length": 5,
    "default_verification_timeout_secs": 300,
    "messaging_template_id": None,
    "whitelisted_destinations": ["US"],
    "alpha_sender": "Telnyx",
}


def answer(data: Any = None, status: int = 200, at: float = NOW, **more: Any) -> Answer:
    """An answer as a service gives it, a tenth of a second after the call."""
    body = {"data": data, **more} if status == 200 else {"errors": more["errors"]}
    return Answer(status, body, at, at + 0.1, JSON)


def refusal(status: int, code: str, at: float = NOW) -> Answer:
    """An answer in the error envelope."""
    return answer(status=status, at=at, errors=[{"code": code, "title": "No"}])


def shown_profile(**changes: Any) -> dict[str, Any]:
    """A profile with an SMS block, as it reads."""
    return {
        "id": PROFILE,
        "name": "Shop",
        "record_type": "verification_profile",
        "language": "en-US",
        "webhook_url": None,
        "webhook_failover_url": None,
        "daily_spend_limit": None,
        "daily_spend_limit_enabled": False,
        "sms": copy.deepcopy(SMS),
        "created_at": STAMP,
        "updated_at": STAMP,
        **changes,
    }


def shown_verification(**changes: Any) -> dict[str, Any]:
    """A verification with a code of the caller's own, as it reads."""
    return {
        "id": OPENED,
        "type": "sms",
        "record_type": "verification",
        "phone_number": NUMBER,
        "verify_profile_id": PROFILE,
        "custom_code": "01234",
        "timeout_secs": 60,
        "status": "pending",
        "created_at": STAMP,
        "updated_at": STAMP,
        **changes,
    }


def made(**settings: bool) -> Oracle:
    """An oracle that has seen a profile being created."""
    oracle = Oracle(Settings(**settings))
    body = {"name": "Shop", "sms": {"whitelisted_destinations": ["US"]}}
    assert oracle.judge(Call("CreateVerifyProfile", body=body), answer(shown_profile())) == []
    return oracle


def triggered(**fields: Any) -> Call:
    """A trigger by SMS."""
    body = {"phone_number": NUMBER, "verify_profile_id": PROFILE, "timeout_secs": 60}
    return Call("CreateVerificationSms", body=body | {"custom_code": "01234"} | fields)


def message(**changes: Any) -> Message:
    """The message of that trigger."""
    fields = {"channel": "sms", "to": NUMBER, "code": "01234", "text": "Code 01234"}
    return Message(**(fields | {"verification_id": OPENED, "profile_id": PROFILE} | changes))


def opened() -> Oracle:
    """An oracle that has seen a verification being opened."""
    oracle = made()
    assert oracle.judge(triggered(), answer(shown_verification())) == []
    assert oracle.judge_messages(triggered(), answer(shown_verification()), [message()]) == []
    return oracle


def checked(oracle: Oracle, code: object, said: str, at: float = NOW + 1) -> list[str]:
    """The requirements that a check by id breaks, answered with this word."""
    call = Call("VerifyVerificationCodeById", variable=OPENED, body={"code": code})
    data = {"phone_number": NUMBER, "response_code": said}
    return broken(oracle.judge(call, answer(data, at=at)))


def read(oracle: Oracle, at: float = NOW + 2, **changes: Any) -> list[str]:
    """The requirements that a read of the verification breaks."""
    call = Call("RetrieveVerification", variable=OPENED)
    return broken(oracle.judge(call, answer(shown_verification(**changes), at=at)))


def broken(divergences: list[Divergence]) -> list[str]:
    """The requirements of some divergences."""
    return [each.requirement for each in divergences]


def test_the_right_code_is_accepted_once_and_in_time() -> None:
    oracle = opened()
    assert checked(oracle, "01234", "accepted") == []
    moved: dict[str, Any] = {"status": "accepted"}
    moved["updated_at"] = "2027-01-15T08:00:01.000000"
    assert read(oracle, **moved) == []
    assert checked(oracle, "01234", "rejected") == []
    assert checked(oracle, "01234", "accepted") == ["VFY-CODE-004"]
    assert checked(opened(), "01234", "rejected") == ["VFY-CODE-001"]
    assert checked(opened(), "01234", "accepted", at=NOW + 61) == ["VFY-CODE-005"]


@pytest.mark.parametrize("code", ["1234", "01235", " 01234", "", 12345, None])
def test_no_other_code_is_accepted(code: object) -> None:
    assert checked(opened(), code, "accepted") == ["VFY-CODE-002"]


def test_five_wrong_codes_lock() -> None:
    oracle = opened()
    for _ in range(4):
        assert checked(oracle, "99999", "rejected") == []
    assert read(oracle) == []
    assert checked(oracle, "99999", "rejected") == []
    assert "VFY-LIFE-006" in read(oracle)
    assert checked(oracle, "01234", "accepted") == ["VFY-CODE-006"]


def test_reading_changes_nothing_and_time_ends() -> None:
    assert read(opened(), updated_at="2027-01-15T08:00:02.000000") == ["VFY-LIFE-008"]
    assert read(opened(), status="expired") == ["VFY-LIFE-001"]
    assert read(opened(), at=NOW + 61) == ["VFY-LIFE-003"]
    assert read(opened(), at=NOW + 61, status="expired") == []


def test_a_trigger_repeats_what_was_asked() -> None:
    for change, requirement in (
        ({"phone_number": "+13035550111"}, "VFY-TRIG-001"),
        ({"timeout_secs": 300}, "VFY-TRIG-001"),
        ({"status": "accepted"}, "VFY-LIFE-001"),
        ({"custom_code": None}, "VFY-TRIG-001"),
        ({"secret": 1}, "VFY-CODE-009"),
    ):
        found = made().judge(triggered(), answer(shown_verification(**change)))
        assert broken(found) == [requirement], change


def test_a_refused_trigger_has_a_reason_and_sends_nothing() -> None:
    oracle = made()
    abroad = triggered(phone_number=phone_numbers.in_country("GB")[0].number(0))
    assert broken(oracle.judge(abroad, answer(shown_verification()))) == ["VFY-DEST-001"]
    error = {"code": "40309", "title": "No", "source": {"pointer": "/phone_number"}}
    pointed = answer(status=400, errors=[error])
    assert oracle.judge(abroad, pointed) == []
    assert broken(oracle.judge_messages(abroad, pointed, [message()])) == ["VFY-DEST-001"]
    assert broken(oracle.judge(triggered(), refusal(400, "40309"))) == ["VFY-DEST-002"]


@pytest.mark.parametrize(
    "change, requirement",
    [
        ({"to": "+13035550111"}, "VFY-TRIG-003"),
        ({"channel": "call"}, "VFY-TRIG-003"),
        ({"code": "55555", "text": "55555"}, "VFY-CODE-011"),
        ({"text": "Nothing"}, "VFY-TMPL-004"),
        ({"extension": "12"}, "VFY-TRIG-011"),
    ],
)
def test_a_message_carries_what_was_triggered(change: dict[str, Any], requirement: str) -> None:
    oracle, seen = made(), answer(shown_verification())
    oracle.judge(triggered(), seen)
    assert requirement in broken(oracle.judge_messages(triggered(), seen, [message(**change)]))


def test_a_change_leaves_what_it_does_not_name() -> None:
    call = Call("UpdateVerifyProfile", variable=PROFILE, body={"sms": {"code_length": 7}})
    fine = shown_profile(sms={**SMS, "code_length": 7})
    assert made().judge(call, answer(fine)) == []
    lost = shown_profile(sms={**SMS, "code_length": 7, "whitelisted_destinations": []})
    assert broken(made().judge(call, answer(lost))) == ["VFY-PROF-002"]
    renamed = {**fine, "name": "Other"}
    assert broken(made().judge(call, answer(renamed))) == ["VFY-PROF-002"]
    assert made(is_documented=False).judge(call, answer(lost)) == []  # facts.md#c4


def test_another_tenants_profile_is_as_unknown_as_nobodys() -> None:
    oracle = made()
    nobodys = Call("GetVerifyProfile", tenant=1, variable=OTHERS)
    theirs = Call("GetVerifyProfile", tenant=1, variable=PROFILE)
    assert oracle.judge(nobodys, refusal(404, "10005")) == []
    assert oracle.judge(theirs, refusal(404, "10005")) == []
    assert broken(oracle.judge(theirs, answer(shown_profile()))) == ["VFY-ISO-001"]
    assert "VFY-ISO-001" in broken(oracle.judge(theirs, refusal(403, "10006")))


def test_a_list_counts_what_there_is() -> None:
    meta = {"total_pages": 1, "total_results": 1, "page_size": 25, "page_number": 1}
    call = Call("ListProfiles")
    assert made().judge(call, answer([shown_profile()], meta=meta)) == []
    wrong = {**meta, "total_results": 2}
    assert "VFY-LIST-002" in broken(made().judge(call, answer([shown_profile()], meta=wrong)))
    assert broken(made().judge(call, answer([], meta=meta))) == ["VFY-LIST-003"]
    other = [shown_profile(name="Else")]
    assert broken(made().judge(call, answer(other, meta=meta))) == ["VFY-LIST-009"]


def test_a_limit_holds_until_the_wait_is_over() -> None:
    oracle, call = made(), Call("GetVerifyProfile", variable=PROFILE)
    oracle.accounts[0].key_limit.set(1)
    counted = {**JSON, "x-ratelimit-remaining": "0", "retry-after": "60"}
    served = Answer(200, {"data": shown_profile()}, NOW, NOW + 0.1, counted)
    assert oracle.judge(call, served) == []
    assert broken(oracle.judge(call, served)) == ["VFY-RATE-001"]
    body = {"errors": [{"code": "10011", "title": "No"}]}
    assert oracle.judge(call, Answer(429, body, NOW + 1, NOW + 1.1, counted)) == []
    late = Answer(429, body, NOW + 62, NOW + 62.1, counted)
    assert "VFY-RATE-002" in broken(oracle.judge(call, late))


def test_a_lookup_is_about_its_number() -> None:
    call = Call("LookupNumber", variable=NUMBER)
    fine = {"phone_number": NUMBER, "country_code": "US", "record_type": "number_lookup"}
    assert made().judge(call, answer(fine)) == []
    assert broken(made().judge(call, answer({**fine, "country_code": "CA"}))) == ["VFY-LOOK-001"]
    given = {**fine, "carrier": {"name": "x"}}
    assert broken(made().judge(call, answer(given))) == ["VFY-LOOK-003"]
    no_number = Call("LookupNumber", variable="abc")
    assert made().judge(no_number, refusal(422, "10027")) == []
    assert broken(made().judge(no_number, answer(fine))) == ["VFY-LOOK-002"]
