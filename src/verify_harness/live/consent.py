"""Somebody has to want it: a typed amount, or the key's fingerprint in the environment."""

from collections.abc import Callable, Mapping

from verify_harness.errors import NotConfirmed
from verify_harness.safety.money import Usd, shown

VARIABLE = "VERIFY_HARNESS_LIVE"

Ask = Callable[[str], str]
"""Puts a question to a person; returns what they typed."""


def require_consent(
    fingerprint: str, most: Usd, environment: Mapping[str, str], ask: Ask | None
) -> None:
    """Raise NotConfirmed unless this key may be used for a plan that costs so much at most.

    `ask` is None where nobody can be asked.
    """
    given = environment.get(VARIABLE, "")
    if given == fingerprint:
        return
    if given:
        raise NotConfirmed(f"{VARIABLE} names another key", fingerprint)
    if ask is None:
        raise NotConfirmed("nobody confirmed it", fingerprint)
    amount = shown(most)
    typed = ask(f"This spends real money and reaches a real telephone. Type {amount} to go on")
    if typed.strip() not in {amount, amount.removesuffix(" USD")}:
        raise NotConfirmed(f"{amount} was not typed", fingerprint)
