"""Faults of triggering: what is echoed, how long it lasts, what is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.changes import edit_verification
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.outbox import Message
from verify_harness.sandbox.records import Profile
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


@fault(
    "timeout-echoed-wrong",
    breaks="VFY-TRIG-001",
    harm="An application shows its customer a wrong countdown.",
)
def timeout_echoed_wrong(rules: Rules) -> Rules:
    return edit_verification(rules, lambda shown: shown.update(timeout_secs=300))


@fault(
    "custom-code-not-echoed",
    breaks="VFY-TRIG-001",
    harm="A caller cannot see which of its codes was taken.",
)
def custom_code_not_echoed(rules: Rules) -> Rules:
    return edit_verification(rules, lambda shown: shown.update(custom_code=None))


@fault(
    "profile-timeout-ignored",
    breaks="VFY-TRIG-002",
    harm="A profile set to one minute sends codes that live for five.",
)
def profile_timeout_ignored(rules: Rules) -> Rules:
    def timeout_for(asked_secs: int | None, _settings: Mapping[str, Any]) -> int:
        return 300 if asked_secs is None else asked_secs

    return replace(rules, timeout_for=timeout_for)


@fault(
    "message-sent-twice",
    breaks="VFY-TRIG-003",
    harm="Every verification costs two messages.",
)
def message_sent_twice(rules: Rules) -> Rules:
    def deliveries(message: Message) -> Iterable[Message]:
        return (message, message)

    return replace(rules, deliveries=deliveries)


@fault(
    "whatsapp-sent-as-sms",
    breaks="VFY-TRIG-003",
    harm="A customer without an SMS plan abroad never gets the code.",
)
def whatsapp_sent_as_sms(rules: Rules) -> Rules:
    def deliveries(message: Message) -> Iterable[Message]:
        return (replace(message, channel="sms") if message.channel == "whatsapp" else message,)

    return replace(rules, deliveries=deliveries)


@fault(
    "unknown-profile-sends",
    breaks="VFY-TRIG-004",
    harm="Messages go out that no profile's limits or countries hold back.",
)
def unknown_profile_sends(rules: Rules) -> Rules:
    def profile_for(store: Store, profile_id: str) -> Profile | None:
        stand_in = Profile(profile_id, 0.0, 0.0, {"name": "default"}, {})
        return rules.profile_for(store, profile_id) or stand_in

    return replace(rules, profile_for=profile_for)
