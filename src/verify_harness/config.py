"""`verify-harness.toml` in the working directory: defaults for the flags of every command.

Flags win over the environment (`VERIFY_HARNESS_*`), the environment wins over this file.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from verify_harness import toml_files
from verify_harness.contract.levels import Level

FILE = Path("verify-harness.toml")

Defaults = dict[str, Any]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file may set; `allow-remote` and `allow_remote` are the same key."""

    target: str | UnsetType = UNSET
    spec: str | UnsetType = UNSET
    allow_remote: list[str] | UnsetType = UNSET
    ca_file: str | UnsetType = UNSET
    proxy: str | UnsetType = UNSET
    api_key_file: str | UnsetType = UNSET
    output: str | UnsetType = UNSET
    seed: int | UnsetType = UNSET
    jobs: int | str | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    dialect: str | UnsetType = UNSET


def load(path: Path = FILE) -> Defaults:
    """The defaults in the file; none where there is no file.

    Raises ContentError naming the file and the key that is unknown or of the wrong type.
    """
    if not path.is_file():
        return {}
    values = toml_files.read(path, dict[str, Any])
    plain = {key.replace("-", "_"): value for key, value in values.items()}
    known: Defaults = msgspec.to_builtins(toml_files.convert(plain, path, _File))
    return known
