"""Which channels a live profile may be triggered on: the service itself has to bound it."""

from collections.abc import Collection, Mapping
from typing import Any

from verify_harness.errors import ProfileUnsafe
from verify_harness.safety.prices import CHANNELS, Channel

_ANYWHERE = "*"


def permitted_channels(
    profile: Mapping[str, Any], countries: Collection[str]
) -> frozenset[Channel]:
    """The channels whose block names all of these countries.

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
    return frozenset(
        channel for channel, destinations in allowed.items() if destinations.issuperset(countries)
    )


def _destinations(block: Any) -> frozenset[str]:
    listed = block.get("whitelisted_destinations") if isinstance(block, dict) else None
    return frozenset(each for each in listed if isinstance(each, str)) if listed else frozenset()
