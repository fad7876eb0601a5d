"""Exceptions that end a check early; `outcomes.judge` decides what each one means."""

from collections.abc import Mapping
from types import MappingProxyType

from verify_harness.keys import SECOND_KEY_VARIABLE
from verify_harness.targets.target import SECOND_KEY_LEVER


class Blocked(Exception):
    """A set-up step failed, so the check cannot judge its own requirement.

    `by` is the requirement that the failed step depends on.
    """

    def __init__(self, by: str, message: str) -> None:
        super().__init__(message)
        self.by = by


_LACKING: Mapping[str, str] = MappingProxyType(
    {
        "tenants": "checks have no accounts of their own there",
        "clock": "time cannot be moved there",
        "outbox": "the messages it sends cannot be read",
        "limits": "its rate limits cannot be set",
        "revoke-key": "a key cannot be revoked there",
        "webhooks": "the webhooks it sends cannot be seen",
        "second-key": "there is no second account",
    }
)
"""What a target lacks without a lever."""


class NotObservable(Exception):
    """The target lacks a lever that the check needs."""

    def __init__(self, lever: str) -> None:
        remedy = f"the sandbox can: lever {lever}"
        if lever == SECOND_KEY_LEVER:
            remedy = f"set {SECOND_KEY_VARIABLE}"
        super().__init__(f"{_LACKING.get(lever, 'something is missing there')} ({remedy})")


class NoAnswer(Exception):
    """No HTTP response arrived.

    `blames` is the requirement of the set-up step that got none; None outside of set-up.
    """

    def __init__(self, message: str, blames: str | None = None) -> None:
        super().__init__(message)
        self.blames = blames


class FaultCaught(BaseException):
    """A proof has its finding, and the rest of the check would add nothing.

    Not an `Exception`, because hypothesis would catch and replay it.
    """

    def __init__(self, requirement: str) -> None:
        super().__init__(f"{requirement} caught the fault")
