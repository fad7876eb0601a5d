"""Webhooks: what is told, to whom, how often, and signed by whom."""

import base64
import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from verify_harness.checks import (
    CHANNELS,
    TRIGGERS,
    Api,
    Delivery,
    Opener,
    OpenVerification,
    WebhookReceiver,
    current,
    requirement,
)
from verify_harness.spec import bundled_spec
from verify_harness.spec.schemas import compile_schema

EVENTS = {"verify.sent": "WebhookSent", "verify.delivered": "WebhookDelivered"}
"""The schema of each event."""
MEMBERS = {
    *("id", "type", "record_type", "phone_number", "profile_id", "custom_code", "extension"),
    *("timeout_secs", "status", "delivery_status", "failed_attempts", "mccmnc"),
    *("created_at", "updated_at"),
}


def told(listener: WebhookReceiver) -> list[dict[str, Any]]:
    """The `data` of each webhook, once all are settled."""
    current().levers.webhooks()
    return [json.loads(each.body)["data"] for each in listener.deliveries]


def opened(
    api: Api, channel: str, listener: WebhookReceiver, *, generated: bool = False
) -> OpenVerification:
    """A verification whose profile names the listener."""
    profile = api.profile(webhook_url=listener.url)
    return Opener(api, channel, "by_id")(profile=profile, generated=generated)


def is_signed(delivery: Delivery, body: bytes) -> bool:
    """Whether the signature that came with a webhook is one of this body."""
    signature = base64.b64decode(delivery.headers["telnyx-signature-ed25519"], validate=True)
    signed = delivery.headers["telnyx-timestamp"].encode() + b"|" + body
    key = VerifyKey(base64.b64decode(current().target.webhook_public_key))
    try:
        return bool(key.verify(signed, signature))
    except (BadSignatureError, ValueError):
        return False


@requirement("VFY-HOOK-001", operations=TRIGGERS.values())
def test_a_trigger_is_told_once(api: Api, channel: str) -> None:
    with WebhookReceiver() as listener:
        made = [opened(api, channel, listener) for _ in range(2)]
        events = told(listener)
    for verification in made:
        own = [each for each in events if each["payload"]["id"] == verification.id]
        for event in own:
            current().findings.observe("C11", event["event_type"])
        assert sorted(each["event_type"] for each in own) == sorted(EVENTS)
        for event in own:
            payload = event["payload"]
            for name in {"profile_id", "verify_profile_id"} & payload.keys():
                current().findings.observe("C18", name)
            assert payload["profile_id"] == verification.profile_id
            assert payload["phone_number"] == verification.number
            assert payload["type"] == channel
            assert payload["status"] == "pending"
    assert len({each["id"] for each in events}) == 4


@requirement("VFY-HOOK-002", operations=TRIGGERS.values())
def test_webhooks_are_signed(api: Api, channel: str) -> None:
    with WebhookReceiver() as listener:
        opened(api, channel, listener)
        assert told(listener)
    for delivery in listener.deliveries:
        stamp = delivery.headers["telnyx-timestamp"]
        current().findings.observe("C25", "seconds" if stamp.isdecimal() else "another form")
        assert stamp.isdecimal()
        assert is_signed(delivery, delivery.body)
        assert not is_signed(delivery, delivery.body.replace(b"pending", b"expired"))
        assert not is_signed(delivery, delivery.body + b" ")


@requirement("VFY-HOOK-003", operations=TRIGGERS.values())
def test_webhooks_keep_their_schema(api: Api, channel: str) -> None:
    with WebhookReceiver() as listener:
        opened(api, channel, listener)
        assert told(listener)
    for delivery in listener.deliveries:
        body = json.loads(delivery.body)
        assert schema_of(api, body["data"]["event_type"]).is_valid(body)
        assert body.keys() == {"data", "meta"}
        assert body["data"]["payload"].keys() >= MEMBERS
        assert delivery.headers["content-type"].partition(";")[0] == "application/json"


def schema_of(api: Api, event: str) -> Draft202012Validator:
    """The schema that a webhook's body has to keep."""
    components = api.spec.document.get("components", {})
    if EVENTS[event] not in components.get("schemas", {}):  # a document of operations only
        components = bundled_spec().document["components"]
    reference = f"#/components/schemas/{EVENTS[event]}"
    return compile_schema({"$ref": reference, "components": components})


@requirement("VFY-HOOK-004", operations=TRIGGERS.values())
@pytest.mark.parametrize("name, status", list(zip(CHANNELS, (500, 404, 302, 503), strict=True)))
def test_a_webhook_that_fails_goes_to_the_failover_address(
    api: Api, name: str, status: int
) -> None:
    with WebhookReceiver(status) as first, WebhookReceiver() as second:
        profile = api.profile(webhook_url=first.url, webhook_failover_url=second.url)
        Opener(api, name, "by_id")(profile=profile)
        events = told(second)
    assert first.deliveries
    assert sorted(each["event_type"] for each in events) == sorted(EVENTS)


