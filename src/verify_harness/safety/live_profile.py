"""Where a live profile may send: the service itself has to bound it."""

from collections.abc import Mapping
from typing import Any

from verify_harness.errors import ProfileUnsafe
from verify_harness.safety.prices import CHANNELS, Channel

_ANYWHERE = "*"


def bounded_destinations(profile: Mapping[str, Any]) -> Mapping[Channel, frozenset[str]]:
    """The countries that each channel of a profile names; none where it has no such block.

    Raises ProfileUnsafe where the daily limit is off or not a number, or a block allows `*`: then
    nothing but us would stop what goes wrong here.
    """
    if profile.get("daily_spend_limit_enabled") is not True:
        raise ProfileUnsafe("its daily_spend_limit is not enabled")
    limit = profile.get("daily_spend_limit")
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        raise ProfileUnsafe("it has no daily_spend_limit")
    allowed = {channel: _destinations(profile.get(channel)) for channel in CHANNELS}
    for channel, destinations in allowed.items():
        if _ANYWHERE in destinations:
            raise ProfileUnsafe(f"its whitelisted_destinations of {channel} are *")
    return allowed


def _destinations(block: Any) -> frozenset[str]:
    listed = block.get("whitelisted_destinations") if isinstance(block, dict) else None
    return frozenset(each for each in listed or () if isinstance(each, str))
