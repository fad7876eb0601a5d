"""Hooks for `st run`: formats it does not know, and things that exist, so that requests arrive.

Read by schemathesis through SCHEMATHESIS_HOOKS, in the folder where `things.json` lies. Generated
valid requests get things of the account they are sent as; the stateful phase finds its own through
the contract's links.
"""

import json
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis.generation.meta import TestPhase

from verify_harness import phone_numbers

THINGS = json.loads(Path("things.json").read_text())
IN_BODIES = ("verify_profile_id", "phone_number")

schemathesis.openapi.format("e164", strategies.integers(0, 9_999).map(phone_numbers.nth))
schemathesis.openapi.format(
    "verification-code", strategies.from_regex(r"[0-9]{4,10}", fullmatch=True)
)
schemathesis.openapi.format(
    "dtmf-digits", strategies.from_regex(r"[0-9A-D*#wW]{0,50}", fullmatch=True)
)


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case[Any], _: Any) -> None:
    """Put existing things into valid requests outside the stateful phase."""
    if case.meta is None or case.meta.phase.name == TestPhase.STATEFUL:
        return
    if not case.meta.generation.mode.is_positive:
        return
    things = dict(THINGS.get(case.auth_identity, THINGS["alice"]))
    if case.method == "DELETE":
        things["verify_profile_id"] = things["spare_profile_id"]
    for name in case.path_parameters or {}:
        case.path_parameters[name] = things[name]
    if isinstance(case.body, dict):
        _furnish(case.body, things)


def _furnish(body: dict[str, Any], things: dict[str, str]) -> None:
    """Existing things, also in a profile's blocks, and one of two fields that exclude another."""
    for name in IN_BODIES:
        if name in body:
            body[name] = things[name]
    for block in body.values():
        if isinstance(block, dict) and "messaging_template_id" in block:
            block["messaging_template_id"] = things["template_id"]
    if "code" in body:
        body.pop("status", None)
