"""`verify-harness.toml` in the working directory: defaults for the flags of every command.

Flags win over the environment (`VERIFY_HARNESS_*`), the environment wins over this file. Who may be
called is not for a file that merely lies there: such settings need `--config FILE`.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from verify_harness import toml_files
from verify_harness.contract.levels import Level
from verify_harness.errors import UnaskedConsent
from verify_harness.safety.addresses import is_loopback, origin_of

FILE = Path("verify-harness.toml")

Defaults = dict[str, Any]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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


_CONSENT = ("allow_remote", "proxy", "ca_file", "target")
"""What decides who is called and who may read along."""


def load(named: Path | str | None = None) -> Defaults:
    """The defaults in the file that was named, or in the one of the working directory, if any.

    Raises ContentError naming the file and the key that is unknown or of the wrong type, and
    UnaskedConsent where a file that nobody named permits more than this machine: it may have come
    with a checkout.
    """
    path = FILE if named is None else Path(named)
    if named is None and not FILE.is_file():
        return {}
    values = toml_files.read(path, dict[str, Any])
    plain = {key.replace("-", "_"): value for key, value in values.items()}
    known: Defaults = msgspec.to_builtins(toml_files.convert(plain, path, Settings))
    if named is None:
        _refuse_consent(known)
    return known


def _refuse_consent(defaults: Defaults) -> None:
    """Raise UnaskedConsent for the first setting that leads off this machine."""
    for key in _CONSENT:
        if key in defaults and not (key == "target" and _is_here(defaults[key])):
            raise UnaskedConsent(FILE, key, str(defaults[key]))


def _is_here(url: str) -> bool:
    return is_loopback(origin_of(url).host)
