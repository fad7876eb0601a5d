"""Reading a request: media type, JSON, query and path (RFC 9110, RFC 8259)."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from verify_harness.sandbox.error_envelope import refuse


def is_json(content_types: Sequence[str]) -> bool:
    """Whether the only Content-Type is application/json; its parameters do not matter."""
    if len(content_types) != 1:
        return False
    return content_types[0].partition(";")[0].strip().lower() == "application/json"


def decode_json(body: bytes) -> Any:
    """The JSON of a body; a Refusal (400) if it is none, or names a member twice (our choice)."""
    try:
        value = msgspec.json.decode(body)
        if _members(value) < body.count(b":"):
            json.loads(body, object_pairs_hook=_all_different)
    except (msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise refuse(400, "10023", "The body is not valid JSON.") from cause
    return value


def _members(value: Any) -> int:
    """How many members the objects in a value have.

    A body has at least one colon for each; with just as many, none was named twice.
    """
    if type(value) is dict:
        return len(value) + sum(_members(each) for each in value.values())
    return sum(map(_members, value)) if type(value) is list else 0


def _all_different(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a member is named twice")


def is_plain(content_encoding: bytes | None) -> bool:
    """Whether a body came as it is: the sandbox unpacks nothing, so no small body becomes large."""
    return content_encoding is None or content_encoding.strip().lower() == b"identity"


def path_text(segment: str) -> str:
    """A path segment in clear; `+` means itself, never a space (facts.md#c13)."""
    return unquote(segment) if "%" in segment else segment


def query_values(query: str) -> dict[str, list[str]]:
    """The values of every query parameter, in order."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return values
