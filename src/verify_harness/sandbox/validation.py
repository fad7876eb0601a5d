"""Checks of request bodies: declared field by field, run without a schema library for speed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from verify_harness import phone_numbers
from verify_harness.sandbox.error_envelope import Problem
from verify_harness.sandbox.identity import UUID_SHAPE

Check = Callable[[Any], str | None]
"""From a value to the code of what is wrong with it, or None (facts.md#error-codes)."""

WRONG_TYPE, WRONG_VALUE, OUT_OF_RANGE = "10026", "10015", "10033"
_DETAILS = {
    WRONG_TYPE: "The value has the wrong type.",
    WRONG_VALUE: "The value is not allowed.",
    OUT_OF_RANGE: "The value is outside its range.",
    "10006": "The value is not an id.",
    "10016": "The value is not a number in +E.164 format.",
    "10032": "The value is not one of those allowed.",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a request; `fields` are those inside it, if it is an object."""

    name: str
    check: Check
    required: bool = False
    fields: tuple["Field", ...] = ()


def integer(low: int, high: int) -> Check:
    """A whole number in a range, 2.0 included (JSON Schema); true and false are not numbers."""

    def check(value: Any) -> str | None:
        if type(value) is not int and not (type(value) is float and value.is_integer()):
            return WRONG_TYPE
        return None if low <= value <= high else OUT_OF_RANGE

    return check


def number(low: float, high: float) -> Check:
    """A number in a range."""

    def check(value: Any) -> str | None:
        if type(value) not in {int, float}:
            return WRONG_TYPE
        return None if low <= value <= high else OUT_OF_RANGE

    return check


def boolean(value: Any) -> str | None:
    """True or false."""
    return None if type(value) is bool else WRONG_TYPE


def text(low: int, high: int, pattern: str | None = None) -> Check:
    """A string of `low` to `high` characters, all of it matching the pattern."""
    shape = re.compile(pattern, re.ASCII) if pattern else None

    def check(value: Any) -> str | None:
        if type(value) is not str:
            return WRONG_TYPE
        if not low <= len(value) <= high:
            return OUT_OF_RANGE
        return None if shape is None or shape.fullmatch(value) else WRONG_VALUE

    return check


def nullable(check: Check) -> Check:
    """Null, or what the other check says."""

    def either(value: Any) -> str | None:
        return None if value is None else check(value)

    return either


def one_of(*choices: str) -> Check:
    """One of a few strings."""

    def check(value: Any) -> str | None:
        if type(value) is not str:
            return WRONG_TYPE
        return None if value in choices else "10032"

    return check


def array(item: Check) -> Check:
    """A list whose items all pass."""

    def check(value: Any) -> str | None:
        if type(value) is not list:
            return WRONG_TYPE
        return next((code for entry in value if (code := item(entry))), None)

    return check


def uuid(value: Any) -> str | None:
    """A string shaped like a UUID of any version."""
    if type(value) is not str:
        return WRONG_TYPE
    return None if UUID_SHAPE.fullmatch(value) else "10006"


def e164(value: Any) -> str | None:
    """A string shaped like a number in E.164."""
    if type(value) is not str:
        return WRONG_TYPE
    return None if phone_numbers.E164.fullmatch(value) else "10016"


def an_object(value: Any) -> str | None:
    """An object; what is in it is declared by the field's own fields."""
    return None if type(value) is dict else WRONG_TYPE


def anything(_value: Any) -> str | None:
    """No check."""
    return None


def problems_in(body: dict[str, Any], fields: tuple[Field, ...], at: str = "") -> Iterator[Problem]:
    """What is wrong with the declared fields of a body; fields nobody declared are ignored."""
    for field in fields:
        if field.name not in body:
            if field.required:
                detail = f"{field.name} is required."
                yield Problem("10004", detail, pointer=f"{at}/{field.name}")
            continue
        value = body[field.name]
        if code := field.check(value):
            yield Problem(code, _DETAILS[code], pointer=f"{at}/{field.name}")
        elif field.fields:
            yield from problems_in(value, field.fields, f"{at}/{field.name}")


def declared(body: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """The declared fields of a body, those inside objects too, and nothing else."""
    return {
        field.name: declared(body[field.name], field.fields)
        if field.fields
        else _whole(body[field.name])
        for field in fields
        if field.name in body
    }


def undeclared(body: dict[str, Any], fields: tuple[Field, ...], at: str = "") -> Iterator[str]:
    """The pointers of the fields in a body that nobody declared, those inside objects too."""
    known = {field.name: field.fields for field in fields}
    for name, value in body.items():
        if name not in known:
            yield f"{at}/{name}"
        elif known[name]:
            yield from undeclared(value, known[name], f"{at}/{name}")


def _whole(value: Any) -> Any:
    """A value as it is kept: 2.0 is the whole number 2."""
    return int(value) if type(value) is float and value.is_integer() else value
