"""Profiles: their channels, defaults, merging and how they read (facts.md#channel-blocks)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from verify_harness.sandbox.clock import timestamp
from verify_harness.sandbox.records import CHANNELS, Channel, Profile

Block = dict[str, Any]

FIELD_DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "language": "en-US",
        "webhook_url": None,
        "webhook_failover_url": None,
        "daily_spend_limit": None,
        "daily_spend_limit_enabled": False,
    }
)

_COMMON: Block = {"app_name": None, "default_verification_timeout_secs": 300}


def block_defaults(code_length: int) -> Mapping[Channel, Block]:
    """What a block is where it is not named; sources disagree about its codes (facts.md#c16)."""
    message = {**_COMMON, "code_length": code_length, "messaging_template_id": None}
    whatsapp = {"waba_id": None, "template_id": None, "sender_phone_number": None}
    return MappingProxyType(
        {
            "sms": {**message, "whitelisted_destinations": [], "alpha_sender": "Telnyx"},
            "call": {**message, "whitelisted_destinations": []},
            "flashcall": {**_COMMON, "whitelisted_destinations": []},
            "whatsapp": {**message, "whitelisted_destinations": [], **whatsapp},
        }
    )


BLOCK_DEFAULTS = block_defaults(code_length=5)


def merge_block(old: Block, given: Block, _defaults: Block) -> Block:
    """PATCH of a block keeps what it does not name (facts.md#c4)."""
    return {**old, **given}


def replace_block(_old: Block, given: Block, defaults: Block) -> Block:
    """PATCH of a block puts everything else back to its default (observed, facts.md#c4)."""
    return {**defaults, **given}


def merge_fields(old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """PATCH keeps the fields it does not name."""
    return {**old, **given}


def prepare_patch(_profile: Profile, _body: Any) -> None:
    """Before a PATCH is known to be good, it changes nothing."""


def touch(profile: Profile, now: float) -> None:
    """A PATCH moves `updated_at` and nothing else."""
    profile.updated_at = now


def channel_settings(
    profile: Profile, channel: Channel, defaults: Mapping[Channel, Block]
) -> Block | None:
    """The settings a trigger uses, or None if the profile lacks the channel (our choice).

    A profile without any block allows every channel with its defaults.
    """
    if profile.blocks:
        return profile.blocks.get(channel)
    return defaults[channel]


def needs_no_channel(_blocks: Mapping[Channel, Block]) -> bool:
    """A name alone makes a profile (documented, facts.md#c1)."""
    return True


def needs_a_channel(blocks: Mapping[Channel, Block]) -> bool:
    """A profile must configure at least one channel (observed, facts.md#c1)."""
    return bool(blocks)


def render_profile(profile: Profile) -> dict[str, Any]:
    """A profile as the API shows it; a channel that is not configured is left out."""
    blocks: Block = {
        channel: profile.blocks[channel] for channel in CHANNELS if channel in profile.blocks
    }
    return {
        "id": profile.id,
        **profile.fields,
        "record_type": "verification_profile",
        "created_at": timestamp(profile.created_at),
        "updated_at": timestamp(profile.updated_at),
        **blocks,
    }
