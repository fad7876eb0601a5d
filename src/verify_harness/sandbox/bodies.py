"""Reading a request: media type, JSON, query and path (RFC 9110, RFC 8259, facts §6.4)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from verify_harness.sandbox.problems import refuse


def is_json(content_types: Sequence[str]) -> bool:
    """Whether the only Content-Type is application/json; its parameters do not matter."""
    if len(content_types) != 1:
        return False
    return content_types[0].partition(";")[0].strip().lower() == "application/json"


def decode_json(body: bytes) -> Any:
    """The JSON of a body; a Refusal (400) if it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as cause:
        raise refuse(400, "10023", "The body is not valid JSON.") from cause


def path_text(segment: str) -> str:
    """A path segment in clear; `+` means itself, never a space (facts §6.4, C13)."""
    return unquote(segment) if "%" in segment else segment


def query_values(query: str) -> dict[str, list[str]]:
    """The values of every query parameter, in order."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return values
