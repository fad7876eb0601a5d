"""Faults of authentication."""

from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.problems import Refusal
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.wire import Wire


def _served() -> Refusal | None:
    return None


@fault(
    "no-key-needed",
    breaks="VFY-AUTH-001",
    harm="Anybody who knows an id reads and sends on somebody's account.",
)
def no_key_needed(rules: Rules) -> Rules:
    return replace(rules, missing_key=_served)


@fault(
    "any-key-works",
    breaks="VFY-AUTH-002",
    harm="A made-up key opens an account.",
)
def any_key_works(rules: Rules) -> Rules:
    return replace(rules, wrong_key=_served)


@fault(
    "revoked-key-works",
    breaks="VFY-AUTH-002",
    harm="A stolen key cannot be taken back.",
)
def revoked_key_works(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        return rules.is_known_key(token, key) or (key is None and bool(token))

    return replace(rules, is_known_key=is_known_key)


@fault(
    "no-challenge",
    breaks="VFY-AUTH-003",
    harm="Standard clients do not learn how to authenticate.",
)
def no_challenge(wire: Wire) -> Wire:
    return replace(wire, challenge=None)
