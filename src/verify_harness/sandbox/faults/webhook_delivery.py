"""Faults of webhooks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nacl.signing import SigningKey

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import with_check
from verify_harness.sandbox.records import Status, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.validation import text
from verify_harness.sandbox.webhooks import Event


def _payload_with(rules: Rules, **changes: Any) -> Rules:
    def webhook_payload(
        verification: Verification, status: Status, delivery_status: str
    ) -> dict[str, Any]:
        return {**rules.webhook_payload(verification, status, delivery_status), **changes}

    return replace(rules, webhook_payload=webhook_payload)


@fault(
    "webhook-sent-twice",
    breaks="VFY-HOOK-001",
    harm="A receiver that counts events counts every delivery twice.",
)
def webhook_sent_twice(rules: Rules) -> Rules:
    return replace(rules, events=(*rules.events, rules.events[-1]))


@fault(
    "delivery-not-told",
    breaks="VFY-HOOK-001",
    harm="An application waits for ever for the message to arrive.",
)
def delivery_not_told(rules: Rules) -> Rules:
    return replace(rules, events=rules.events[:1])


@fault(
    "flash-calls-are-told-as-calls",
    breaks="VFY-HOOK-001",
    harm="A receiver cannot tell a flash call from a call.",
)
def flash_calls_are_told_as_calls(rules: Rules) -> Rules:
    def webhook_payload(
        verification: Verification, status: Status, delivery_status: str
    ) -> dict[str, Any]:
        payload = rules.webhook_payload(verification, status, delivery_status)
        return {**payload, "type": "call"} if payload["type"] == "flashcall" else payload

    return replace(rules, webhook_payload=webhook_payload)


@fault(
    "signature-without-timestamp",
    breaks="VFY-HOOK-002",
    harm="An old webhook that somebody recorded can be sent again.",
)
def signature_without_timestamp(rules: Rules) -> Rules:
    def sign(key: SigningKey, _stamp: bytes, body: bytes) -> bytes:
        return key.sign(body).signature

    return replace(rules, sign_webhook=sign)


@fault(
    "signature-of-another-key",
    breaks="VFY-HOOK-002",
    harm="Receivers that check signatures refuse every event.",
)
def signature_of_another_key(rules: Rules) -> Rules:
    def sign(_key: SigningKey, stamp: bytes, body: bytes) -> bytes:
        return rules.sign_webhook(other, stamp, body)

    other = SigningKey.generate()
    return replace(rules, sign_webhook=sign)


@fault(
    "webhook-delivery-status-unknown",
    breaks="VFY-HOOK-003",
    harm="Typed receivers cannot read the event.",
)
def webhook_delivery_status_unknown(rules: Rules) -> Rules:
    return _payload_with(rules, delivery_status="OK")


@fault(
    "webhook-attempts-missing",
    breaks="VFY-HOOK-003",
    harm="A receiver cannot see that somebody is guessing.",
)
def webhook_attempts_missing(rules: Rules) -> Rules:
    def webhook_payload(
        verification: Verification, status: Status, delivery_status: str
    ) -> dict[str, Any]:
        payload = rules.webhook_payload(verification, status, delivery_status)
        del payload["failed_attempts"]
        return payload

    return replace(rules, webhook_payload=webhook_payload)


@fault(
    "failover-never-used",
    breaks="VFY-HOOK-004",
    harm="Events are lost while the first address is down.",
)
def failover_never_used(rules: Rules) -> Rules:
    def addresses(url: str, _failover_url: str | None) -> Iterator[str]:
        return rules.webhook_addresses(url, None)

    return replace(rules, webhook_addresses=addresses)


@fault(
    "any-answer-counts-as-received",
    breaks="VFY-HOOK-004",
    harm="An event that the receiver could not keep is never sent again.",
)
def any_answer_counts_as_received(rules: Rules) -> Rules:
    def is_received(_status: int) -> bool:
        return True

    return replace(rules, is_received=is_received)


@fault(
    "redirect-counts-as-received",
    breaks="VFY-HOOK-004",
    harm="Events vanish when a receiver moves to another address.",
)
def redirect_counts_as_received(rules: Rules) -> Rules:
    def is_received(status: int) -> bool:
        return status < 400

    return replace(rules, is_received=is_received)


@fault(
    "only-200-counts-as-received",
    breaks="VFY-HOOK-004",
    harm="Receivers that answer 202 get every event several times.",
)
def only_200_counts_as_received(rules: Rules) -> Rules:
    def is_received(status: int) -> bool:
        return status == 200

    return replace(rules, is_received=is_received)


@fault(
    "refused-trigger-is-told",
    breaks="VFY-HOOK-005",
    harm="A receiver bills and counts messages that never went out.",
)
def refused_trigger_is_told(rules: Rules) -> Rules:
    return replace(rules, events_of_refusal=(Event("verify.failed", "sending_failed"),))


@fault(
    "generated-code-in-the-webhook",
    breaks="VFY-HOOK-006",
    harm="The receiver's log holds every code, and whoever reads it passes for the customer.",
)
def generated_code_in_the_webhook(rules: Rules) -> Rules:
    def webhook_payload(
        verification: Verification, status: Status, delivery_status: str
    ) -> dict[str, Any]:
        payload = rules.webhook_payload(verification, status, delivery_status)
        return {**payload, "custom_code": verification.code}

    return replace(rules, webhook_payload=webhook_payload)


@fault(
    "any-scheme-is-a-webhook-address",
    breaks="VFY-HOOK-007",
    harm="An address such as file: makes the service read its own disk.",
)
def any_scheme_is_a_webhook_address(rules: Rules) -> Rules:
    return with_check(rules, "webhook_url", text(1, 2000, r"(?s:[a-z]+:.+)"))


@fault(
    "endless-failover-address",
    breaks="VFY-HOOK-007",
    harm="An address is taken that no event can ever be sent to.",
)
def endless_failover_address(rules: Rules) -> Rules:
    return with_check(rules, "webhook_failover_url", text(1, 100_000, r"(?s:https?://.+)"))


@fault(
    "webhook-address-gets-a-parameter",
    breaks="VFY-HOOK-008",
    harm="A receiver that goes by its exact address refuses every event.",
)
def webhook_address_gets_a_parameter(rules: Rules) -> Rules:
    def webhook_addresses(url: str, failover_url: str | None) -> Iterator[str]:
        for address in rules.webhook_addresses(url, failover_url):
            yield f"{address}?source=verify"

    return replace(rules, webhook_addresses=webhook_addresses)
