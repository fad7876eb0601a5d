"""Telling a profile's webhook address what became of a trigger."""

from collections.abc import Iterable

from verify_harness.sandbox.operations.call import Call
from verify_harness.sandbox.records import Profile, Verification
from verify_harness.sandbox.webhooks import DeliveryPolicy, Event, occurred_at


def announce(
    call: Call, verification: Verification, profile: Profile, events: Iterable[Event]
) -> None:
    """Hand events to the courier; nothing happens for a profile without a webhook address."""
    url = profile.fields.get("webhook_url")
    if url is None:
        return
    rules, tenant = call.rules, call.tenant
    status = rules.shown_status(verification, call.now)
    manner = DeliveryPolicy(rules.webhook_addresses, rules.sign_webhook, rules.is_received)
    urls = (url, profile.fields.get("webhook_failover_url"))
    for event in events:
        data = {
            "event_type": event.name,
            "id": tenant.new_event_id(),
            "occurred_at": occurred_at(call.now),
            "record_type": "event",
            "payload": rules.webhook_payload(verification, status, event.delivery_status),
        }
        tenant.courier.take({"data": data}, urls, manner, tenant.deliveries)
