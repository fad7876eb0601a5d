"""What a profile may spend in a day (facts.md#spend-limit); price, day, answer are our choice."""

from verify_harness.sandbox.records import Profile

PRICE_USD = 0.034
"""Of a message on any channel: fee and one delivery (facts.md#price-of-a-verification)."""

_DAY_SECS = 86_400
_ROUNDING_USD = 1e-9


def sent_today(profile: Profile, now: float) -> int:
    """How many messages a profile has sent since midnight UTC."""
    return profile.sent_today if profile.sent_on == now // _DAY_SECS else 0


def is_affordable(profile: Profile, now: float) -> bool:
    """Whether one more message stays within the daily limit; without an enabled one it does."""
    limit_usd = profile.fields.get("daily_spend_limit")
    if limit_usd is None or not profile.fields.get("daily_spend_limit_enabled"):
        return True
    cost_usd = (sent_today(profile, now) + 1) * PRICE_USD
    return bool(cost_usd <= limit_usd + _ROUNDING_USD)


def count_message(profile: Profile, now: float) -> None:
    """Remember that a profile sent one message."""
    profile.sent_today = sent_today(profile, now) + 1
    profile.sent_on = int(now // _DAY_SECS)
