"""Documented statuses that the sandbox never answers, and why (`specs/unreachable.toml`)."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verify_harness import content
from verify_harness.errors import ContentError
from verify_harness.spec.document import Spec

_REQUIRED = {"status", "dialects", "reason"}
_KEYS = _REQUIRED | {"operations", "but_not"}


def unreachable(
    spec: Spec, dialect: str, path: Path | None = None
) -> Mapping[str, Mapping[str, str]]:
    """The reason by operation and status, for the statuses that the operation documents.

    An entry is about its `operations`, or about all but those of `but_not`.

    Raises:
        ContentError: the file cannot be read, or an entry has a wrong key or no reason.

    """
    path = path or content.specs() / "unreachable.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("unreachable", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}.") from None
    found: dict[str, dict[str, str]] = {}
    for number, entry in enumerate(entries, 1):
        if not (_REQUIRED <= entry.keys() <= _KEYS and entry["reason"].strip()):
            keys = ", ".join(sorted(_REQUIRED))
            raise ContentError(f"{path}: entry {number} needs {keys}, and may name operations.")
        if dialect in entry["dialects"]:
            for operation_id in _operations(spec, entry):
                found.setdefault(operation_id, {})[entry["status"]] = entry["reason"]
    return found


def _operations(spec: Spec, entry: Mapping[str, Any]) -> list[str]:
    documenting = [
        each.operation_id for each in spec.operations if entry["status"] in each.responses
    ]
    named, excepted = entry.get("operations", documenting), entry.get("but_not", [])
    return [name for name in documenting if name in named and name not in excepted]
