"""Typed values as ASCII JSON: nothing in it can act on a terminal or a page, UTF-8 holds all."""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

_NOT_PRINTABLE_ASCII = re.compile(r"[^\x00-\x7e]")


def ascii_json(value: Any) -> str:
    """A struct or JSON value on one line; NaN and infinities become null."""
    text = msgspec.json.encode(value).decode()
    return _NOT_PRINTABLE_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)


def well_formed(value: Any) -> Any:
    r"""The same JSON value with lone surrogates spelled out (`\ud800`): UTF-8 cannot hold them."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {well_formed(key): well_formed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [well_formed(item) for item in value]
    return value
