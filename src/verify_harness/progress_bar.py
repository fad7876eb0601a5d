"""How far a piece of work is, in a line; plain characters, since any terminal has them."""

from verify_harness.results.figures import duration

WIDTH = 20
_LEAST_SECS, _LEAST_SHARE = 3.0, 0.02
"""Before that nothing is known about the rest."""


def bar(share: float) -> str:
    """`[#####---------------]  25 %`."""
    share = max(0.0, min(1.0, share))
    filled = round(share * WIDTH)
    return f"[{'#' * filled}{'-' * (WIDTH - filled)}] {share:4.0%}".replace("%", " %")


def left(share: float, elapsed_secs: float) -> str:
    """` · 12 s left`, as far as that can be told from what is done; else nothing."""
    if not _LEAST_SHARE <= share < 1 or elapsed_secs < _LEAST_SECS:
        return ""
    return f" · {duration(elapsed_secs * (1 - share) / share)} left"
