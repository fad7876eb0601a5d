"""Faults of triggering: what is echoed, how long it lasts, what is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import edit_verification, every_twentieth, with_check
from verify_harness.sandbox.outbox import Message
from verify_harness.sandbox.profiles import Block
from verify_harness.sandbox.records import Channel, Profile, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import Field, integer, nullable, text


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


@fault(
    "every-twentieth-message-twice",
    breaks="VFY-TRIG-003",
    harm="One message in twenty is paid for twice, and nobody can reproduce it.",
)
def every_twentieth_message_twice(rules: Rules) -> Rules:
    def deliveries(message: Message) -> Iterable[Message]:
        return (message, message) if is_due() else (message,)

    is_due = every_twentieth()
    return replace(rules, deliveries=deliveries)


@fault(
    "unconfigured-channel-sends",
    breaks="VFY-TRIG-005",
    harm="A profile made for free messages places calls that cost money.",
)
def unconfigured_channel_sends(rules: Rules) -> Rules:
    def channel_settings(
        profile: Profile, channel: Channel, defaults: Mapping[Channel, Block]
    ) -> Block | None:
        return rules.channel_settings(profile, channel, defaults) or defaults[channel]

    return replace(rules, channel_settings=channel_settings)


@fault(
    "any-extension-dialled",
    breaks="VFY-TRIG-006",
    harm="A call is paid for and hangs in a switchboard that got keys it does not have.",
)
def any_extension_dialled(rules: Rules) -> Rules:
    return with_check(rules, "extension", nullable(text(0, 50)))


@fault(
    "letters-in-an-extension",
    breaks="VFY-TRIG-006",
    harm="Keys E and F, which no telephone has, are dialled.",
)
def letters_in_an_extension(rules: Rules) -> Rules:
    return with_check(rules, "extension", nullable(text(0, 50, "[0-9A-F*#wW]*")))


@fault(
    "extension-loses-its-pauses",
    breaks="VFY-TRIG-006",
    harm="Keys are pressed before the switchboard listens.",
)
def extension_loses_its_pauses(rules: Rules) -> Rules:
    def deliveries(message: Message) -> Iterable[Message]:
        keys = message.extension and message.extension.replace("w", "").replace("W", "")
        return rules.deliveries(replace(message, extension=keys))

    return replace(rules, deliveries=deliveries)


@fault(
    "code-for-an-hour",
    breaks="VFY-TRIG-007",
    harm="A code lies in an old message for an hour and still works.",
)
def code_for_an_hour(rules: Rules) -> Rules:
    return with_check(rules, "timeout_secs", integer(1, 3600))


@fault(
    "code-for-no-time",
    breaks="VFY-TRIG-007",
    harm="A message is paid for whose code was late when it was sent.",
)
def code_for_no_time(rules: Rules) -> Rules:
    return with_check(rules, "timeout_secs", integer(0, 600))


@fault(
    "status-can-be-given",
    breaks="VFY-TRIG-008",
    harm="A verification is passed by the request that starts it.",
)
def status_can_be_given(rules: Rules) -> Rules:
    def declared(body: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
        given[0] = body.get("status") if "phone_number" in body else given[0]
        return rules.declared(body, fields)

    def superseded_by(trigger: Verification, store: Store) -> Iterable[Verification]:
        if given[0] == "accepted":
            trigger.status = "accepted"
        return rules.superseded_by(trigger, store)

    given: list[Any] = [None]
    return replace(rules, declared=declared, superseded_by=superseded_by)


@fault(
    "type-can-be-given",
    breaks="VFY-TRIG-008",
    harm="A call is billed as a message.",
)
def type_can_be_given(rules: Rules) -> Rules:
    def declared(body: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
        given[0] = body.get("type") if "phone_number" in body else given[0]
        return rules.declared(body, fields)

    def shown_type(verification: Verification) -> Channel:
        return given[0] or rules.shown_type(verification)

    given: list[Any] = [None]
    return replace(rules, declared=declared, shown_type=shown_type)


@fault(
    "second-message-to-a-number-swallowed",
    breaks="VFY-TRIG-009",
    harm="A customer who lost the first message waits for one that never comes.",
)
def second_message_to_a_number_swallowed(rules: Rules) -> Rules:
    def deliveries(message: Message) -> Iterable[Message]:
        again = message.to in served
        served.add(message.to)
        return () if again else rules.deliveries(message)

    served: set[str] = set()
    return replace(rules, deliveries=deliveries)


@fault(
    "refused-trigger-ends-what-is-pending",
    breaks="VFY-TRIG-010",
    harm="A code in the customer's hand dies because a second request was wrong.",
)
def refused_trigger_ends_what_is_pending(rules: Rules) -> Rules:
    def profile_for(store: Store, profile_id: str) -> Profile | None:
        stores[0] = store
        return rules.profile_for(store, profile_id)

    def is_callable(number: str) -> bool:
        for earlier in list(stores[0].records.of_number(number)) if stores else ():
            stores[0].settle(earlier, "expired", earlier.updated_at)
        return rules.is_callable(number)

    stores: dict[int, Store] = {}
    return replace(rules, profile_for=profile_for, is_callable=is_callable)


@fault(
    "request-timeout-ignored",
    breaks="VFY-TRIG-002",
    harm="A code that was asked for one minute lives for five.",
)
def request_timeout_ignored(rules: Rules) -> Rules:
    def timeout_for(_asked_secs: int | None, settings: Mapping[str, Any]) -> int:
        return rules.timeout_for(None, settings)

    return replace(rules, timeout_for=timeout_for)


@fault(
    "number-shown-without-its-plus",
    breaks="VFY-TRIG-001",
    harm="A number that comes back is not the one that was given.",
)
def number_shown_without_its_plus(rules: Rules) -> Rules:
    return edit_verification(
        rules, lambda shown: shown.update(phone_number=shown["phone_number"][1:])
    )
