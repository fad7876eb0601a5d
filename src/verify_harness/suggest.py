"""The one wording for a name that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches

_LEAST_ALIKE = 0.7
"""Below this ratio a proposal is more often silly than right."""
_MOST_LISTED = 12


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint: the known name that is most like a wrong one, else all of them if they are few."""
    names = list(dict.fromkeys(known))
    if near := get_close_matches(name, names, n=1, cutoff=_LEAST_ALIKE):
        return f"did you mean {near[0]}?"
    return f"known: {', '.join(names)}" if len(names) <= _MOST_LISTED else ""
