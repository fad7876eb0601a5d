"""Triggering a verification: what the answer says and what is sent."""

from hypothesis import given

from verify_harness.checks import (
    TRIGGERS,
    Api,
    current,
    damaged_ids,
    requirement,
    strategies,
    worst_inputs,
)

ALL = tuple(TRIGGERS.values())
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@requirement("VFY-LIFE-001", level="smoke", operations=ALL)
def test_a_new_verification_is_pending_on_its_channel(api: Api, channel: str) -> None:
    body = {"phone_number": current().number(), "verify_profile_id": api.profile()["id"]}
    exchange = api.call(TRIGGERS[channel], body)
    assert exchange.status == 200
    assert exchange.data["status"] == "pending"
    assert exchange.data["type"] == channel
    assert exchange.data["record_type"] == "verification"


@requirement("VFY-TRIG-001", operations=ALL)
def test_the_answer_repeats_what_was_asked(api: Api, channel: str) -> None:
    asked = {
        "phone_number": current().number(),
        "verify_profile_id": api.profile()["id"],
        "timeout_secs": 241,
    }
    if channel != "flashcall":
        asked["custom_code"] = "40516"
    made = api.call(TRIGGERS[channel], asked).data
    read = api.call("RetrieveVerification", verification_id=made["id"]).data
    assert {key: made.get(key) for key in asked} == asked
    assert read == made


@requirement("VFY-TRIG-001", operations=["CreateVerificationSms"])
def test_everybody_gets_their_own_answer_at_the_same_time(api: Api) -> None:
    profile = api.profile()
    numbers = [current().number() for _ in range(8)]
    bodies = [{"phone_number": one, "verify_profile_id": profile["id"]} for one in numbers]
    answers = api.call_together("CreateVerificationSms", bodies)
    assert [exchange.data.get("phone_number") for exchange in answers] == numbers


@requirement("VFY-TRIG-002", operations=ALL)
def test_the_profiles_timeout_applies_where_none_is_given(api: Api, channel: str) -> None:
    profile = api.profile(**{channel: {"default_verification_timeout_secs": 187}})
    body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
    assert api.call(TRIGGERS[channel], body).data["timeout_secs"] == 187
    assert api.call(TRIGGERS[channel], body | {"timeout_secs": 61}).data["timeout_secs"] == 61


@requirement("VFY-TRIG-003", operations=ALL)
def test_one_trigger_sends_one_message(api: Api, channel: str) -> None:
    number = current().number()
    api.call(TRIGGERS[channel], {"phone_number": number, "verify_profile_id": api.profile()["id"]})
    sent = current().levers.messages()
    assert [(message["channel"], message["to"]) for message in sent] == [(channel, number)]


@requirement("VFY-TRIG-003", operations=ALL)
def test_many_triggers_send_as_many_messages(api: Api, channel: str) -> None:
    profile = api.profile()
    asked = [current().number() for _ in range(22)]
    for number in asked:
        body = {"phone_number": number, "verify_profile_id": profile["id"]}
        api.set_up("VFY-LIFE-001", TRIGGERS[channel], body)
    assert [message["to"] for message in current().levers.messages()] == asked


@requirement("VFY-TRIG-004", operations=ALL)
def test_an_unknown_profile_sends_nothing(api: Api, channel: str) -> None:
    body = {"phone_number": current().number(), "verify_profile_id": UNKNOWN_ID}
    exchange = api.call(TRIGGERS[channel], body)
    assert 400 <= exchange.status < 500
    assert current().levers.sent_nothing()


@requirement("VFY-TRIG-004", operations=ALL)
def test_a_damaged_profile_id_sends_nothing(api: Api, channel: str) -> None:
    profile_id, number = api.profile()["id"], current().number()
    for damaged in damaged_ids(profile_id):
        body = {"phone_number": number, "verify_profile_id": damaged}
        refused = api.call(TRIGGERS[channel], body)
        current().findings.observe("C23", str(refused.status), TRIGGERS[channel])
        assert 400 <= refused.status < 500, f"the damaged profile id {damaged} was accepted"
    refused = api.call(TRIGGERS[channel], {"phone_number": number})
    current().findings.observe("C21", str(refused.status), TRIGGERS[channel])
    assert 400 <= refused.status < 500
    assert current().levers.sent_nothing()


@requirement("VFY-NUM-001", operations=ALL)
def test_known_worst_numbers_are_no_numbers(api: Api, channel: str) -> None:
    anywhere = {channel: {"whitelisted_destinations": ["*"]}}  # the number alone is what is wrong
    profile_id, number = api.profile(**anywhere)["id"], current().number_in("US")
    for each in worst_inputs.of_kind("number"):
        wrong = each.filled(number=number, digits=number[1:], start=number[:-1])
        body = {"phone_number": wrong, "verify_profile_id": profile_id}
        assert 400 <= api.call(TRIGGERS[channel], body).status < 500, each.name
    assert current().levers.sent_nothing()
    right = {"phone_number": number, "verify_profile_id": profile_id}
    assert api.call(TRIGGERS[channel], right).status == 200


@requirement("VFY-NUM-001", operations=ALL)
@given(number=strategies.invalid_numbers())
def test_what_is_no_number_is_refused(api: Api, channel: str, number: str) -> None:
    anywhere = {channel: {"whitelisted_destinations": ["*"]}}  # the number alone is what is wrong
    profile = current().remembered("profile", lambda: api.profile(**anywhere))
    body = {"phone_number": number, "verify_profile_id": profile["id"]}
    exchange = api.call(TRIGGERS[channel], body)
    assert 400 <= exchange.status < 500
    assert current().levers.sent_nothing()


@requirement("VFY-NUM-001", operations=ALL)
@given(number=strategies.e164_numbers())
def test_a_reserved_number_is_a_number(api: Api, channel: str, number: str) -> None:
    profile = current().remembered("profile", api.profile)
    body = {"phone_number": number, "verify_profile_id": profile["id"]}
    exchange = api.call(TRIGGERS[channel], body)
    assert exchange.status == 200
    assert exchange.data["phone_number"] == number
