"""What the process tells its caller."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command; where several apply, the first of `PRECEDENCE` wins."""

    PASS = 0
    """Every requirement judged was kept; waived findings are allowed."""
    FAIL = 1
    """A requirement was broken, an SLO missed, a fault not caught, or a waiver is stale."""
    USAGE = 2
    """A flag, a configuration value or the spec is wrong, or nothing was selected."""
    NO_VERDICT = 3
    """The target could not be judged: unreachable, credentials refused, run invalid."""
    REFUSED = 4
    """Refused for safety, before any request."""
    HARNESS_BUG = 5
    """The harness itself failed."""
    INTERRUPTED = 130
    """Stopped by SIGINT; partial results are kept."""
    TERMINATED = 143
    """Stopped by SIGTERM; partial results are kept."""


PRECEDENCE = (
    ExitCode.HARNESS_BUG,
    ExitCode.REFUSED,
    ExitCode.USAGE,
    ExitCode.FAIL,
    ExitCode.NO_VERDICT,
    ExitCode.PASS,
)


def worst(*codes: ExitCode) -> ExitCode:
    """The code that wins where several apply; PASS when there is none."""
    return min(codes, key=PRECEDENCE.index, default=ExitCode.PASS)
