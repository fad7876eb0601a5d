"""How far a piece of work is, in a line; plain characters, since any terminal has them."""

WIDTH = 20
_LEAST_SECS, _LEAST_SHARE = 3.0, 0.02
"""Before that nothing is known about the rest."""


def bar(share: float) -> str:
    """`[#####---------------]  25 %`."""
    share = max(0.0, min(1.0, share))
    filled = round(share * WIDTH)
    return f"[{'#' * filled}{'-' * (WIDTH - filled)}] {share:4.0%}".replace("%", " %")


def left(share: float, elapsed_secs: float) -> str:
    """` · 12 s left` or ` · 3 min left`, as far as what is done tells that; else nothing."""
    if not _LEAST_SHARE <= share < 1 or elapsed_secs < _LEAST_SECS:
        return ""
    rest_secs = elapsed_secs * (1 - share) / share
    return f" · {rest_secs:.0f} s left" if rest_secs < 90 else f" · {rest_secs / 60:.0f} min left"
