"""Reads a TOML file into a type; every mistake names the file, the place in it and the nearest key.

The types are frozen `msgspec.Struct`s with `forbid_unknown_fields`; their annotations are the only
description of what a file may hold.
"""

import re
import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import inspect

from verify_harness.errors import ContentError
from verify_harness.suggest import did_you_mean

_Type = TypeVar("_Type")

MAX_BYTES = 1024 * 1024
"""The largest file that is read."""

Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
"""A text that says something."""

_PLACE = re.compile(r" - at `(key in )?\$([^`]*)`$")
_WRONG_NAME = re.compile(
    r"(Object contains unknown field|Invalid enum value|Invalid value) [`'](.*)[`']"
)
_NOUNS = {
    "Object contains unknown field": "key",
    "Invalid enum value": "value",
    "Invalid value": "value",
}
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]+|\.\.\.)\]")
_WORDS = {
    "`float`": "number",
    "`int`": "whole number",
    "`str`": "text",
    "`bool`": "true or false",
    "`array`": "list",
    "`object`": "table",
    "`null`": "nothing",
    "`date`": "a date such as 2027-01-31",
    "object missing required field": "lacks the key",
    r"expected text matching regex '\\S'": "must not be empty",
}


def read(path: Path, into: type[_Type], *, hint: str = "") -> _Type:
    """The content of a TOML file; raises ContentError with the file, the place and a next step."""
    return convert(_values(path, hint), path, into, hint=hint)


def read_tables(path: Path, into: type[_Type]) -> dict[str, _Type]:
    """The same for a file that holds tables of one type under names of the author's choice."""
    return {name: convert(table, path, into, below=name) for name, table in _values(path).items()}


def convert(
    values: Any, path: Path, into: type[_Type], *, below: str = "", hint: str = ""
) -> _Type:
    """The same for values that were read from `path`, where they stand under `below`."""
    try:
        return msgspec.convert(values, into, builtin_types=(date, datetime, time))
    except msgspec.ValidationError as error:
        raise _refusal(str(error), f"{path}: {below}", into, hint) from None


def _values(path: Path, hint: str = "") -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path, hint))
    except RecursionError:
        raise ContentError(f"{path} is nested too deeply.", hint=hint) from None
    except (OSError, ValueError) as error:
        raise ContentError(f"{path} cannot be read: {error}.", hint=hint) from None


def _text(path: Path, hint: str) -> str:
    """The text of a regular file of bounded size: a pipe could have no end."""
    if path.exists() and not path.is_file():
        raise ContentError(f"{path} is not a regular file.", hint=hint)
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ContentError(f"{path} is larger than {MAX_BYTES // 1024} KiB.", hint=hint)
    return content.decode()


def _refusal(message: str, origin: str, into: Any, hint: str) -> ContentError:
    at = _PLACE.search(message)
    place = at[2] if at else ""
    problem = _PLACE.sub("", message)
    if wrong := _WRONG_NAME.fullmatch(problem):
        known = _names_at(inspect.type_info(into), [key for key, _ in _STEP.findall(place)])
        hint = hint if wrong[2] in known else did_you_mean(wrong[2], known) or hint
    problem = _WRONG_NAME.sub(lambda found: f"unknown {_NOUNS[found[1]]} {found[2]!r}", problem)
    problem = problem[0].lower() + problem[1:]
    for word, plain in _WORDS.items():
        problem = problem.replace(word, plain)
    where = f"{origin}{place}".replace(": .", ": ").removesuffix(": ")
    return ContentError(f"{where}: {problem.removesuffix('.0')}.", hint=hint)


def _names_at(found: Any, steps: list[str]) -> list[str]:
    """What may stand at a place such as `shares` or `arrivals[0].shape`: keys, or words."""
    match found:
        case inspect.UnionType():
            return [name for one in found.types for name in _names_at(one, steps)]
        case inspect.StructType(tag_field=str(tag)) if steps == [tag]:
            return [str(found.tag)]
        case inspect.StructType() if steps:
            below = [item.type for item in found.fields if item.encode_name == steps[0]]
            return [name for one in below for name in _names_at(one, steps[1:])]
        case inspect.StructType():
            return [item.encode_name for item in found.fields]
        case inspect.LiteralType():
            return [str(value) for value in found.values]
    item = getattr(found, "item_type", getattr(found, "value_type", None))
    return _names_at(item, steps[1:]) if item and steps else []
