"""What somebody may have meant who asked for a path or a method that the API does not have."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from verify_harness.sandbox.records import CHANNELS

_VALUE = re.compile(r"[^/]*(?:\d{3}|%)[^/]*")
"""A segment that is a value rather than a name: an id, a number."""
_LEAST_ALIKE = 0.7


def hint(method: str, path: str, base: str, templates: Iterable[str]) -> str:
    """A sentence with the right path, below `base`; empty where nothing is near.

    Old examples trigger at one path for all channels (D22); others forget the base.
    """
    if (method, path) == ("POST", f"{base}/verifications"):
        paths = ", ".join(f"POST {base}/verifications/{channel}" for channel in CHANNELS)
        return f" The channel is part of the path: {paths}."
    if not path.startswith(f"{base}/"):
        return f" Its paths begin with {base}/."
    known = {_shape(template): template for template in templates}
    wanted = _VALUE.sub("{}", path.removeprefix(base))
    as_deep = [shape for shape in known if shape.count("/") == wanted.count("/")]
    near = [
        match
        for shapes in (as_deep, list(known))
        for match in get_close_matches(wanted, shapes, n=1, cutoff=_LEAST_ALIKE)
    ]
    return f" The nearest one is {base}{known[near[0]]}." if near else ""


def _shape(template: str) -> str:
    return re.sub(r"\{\w+\}", "{}", template)
