"""The beginning of a long body, cut in such a way that it can still be redacted.

A body may have a mebibyte, of which the journal holds the first part. Redaction has to know a code
by its place in the JSON, so it needs JSON that is whole, but not all of the body.
"""

import json
from typing import Any


def beginning(text: str, length: int) -> str:
    """About the first `length` characters; JSON stays JSON, without the members after that."""
    try:
        return json.dumps(_Room(length).fit(json.loads(text)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text[:length]


class _Room:
    """What is left of a length while values are fitted into it, one after the other."""

    def __init__(self, length: int) -> None:
        self._left = length

    def fit(self, value: Any) -> Any:
        """The part of a JSON value that there is room for."""
        self._left -= 1
        if isinstance(value, str):
            part = value[: max(self._left, 0)]
            self._left -= len(part)
            return part
        if isinstance(value, dict):
            return {
                self.fit(name): self.fit(item) for name, item in value.items() if self._left > 0
            }
        if isinstance(value, list):
            return [self.fit(item) for item in value if self._left > 0]
        return value
