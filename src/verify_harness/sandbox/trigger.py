"""What a trigger decides, and what it and a check answer (facts.md#trigger-answer)."""

from collections.abc import Iterable, Mapping
from typing import Any

from verify_harness.sandbox.clock import timestamp
from verify_harness.sandbox.outbox import Message
from verify_harness.sandbox.records import Channel, Profile, Status, Verification
from verify_harness.sandbox.store import Store


def profile_for(store: Store, profile_id: str) -> Profile | None:
    """The profile a trigger names, if it is the tenant's."""
    return store.profile(profile_id)


def timeout_for(asked_secs: int | None, settings: Mapping[str, Any]) -> int:
    """The seconds asked for, or the channel's default (facts.md#timeout-precedence)."""
    if asked_secs is not None:
        return asked_secs
    default: int = settings["default_verification_timeout_secs"]
    return default


def deliveries(message: Message) -> Iterable[Message]:
    """One trigger sends one message."""
    return (message,)


def render_verification(
    verification: Verification, shown_type: Channel, shown_status: Status
) -> dict[str, Any]:
    """A verification as the API shows it; never with a drawn code."""
    return {
        "id": verification.id,
        "type": shown_type,
        "record_type": "verification",
        "phone_number": verification.phone_number,
        "verify_profile_id": verification.profile_id,
        "custom_code": verification.custom_code,
        "timeout_secs": verification.timeout_secs,
        "status": shown_status,
        "created_at": timestamp(verification.created_at),
        "updated_at": timestamp(verification.updated_at),
    }


def render_check(verification: Verification, response_code: str) -> dict[str, Any]:
    """The answer to a check (facts.md#check-answer)."""
    return {"phone_number": verification.phone_number, "response_code": response_code}