@requirement("VFY-HOOK-004", operations=TRIGGERS.values())
@pytest.mark.parametrize("name, status", list(zip(CHANNELS, (202, 200, 204, 201), strict=True)))
def test_a_webhook_that_was_received_goes_nowhere_else(api: Api, name: str, status: int) -> None:
    with WebhookReceiver(status) as first, WebhookReceiver() as second:
        profile = api.profile(webhook_url=first.url, webhook_failover_url=second.url)
        Opener(api, name, "by_id")(profile=profile)
        events = told(first)
    assert {each["event_type"] for each in events} == set(EVENTS)
    if status != 200:
        seen = "received" if second.deliveries == [] else "not received"
        current().findings.observe("C24", seen)
        if not current().target.says_documented:
            return
    assert len(events) == len(EVENTS)
    assert second.deliveries == []


@requirement("VFY-HOOK-005", operations=TRIGGERS.values())
def test_a_refused_trigger_is_not_told(api: Api, channel: str) -> None:
    only_british = {each: {"whitelisted_destinations": ["GB"]} for each in CHANNELS}
    with WebhookReceiver() as listener:
        profile = api.profile(webhook_url=listener.url, **only_british)
        body = {"phone_number": current().number_in("DE"), "verify_profile_id": profile["id"]}
        assert 400 <= api.call(TRIGGERS[channel], body).status < 500
        assert told(listener) == []
        Opener(api, channel, "by_id")(profile=profile, number=current().number_in("GB"))
        assert len(told(listener)) == len(EVENTS)


@requirement("VFY-HOOK-006", operations=TRIGGERS.values())
def test_a_generated_code_is_in_no_webhook(api: Api, channel: str) -> None:
    ten_digits = {"whitelisted_destinations": ["*"], "code_length": 10}
    with WebhookReceiver() as listener:
        blocks = dict.fromkeys(("sms", "call"), ten_digits)
        profile = api.profile(webhook_url=listener.url, **blocks)
        verification = Opener(api, channel, "by_id")(profile=profile, generated=True)
        events = told(listener)
    assert events
    for event in events:
        assert event["payload"]["custom_code"] is None
        assert verification.code not in values(event["payload"])


def values(payload: dict[str, Any]) -> list[str]:
    """Every value of a payload that could be a code."""
    return [str(value) for name, value in payload.items() if name != "phone_number"]


LONGEST = 2000
NO_ADDRESSES = {
    "file": "file:///etc/hostname",
    "ftp": "ftp://127.0.0.1/x",
    "gopher": "gopher://127.0.0.1:25/x",
    "javascript": "javascript:alert(1)",
    "data": "data:text/plain,x",
    "no scheme": "127.0.0.1/hook",
    "empty": "",
    "too long": "http://127.0.0.1/".ljust(LONGEST + 1, "x"),
}


@requirement("VFY-HOOK-007", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
@pytest.mark.parametrize("field", ["webhook_url", "webhook_failover_url"])
@pytest.mark.parametrize("what", NO_ADDRESSES)
def test_webhook_addresses_are_web_addresses(api: Api, field: str, what: str) -> None:
    profile, bad = api.profile(), {field: NO_ADDRESSES[what]}
    created = api.call("CreateVerifyProfile", {"name": "hooked", "sms": {}, **bad})
    changed = api.call("UpdateVerifyProfile", bad, verify_profile_id=profile["id"])
    assert 400 <= created.status < 500
    assert 400 <= changed.status < 500
    for good in ("http://127.0.0.1:9/x", "https://127.0.0.1/".ljust(LONGEST, "x")):
        kept = api.call("UpdateVerifyProfile", {field: good}, verify_profile_id=profile["id"])
        assert kept.status == 200
        assert kept.data[field] == good


@requirement("VFY-HOOK-008", operations=TRIGGERS.values())
def test_a_webhook_says_where_and_how_often_it_went(api: Api, channel: str) -> None:
    with WebhookReceiver(500) as first, WebhookReceiver() as second:
        profile = api.profile(webhook_url=first.url, webhook_failover_url=second.url)
        Opener(api, channel, "by_id")(profile=profile)
        assert told(second)
    for listener in (first, second):
        for meta in (json.loads(each.body)["meta"] for each in listener.deliveries):
            assert meta["delivered_to"] == listener.url
            assert (meta["attempt"] == 1) == (listener is first)
