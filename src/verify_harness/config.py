"""`verify-harness.toml` in the working directory: defaults for the flags of every command.

Flags win over the environment (`VERIFY_HARNESS_*`), the environment wins over this file.
"""

import difflib
import tomllib
from pathlib import Path
from typing import Any

from verify_harness.errors import UsageError

FILE = Path("verify-harness.toml")
KEYS: dict[str, type | tuple[type, ...]] = {
    "target": str,
    "spec": str,
    "allow_remote": list,
    "ca_file": str,
    "proxy": str,
    "api_key_file": str,
    "output": str,
    "seed": int,
    "jobs": (int, str),
    "level": str,
    "dialect": str,
}
"""What the file may set, and of which type."""

Defaults = dict[str, Any]


def load(path: Path = FILE) -> Defaults:
    """The defaults in the file; none where there is no file.

    Raises UsageError naming the file and the key that is unknown or of the wrong type.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None
    return {_known(path, key, value): value for key, value in values.items()}


def _known(path: Path, key: str, value: object) -> str:
    name = key.replace("-", "_")
    if name not in KEYS:
        near = difflib.get_close_matches(name, KEYS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(KEYS)}"
        raise UsageError(f"{path}: {key!r} is not a setting.", hint=hint)
    if not isinstance(value, KEYS[name]) or isinstance(value, bool):
        raise UsageError(f"{path}: {key} has the wrong type: {value!r}.")
    return name
