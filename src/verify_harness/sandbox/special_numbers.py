"""Numbers that decide what becomes of a trigger, for tests of other people's programs.

They count only where the sandbox was started with `--outcome-numbers`: the harness draws its own
numbers from the same reserved ranges (facts.md#reserved-ranges). An outcome is a change of the
rules for the one trigger that names the number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

SLOW_SECS = 3.0
WAIT_SECS = 30
_CODE = "1234567890"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a number stands for: a sentence, and the rules that make it so."""

    meaning: str
    rules: Mapping[str, Any]


OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        "+12025550190": Outcome(
            f"sent; the code is the first digits of {_CODE}",
            {"draw_code": lambda _random, length: _CODE[:length]},
        ),
        "+12025550191": Outcome(
            "accepted, and no message ever arrives", {"deliveries": lambda _message: ()}
        ),
        "+12025550192": Outcome(
            "refused: the profile does not send to this country (400, code 40309)",
            {"is_allowed": lambda _whitelist, _country: False},
        ),
        "+12025550193": Outcome(
            f"refused: sent to too often (429, Retry-After: {WAIT_SECS})",
            {"number_wait_secs": lambda _limiter, _key, _now: WAIT_SECS},
        ),
        "+12025550194": Outcome(
            "refused: the profile has spent what it may (400, code 40333)",
            {"is_affordable": lambda _profile, _now: False},
        ),
        "+12025550195": Outcome(
            f"sent, and answered after {SLOW_SECS:g} seconds", {"answer_delay_secs": SLOW_SECS}
        ),
        "+12025550196": Outcome(
            "sent, and expired before anybody can check it", {"ends_as": "expired"}
        ),
        "+12025550197": Outcome(
            "sent, and locked as after five wrong codes", {"ends_as": "invalid"}
        ),
    }
)


def by_chance(_number: str) -> Mapping[str, Any] | None:
    """No number is special: what a sandbox does unless it is told otherwise."""
    return None


def by_number(number: str) -> Mapping[str, Any] | None:
    """The rules that a trigger for this number changes, if it is one of ours."""
    outcome = OUTCOMES.get(number)
    return None if outcome is None else outcome.rules
