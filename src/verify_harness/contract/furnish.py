"""Set-up data for generated cases: real ids where a case only says that an id belongs there.

Without it most generated requests end at "not found" and the operation behind is never exercised
(anchors/contract §0: three of eight operations never answered 2xx, and the run was still green).
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from schemathesis.core.parameters import ParameterLocation

from verify_harness import numbers
from verify_harness.contract.api import ALLOWED, CHANNELS
from verify_harness.contract.check import current
from verify_harness.contract.furniture import Furniture, Maker
from verify_harness.contract.generated import AnyCase
from verify_harness.safety.addresses import is_loopback

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ENOUGH_DIGITS_TO_DIAL = 7


def furnish(case: AnyCase, operation_id: str, furniture: Furniture) -> None:
    """Put ids that exist for ids that a case made up, unless they are what is wrong with it.

    The case keeps its own word on what is wrong with it: schemathesis would otherwise judge the
    changed case anew, without knowing our formats.
    """
    case.freeze_metadata()
    if _keeps_schema(case, ParameterLocation.PATH):
        for name, make in furniture.path(operation_id).items():
            if name in case.path_parameters:
                case.path_parameters[name] = make()
    if isinstance(case.body, dict):
        case.body = _with_real_ids(case.body, furniture)
        if operation_id == "CreateVerifyProfile" and not case.body.keys() & set(CHANNELS):
            # Whether a profile needs a channel is conflict C1; a check of its own asks.
            case.body["sms"] = {"whitelisted_destinations": [*ALLOWED["whitelisted_destinations"]]}


def _keeps_schema(case: AnyCase, location: ParameterLocation) -> bool:
    part = case.meta.components.get(location) if case.meta else None
    return part is None or part.mode.is_positive


def _with_real_ids(body: dict[str, Any], furniture: Furniture) -> dict[str, Any]:
    """The body with every well-formed profile and template id replaced, one level down too."""
    makers: Mapping[str, Maker] = {
        "verify_profile_id": lambda: str(furniture.profile["id"]),
        "messaging_template_id": lambda: furniture.template_id,
    }

    def real(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: real(key, item) for key, item in value.items()}
        if name in makers and isinstance(value, str) and _UUID.fullmatch(value):
            return makers[name]()
        return value

    return {name: real(name, value) for name, value in body.items()}


def may_be_sent(case: AnyCase) -> bool:
    """Whether a case is harmless where it goes: off loopback no number may be anybody's."""
    if is_loopback(urlsplit(current().target.url).hostname or ""):
        return True
    body = case.body if isinstance(case.body, dict) else {}
    named = (body.get("phone_number"), case.path_parameters.get("phone_number"))
    return not any(_could_be_dialled(value) for value in named if value is not None)


def _could_be_dialled(value: Any) -> bool:
    digits = "".join(character for character in str(value) if character.isdigit())
    return len(digits) >= _ENOUGH_DIGITS_TO_DIAL and not numbers.is_reserved(f"+{digits}")
