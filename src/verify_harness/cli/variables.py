"""The variables of the environment that this program reads; a slip in one of them is an error."""

from collections.abc import Mapping

from verify_harness import control_token, keys
from verify_harness.errors import UsageError
from verify_harness.live import consent
from verify_harness.suggest import did_you_mean

PREFIX = "VERIFY_HARNESS_"

OPTIONS = frozenset(
    f"{PREFIX}{name}"
    for name in (
        *("TARGET", "SPEC", "ALLOW_REMOTE", "CA_FILE", "PROXY", "API_KEY_FILE", "OUTPUT"),
        *("API_KEY_COMMAND", "TOKEN_URL", "SEED", "DIALECT", "JOBS", "LEVEL", "CONFIG", "LEDGER"),
    )
)
"""Those that set an option; a test compares them with the options."""

_OTHERS = frozenset(
    {
        keys.SECOND_KEY_VARIABLE,
        control_token.VARIABLE,
        consent.VARIABLE,
        f"{PREFIX}PARENT_PID",  # a child's
        keys.RENEWAL_VARIABLE,  # a child's
        f"{PREFIX}LOAD",  # a load process's
    }
)


def check(environment: Mapping[str, str]) -> None:
    """Raise UsageError for a variable of ours that nobody reads, or that sets an option to nothing.

    A key that is empty counts as none: CI systems set secrets to nothing where there are none.
    """
    ours = sorted(name for name in environment if name.startswith(PREFIX))
    for name in ours:
        if name not in OPTIONS | _OTHERS:
            raise UsageError(
                f"{name} is set, but there is no such setting.",
                hint=did_you_mean(name, OPTIONS | _OTHERS) or "unset it",
            )
        if name in OPTIONS and not environment[name].strip():
            raise UsageError(f"{name} is set, but empty.", hint="unset it, or give it a value")
