"""The part of the OpenAPI Overlay Specification 1.0.0 that our own overlay uses.

Actions with `target`, `update` and `description`; a target is a path of names and indexes such as
`$.a.b['c/d'][0]`. Mappings merge, lists grow at the end, anything else is replaced.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from verify_harness.errors import SpecError

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\d+)\]", re.ASCII)
_KNOWN = frozenset({"target", "update", "description"})


def apply(document: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `document` with every action of `overlay` done, in order.

    Raises:
        SpecError: not an overlay 1.0, a malformed action, or a target that matches nothing.

    """
    if not str(overlay.get("overlay", "")).startswith("1.0."):
        raise SpecError("not an overlay: the key `overlay` must be 1.0.0.")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise SpecError("the overlay holds no actions.")
    result = copy.deepcopy(dict(document))
    for index, action in enumerate(actions):
        _act(result, action, f"/actions/{index}")
    return result


def _act(document: dict[str, Any], action: Any, place: str) -> None:
    if not isinstance(action, dict) or not {"target", "update"} <= action.keys() <= _KNOWN:
        raise SpecError(f"{place}: an action has a target, an update and a description.")
    node = _find(document, str(action["target"]), place)
    update = action["update"]
    if isinstance(node, list):
        node.append(copy.deepcopy(update))
    elif isinstance(node, dict) and isinstance(update, dict):
        _merge(node, update)
    else:
        raise SpecError(f"{place}: {action['target']} cannot take this update.")


def _find(document: Any, target: str, place: str) -> Any:
    node = document
    for step in _steps(target, place):
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            raise SpecError(f"{place}: {target} matches nothing.") from None
    return node


def _steps(target: str, place: str) -> list[str | int]:
    steps: list[str | int] = []
    position = 1
    while position < len(target):
        match = _STEP.match(target, position)
        if match is None:
            break
        name = next((group for group in match.groups()[:3] if group is not None), None)
        steps.append(int(match[4]) if name is None else name)
        position = match.end()
    if not target.startswith("$") or position < len(target):
        raise SpecError(f"{place}: {target} is not a target of the form $.a.b['c/d'][0].")
    return steps


def _merge(node: dict[str, Any], update: Mapping[str, Any]) -> None:
    for key, value in update.items():
        present = node.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            node[key] = present + copy.deepcopy(value)
        else:
            node[key] = copy.deepcopy(value)
