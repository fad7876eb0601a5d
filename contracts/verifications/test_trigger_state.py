"""What a trigger must not bring along, do twice at once, or leave behind when it is refused."""

from typing import Any

import pytest

from verify_harness.checks import (
    CHANNELS,
    TRIGGERS,
    Api,
    Blocked,
    Opener,
    OpenVerification,
    current,
    requirement,
)

ALL = tuple(TRIGGERS.values())
FORGED_ID = "11111111-1111-4111-8111-111111111111"
FORGED: dict[str, Any] = {
    "id": FORGED_ID,
    "status": "accepted",
    "record_type": "administrator",
    "created_at": "1999-01-01T00:00:00.000000",
    "updated_at": "1999-01-01T00:00:00.000000",
    "failed_attempts": -100,
    "response_code": "accepted",
}


@requirement("VFY-TRIG-008", operations=ALL)
def test_a_trigger_cannot_forge_state(api: Api, channel: str) -> None:
    profile, number = api.profile(), current().number()
    other = CHANNELS[CHANNELS.index(channel) - 1]
    body = {"phone_number": number, "verify_profile_id": profile["id"]}
    answer = api.call(TRIGGERS[channel], body | FORGED | {"type": other})
    if not answer.succeeded:
        assert 400 <= answer.status < 500
        assert current().levers.sent_nothing()
        return
    made = api.call("RetrieveVerification", verification_id=answer.data["id"]).data
    for shown in (answer.data, made):
        assert shown["status"] == "pending"
        assert shown["type"] == channel
        assert shown["record_type"] == "verification"
        assert not [name for name in FORGED if name in shown and shown[name] == FORGED[name]]
    assert api.call("RetrieveVerification", verification_id=FORGED_ID).status >= 400


@requirement("VFY-TRIG-009", operations=ALL)
def test_the_same_trigger_twice_is_two_verifications(api: Api, channel: str) -> None:
    number = current().number()
    body = {"phone_number": number, "verify_profile_id": api.profile()["id"]}
    answers = [api.call(TRIGGERS[channel], body) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    ids = {answer.data["id"] for answer in answers}
    assert len(ids) == 2
    assert {row["id"] for row in api.call("ListVerifications", phone_number=number).data} >= ids
    if current().target.offers("outbox"):
        sent = [message["verification_id"] for message in current().levers.messages_to(number)]
        assert sent == [answer.data["id"] for answer in answers]


@requirement("VFY-TRIG-010", operations=ALL)
def test_a_refused_trigger_changes_nothing(open_verification: Opener, api: Api) -> None:
    number, channel = current().number(), open_verification.channel
    narrow = api.profile(**{channel: {"whitelisted_destinations": ["NZ"]}})
    verification = open_verification(number=number)
    before = api.set_up("VFY-LIST-001", "ListVerifications", phone_number=number)
    refused = {
        "VFY-DEST-001": {"verify_profile_id": narrow["id"]},
        "VFY-SPEC-005": {"verify_profile_id": verification.profile_id, "timeout_secs": "soon"},
        "VFY-TRIG-004": {"verify_profile_id": FORGED_ID},
    }
    for blames, body in refused.items():
        answer = api.call(TRIGGERS[channel], {"phone_number": number, **body})
        if not 400 <= answer.status < 500:
            raise Blocked(blames, f"set-up: a bad trigger was answered {answer.status}")
    assert api.call("ListVerifications", phone_number=number).data == before
    assert verification.opens(verification.code)


@requirement("VFY-TRIG-011", operations=["CreateFlashcallVerification"], levers=["outbox"])
def test_a_flash_call_takes_no_own_code(api: Api) -> None:
    number, own = current().number(), "918273"
    body = {"phone_number": number, "verify_profile_id": api.profile()["id"], "custom_code": own}
    answer = api.call("CreateFlashcallVerification", body)
    sent = current().levers.messages_to(number)
    if not answer.succeeded:
        assert 400 <= answer.status < 500
        assert sent == []
        return
    assert answer.data.get("custom_code") is None
    assert [message["code"] for message in sent] != [own]
    made = OpenVerification(api, "by_id", answer.data, str(sent[0]["code"]))
    assert not made.opens(own)
    assert made.opens(made.code)


@requirement("VFY-TRIG-011", operations=ALL, levers=["outbox"])
@pytest.mark.parametrize("name", [each for each in CHANNELS if each != "call"])
def test_only_a_call_takes_an_extension(api: Api, name: str) -> None:
    number = current().number()
    body = {"phone_number": number, "verify_profile_id": api.profile()["id"], "extension": "1w2"}
    answer = api.call(TRIGGERS[name], body)
    assert answer.succeeded or 400 <= answer.status < 500
    sent = current().levers.messages_to(number)
    assert len(sent) == answer.succeeded
    assert not any("extension" in message for message in sent)
    assert "extension" not in (answer.data or {})
