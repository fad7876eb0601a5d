"""Webhooks: where they go, how often, and that nobody waits for them."""

import base64
import json
import time
from typing import Any

import httpx
import pytest
from nacl.signing import VerifyKey

from tests.sandbox.conftest import Account
from verify_harness.contract.webhook_receiver import WebhookReceiver
from verify_harness.sandbox.webhooks import ATTEMPTS, place_of


def settled(account: Account) -> list[dict[str, Any]]:
    """Every attempt, once none is under way."""
    patience = time.monotonic() + 10
    while True:
        answer: dict[str, Any] = account.levers.get("webhooks").json()
        if not answer["waiting"] or time.monotonic() > patience:
            attempts: list[dict[str, Any]] = answer["webhooks"]
            return attempts
        time.sleep(0.01)


def test_a_trigger_without_an_address_tells_nobody(account: Account) -> None:
    account.trigger()
    assert settled(account) == []


def test_each_event_is_tried_once_where_it_is_received(account: Account) -> None:
    with WebhookReceiver() as listener:
        account.trigger(verify_profile_id=account.profile(webhook_url=listener.url))
        attempts = settled(account)
    assert {each["event_type"] for each in attempts} == {"verify.sent", "verify.delivered"}
    assert [(each["attempt"], each["outcome"]) for each in attempts] == [(1, "received")] * 2
    assert {each.path for each in listener.deliveries} == {"/hook?of=verify-harness"}


def test_both_addresses_take_turns_until_patience_is_over(account: Account) -> None:
    with WebhookReceiver(500) as first, WebhookReceiver(503) as second:
        urls = {"webhook_url": first.url, "webhook_failover_url": second.url}
        account.trigger(verify_profile_id=account.profile(**urls))
        sent = [each for each in settled(account) if each["event_type"] == "verify.sent"]
    assert [each["url"] for each in sent] == [first.url, second.url] * (ATTEMPTS // 2)
    assert [each["outcome"] for each in sent[:2]] == ["answered 500", "answered 503"]


def test_nobody_waits_for_a_slow_receiver(account: Account) -> None:
    with WebhookReceiver(held=True) as listener:
        profile = account.profile(webhook_url=listener.url)
        for _ in range(30):
            account.trigger(verify_profile_id=profile)
        assert not listener.released.is_set()
        assert account.levers.get("webhooks").json()["waiting"] == 60
        account.api.delete(f"/verify_profiles/{profile}")


def test_a_receiver_that_is_not_there_is_tried_again(account: Account) -> None:
    with WebhookReceiver() as gone:
        url = gone.url
    account.trigger(verify_profile_id=account.profile(webhook_url=url))
    attempts = settled(account)
    assert {each["outcome"] for each in attempts} == {"no answer"}
    assert len(attempts) == 2 * ATTEMPTS


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/hook", "https://127.0.0.1/hook", "http://10.0.0.1", "http://[::2]/"),
        *("http://0.0.0.0:80/", "http://localhost.example.com/", "http://127.0.0.1:99999/"),
        *("http://127.0.0.1@example.com/", "http://2130706433/", "http://127.1/", "http:///x"),
        *("http://[::ffff:10.0.0.1]/", "ftp://127.0.0.1/", "http://169.254.169.254/"),
    ],
)
def test_only_http_on_loopback_has_a_place(url: str) -> None:
    assert place_of(url) is None


def test_loopback_in_any_spelling_has_a_place() -> None:
    urls = ("http://localhost:81/x", "http://127.0.0.9:81/x", "http://[::1]:81/x")
    assert [(each.port, each.target) for url in urls if (each := place_of(url))] == [(81, "/x")] * 3


def test_an_address_cannot_smuggle_a_header() -> None:
    place = place_of("http://127.0.0.1:81/a\r\nX-Evil: 1?b c")
    assert place is not None
    assert not set("\r\n ") & set(place.target + place.authority)


def test_another_machine_is_never_called_and_that_is_said(account: Account) -> None:
    account.trigger(verify_profile_id=account.profile(webhook_url="http://example.com/hook"))
    assert {each["outcome"] for each in settled(account)} == {"not sent"}


def test_a_webhook_cannot_pull_a_lever(sandbox: str, account: Account) -> None:
    url = f"{sandbox}/_sandbox/tenants/{account.id}/revoke-key"
    account.trigger(verify_profile_id=account.profile(webhook_url=url))
    assert {each["outcome"] for each in settled(account)} == {"answered 403"}
    assert account.api.get("/verify_profiles").status_code == 200


def test_the_signature_is_of_the_announced_key(sandbox: str, account: Account) -> None:
    with WebhookReceiver() as listener:
        account.trigger(verify_profile_id=account.profile(webhook_url=listener.url))
        settled(account)
    key = httpx.get(f"{sandbox}/_sandbox/").json()["webhook_public_key"]
    delivery = listener.deliveries[0]
    signed = delivery.headers["telnyx-timestamp"].encode() + b"|" + delivery.body
    signature = base64.b64decode(delivery.headers["telnyx-signature-ed25519"])
    assert VerifyKey(base64.b64decode(key)).verify(signed, signature) == signed


def test_the_callers_own_code_is_told_and_a_drawn_one_is_not(account: Account) -> None:
    with WebhookReceiver() as listener:
        profile = account.profile(webhook_url=listener.url)
        account.trigger(verify_profile_id=profile, custom_code="73164")
        account.trigger(verify_profile_id=profile)
        settled(account)
    told = [json.loads(each.body)["data"]["payload"] for each in listener.deliveries]
    assert sorted(str(each["custom_code"]) for each in told) == ["73164"] * 2 + ["None"] * 2
