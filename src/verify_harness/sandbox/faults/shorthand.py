"""Small helpers to word a fault in one line."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.validation import Check, Field


def with_check(rules: Rules, name: str, check: Check) -> Rules:
    """The field `name` is checked differently, in every request that has it at its top."""

    def changed(field: Field) -> Field:
        return replace(field, check=check) if field.name == name else field

    fields = {kind: tuple(map(changed, declared)) for kind, declared in rules.fields.items()}
    return replace(rules, fields=fields)


def with_check_in(rules: Rules, kind: str, name: str, check: Check) -> Rules:
    """The field `name` is checked differently in one kind of request: on one channel, say."""

    def changed(field: Field) -> Field:
        return replace(field, check=check) if field.name == name else field

    fields = {**rules.fields, kind: tuple(map(changed, rules.fields[kind]))}
    return replace(rules, fields=fields)


def with_block_check(rules: Rules, block: str, name: str, check: Check) -> Rules:
    """The field `name` of a channel's block is checked differently."""

    def inside(field: Field) -> Field:
        return replace(field, check=check) if field.name == name else field

    def changed(field: Field) -> Field:
        if field.name != block:
            return field
        return replace(field, fields=tuple(map(inside, field.fields)))

    fields = {kind: tuple(map(changed, declared)) for kind, declared in rules.fields.items()}
    return replace(rules, fields=fields)


def every_twentieth() -> Callable[[], bool]:
    """A counter of its own: true at every twentieth call."""
    calls = count(1)
    return lambda: next(calls) % 20 == 0


def edit_verification(rules: Rules, edit: Callable[[dict[str, Any]], None]) -> Rules:
    """Every verification reads as `edit` leaves it."""
    render = rules.render_verification

    def edited(*arguments: Any) -> dict[str, Any]:
        shown = render(*arguments)
        edit(shown)
        return shown

    return replace(rules, render_verification=edited)


def edit_profile(rules: Rules, edit: Callable[[dict[str, Any]], None]) -> Rules:
    """Every profile reads as `edit` leaves it."""
    render = rules.render_profile

    def edited(*arguments: Any) -> dict[str, Any]:
        shown = render(*arguments)
        edit(shown)
        return shown

    return replace(rules, render_profile=edited)
