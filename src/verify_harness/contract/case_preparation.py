"""Prepares generated cases: replaces invented ids by ids of objects that exist.

Without it most generated requests end at "not found" and the operation behind is never exercised
(facts.md#unreached-operations).
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from schemathesis.core.parameters import ParameterLocation

from verify_harness import phone_numbers
from verify_harness.contract.answer_errors import reads_answers
from verify_harness.contract.api import ALLOWED, CHANNELS
from verify_harness.contract.context import current
from verify_harness.contract.existing_objects import ExistingObjects, Maker
from verify_harness.contract.generated import AnyCase
from verify_harness.safety.addresses import is_loopback

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ENOUGH_DIGITS_TO_DIAL = 7


@reads_answers
def use_existing_ids(case: AnyCase, operation_id: str, objects: ExistingObjects) -> None:
    """Replace invented ids by existing ones, unless the id is the invalid part of the case.

    The metadata is frozen first: schemathesis would otherwise classify the changed case again,
    without knowing our formats.
    """
    case.freeze_metadata()
    if _keeps_schema(case, ParameterLocation.PATH):
        for name, make in objects.path(operation_id).items():
            if name in case.path_parameters:
                case.path_parameters[name] = make()
    if isinstance(case.body, dict):
        case.body = _with_real_ids(case.body, objects)
        if operation_id == "CreateVerifyProfile" and not case.body.keys() & set(CHANNELS):
            # Whether a profile needs a channel is open (facts.md#c1); a check of its own asks.
            case.body["sms"] = {"whitelisted_destinations": [*ALLOWED["whitelisted_destinations"]]}


def _keeps_schema(case: AnyCase, location: ParameterLocation) -> bool:
    part = case.meta.components.get(location) if case.meta else None
    return part is None or part.mode.is_positive


@reads_answers
def _with_real_ids(body: dict[str, Any], objects: ExistingObjects) -> dict[str, Any]:
    """The body with all well-formed profile and template ids replaced, nested ones included."""
    makers: Mapping[str, Maker] = {
        "verify_profile_id": lambda: str(objects.profile["id"]),
        "messaging_template_id": lambda: objects.template_id,
    }

    def real(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: real(key, item) for key, item in value.items()}
        if name in makers and isinstance(value, str) and _UUID.fullmatch(value):
            return makers[name]()
        return value

    return {name: real(name, value) for name, value in body.items()}


@reads_answers
def may_be_sent(case: AnyCase) -> bool:
    """Whether a case may be sent: off loopback it must not contain a number in use."""
    if is_loopback(urlsplit(current().target.url).hostname or ""):
        return True
    body = case.body if isinstance(case.body, dict) else {}
    named = (body.get("phone_number"), case.path_parameters.get("phone_number"))
    return not any(_could_be_dialled(value) for value in named if value is not None)


@reads_answers
def _could_be_dialled(value: Any) -> bool:
    digits = "".join(character for character in str(value) if character.isdigit())
    return len(digits) >= _ENOUGH_DIGITS_TO_DIAL and not phone_numbers.is_reserved(f"+{digits}")
