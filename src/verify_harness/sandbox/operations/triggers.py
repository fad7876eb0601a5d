"""The four triggers: send a code by SMS, call, flash call or WhatsApp."""

from asyncio import sleep
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.error_envelope import Problem, Refusal, refuse, too_many
from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.operations.announcing import announce
from verify_harness.sandbox.operations.call import Call, bad_request
from verify_harness.sandbox.outbox import Message
from verify_harness.sandbox.records import Channel, Profile, Verification


async def trigger_sms(call: Call) -> Answer:
    """POST /verifications/sms."""
    return await _trigger(call, "sms")


async def trigger_call(call: Call) -> Answer:
    """POST /verifications/call."""
    return await _trigger(call, "call")


async def trigger_flashcall(call: Call) -> Answer:
    """POST /verifications/flashcall."""
    return await _trigger(call, "flashcall")


async def trigger_whatsapp(call: Call) -> Answer:
    """POST /verifications/whatsapp."""
    return await _trigger(call, "whatsapp")


async def _trigger(call: Call, channel: Channel) -> Answer:
    asked = call.fields(channel)
    if changes := call.rules.outcome_of(asked["phone_number"]):
        call.own_rules = replace(call.rules, **changes)
    asked["verify_profile_id"] = asked["verify_profile_id"].lower()
    profile = call.rules.profile_for(call.store, asked["verify_profile_id"])
    if profile is None:
        raise bad_request("There is no such profile.", "/verify_profile_id")
    settings = _settings(call, profile, channel)
    try:
        _refuse_bad_number(call, asked["phone_number"], settings)
        _refuse_too_much(call, asked["phone_number"], channel, profile)
    except Refusal:
        if call.rules.events_of_refusal:
            refused = _draft(call, channel, asked, settings)
            announce(call, refused, profile, call.rules.events_of_refusal)
        raise
    await call.store.seam("trigger")
    verification = _open(call, channel, asked, settings)
    _send(call, verification, settings, profile)
    announce(call, verification, profile, call.rules.events)
    answer = answer_about(call, verification)
    await _afterwards(call, verification)
    return answer


async def _afterwards(call: Call, verification: Verification) -> None:
    """What a special number has in store between the message and the answer's arrival."""
    if call.rules.ends_as is not None:
        call.store.settle(verification, call.rules.ends_as, call.now)
    if call.rules.answer_delay_secs:
        await sleep(call.rules.answer_delay_secs)


def _settings(call: Call, profile: Profile, channel: Channel) -> Mapping[str, Any]:
    settings = call.rules.channel_settings(profile, channel, call.rules.block_defaults)
    if settings is None:
        raise bad_request(f"The profile does not configure {channel}.", "/verify_profile_id")
    return settings


def _refuse_bad_number(call: Call, number: str, settings: Mapping[str, Any]) -> None:
    if not call.rules.is_callable(number):
        detail = "Nobody can have this number."
        raise call.invalid(Problem("10016", detail, pointer="/phone_number"))
    whitelist = settings["whitelisted_destinations"]
    if not call.rules.is_allowed(whitelist, call.rules.country_of(number)):
        detail = "The profile does not send to this country."
        raise refuse(400, "40309", detail, pointer="/phone_number")


def _refuse_too_much(call: Call, number: str, channel: Channel, profile: Profile) -> None:
    if not call.rules.is_affordable(profile, call.now):
        detail = "The profile has spent what it may spend today."
        raise refuse(400, "40333", detail, pointer="/verify_profile_id")
    key = call.rules.number_key(number, channel)
    if wait := call.rules.number_wait_secs(call.tenant.limiter, key, call.now):
        raise too_many("The number was sent to too often in ten minutes.", wait)


def _open(
    call: Call, channel: Channel, asked: Mapping[str, Any], settings: Mapping[str, Any]
) -> Verification:
    """Keep a new verification and end the one it supersedes."""
    verification = _draft(call, channel, asked, settings)
    for earlier in call.rules.superseded_by(verification, call.store):
        call.store.settle(earlier, "expired", call.now)
    call.store.records.add_verification(verification)
    return verification


def _draft(
    call: Call, channel: Channel, asked: Mapping[str, Any], settings: Mapping[str, Any]
) -> Verification:
    rules, now = call.rules, call.now
    drawn = rules.draw_code(call.tenant.streams.codes, rules.code_length(channel, settings))
    custom_code = asked.get("custom_code")
    timeout_secs = rules.timeout_for(asked.get("timeout_secs"), settings)
    return Verification(
        call.tenant.new_id(),
        channel,
        asked["phone_number"],
        asked["verify_profile_id"],
        custom_code,
        rules.choose_code(custom_code, drawn),
        timeout_secs,
        created_at=now,
        updated_at=now,
        expires_at=now + timeout_secs,
        extension=asked.get("extension"),
    )


def _send(
    call: Call, verification: Verification, settings: Mapping[str, Any], profile: Profile
) -> None:
    is_flashcall = verification.channel == "flashcall"
    message = Message(
        verification.channel,
        verification.phone_number,
        verification.code,
        None if is_flashcall else _text(call, verification, settings),
        verification.id,
        verification.profile_id,
        call.rules.caller_for(verification.code) if is_flashcall else None,
        verification.extension,
    )
    for delivery in call.rules.deliveries(message):
        call.tenant.outbox.send(delivery)
        call.rules.count_message(profile, call.now)
    limiter = call.tenant.limiter
    if limiter.per_number is not None:
        limiter.note_sent(call.rules.number_key(message.to, message.channel), call.now)


def _text(call: Call, verification: Verification, settings: Mapping[str, Any]) -> str:
    template_id = settings["messaging_template_id"]
    template = call.store.records.templates.get(template_id)
    return call.rules.message_text(
        template, verification.code, settings["app_name"], verification.timeout_secs
    )


def answer_about(call: Call, verification: Verification) -> Answer:
    """The verification as it stands now."""
    return Answer({"data": shown(call, verification)}, verification=verification)


def shown(call: Call, verification: Verification) -> dict[str, Any]:
    """A verification as the API shows it at the moment."""
    rules = call.rules
    status = rules.shown_status(verification, call.now)
    return rules.render_verification(verification, rules.shown_type(verification), status)
