"""Media types as OpenAPI uses them: keys of `content`, ranges among them, and what an answer names.

OpenAPI 3.1, Media Type Object: a key is a media type or a range, and the most specific one applies.
Parameters of a key (`; charset=utf-8`) never exclude an answer; they only make a key more specific.
"""

import re
from collections.abc import Iterable

JSON = "application/json"
_NAME = r"[!#$%&'*+.^_`|~0-9a-z-]+"
_MEDIA_TYPE = re.compile(rf"\s*({_NAME})/({_NAME})\s*(?:;(.*))?", re.DOTALL)

Parsed = tuple[str, str, frozenset[str]]


def parsed(media_type: str) -> Parsed | None:
    """Type, subtype and parameters, in lower case; None where it is no media type."""
    match = _MEDIA_TYPE.fullmatch(media_type.lower())
    if match is None:
        return None
    parameters = (match[3] or "").replace('"', "").split(";")
    return match[1], match[2], frozenset("".join(text.split()) for text in parameters) - {""}


def best(keys: Iterable[str], media_type: str) -> str | None:
    """The most specific key that an answer of this media type falls under; None if none does."""
    wanted = parsed(media_type)
    if wanted is None:
        return None
    ranked = [(rank, key) for key in keys if (rank := _rank(parsed(key), wanted)) is not None]
    return max(ranked, key=lambda entry: entry[0])[1] if ranked else None


def is_json(media_type: str) -> bool:
    """Whether bodies of this type are JSON: `application/json`, `text/json`, `…+json`."""
    found = parsed(media_type)
    return found is not None and (found[1] == "json" or found[1].endswith("+json"))


def may_be_json(key: str) -> bool:
    """Whether JSON may stand under a key of `content`: a JSON type, or a range that has one."""
    return is_json(key) or best([key], JSON) is not None


def _rank(key: Parsed | None, wanted: Parsed) -> tuple[int, int] | None:
    """How specific a key is for a media type; None where it does not fit."""
    if key is None:
        return None
    kind, subtype, parameters = key
    shared = len(parameters) if parameters <= wanted[2] else -len(parameters)
    if (kind, subtype) == wanted[:2]:
        return 3, shared
    if kind == wanted[0] and subtype.startswith("*+") and wanted[1].endswith(subtype[1:]):
        return 2, shared
    if kind == wanted[0] and subtype == "*":
        return 1, shared
    return (0, shared) if (kind, subtype) == ("*", "*") else None
