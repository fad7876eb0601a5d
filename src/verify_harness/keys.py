"""The API keys of a run: from the environment or a file, never from a flag's value."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import msgspec

from verify_harness.errors import UsageError
from verify_harness.safety.secrets import SHORTEST

KEY_VARIABLE = "TELNYX_API_KEY"
SECOND_KEY_VARIABLE = "VERIFY_HARNESS_SECOND_API_KEY"
_MOST_BYTES = 64 * 1024
_QUOTES = frozenset("\"'`")


_KNOWN: dict[str, str] = {}
"""What stands in place of each key that this process has read."""


class Keys(msgspec.Struct, frozen=True, repr_omit_defaults=True):
    """One key, or two of different accounts; a second key alone does not exist."""

    first: str = ""
    second: str = ""

    def __post_init__(self) -> None:
        """Remember the keys: whatever this process prints last must not hold them."""
        _KNOWN.update(self.secrets)

    def __repr__(self) -> str:
        return f"Keys({'set' if self.first else 'none'})"

    @property
    def environment(self) -> dict[str, str]:
        """The variables in which children find the keys."""
        named = {KEY_VARIABLE: self.first, SECOND_KEY_VARIABLE: self.second}
        return {name: key for name, key in named.items() if key}

    @property
    def secrets(self) -> dict[str, str]:
        """What stands in place of each key in everything that is written."""
        return secrets_in(self.environment)


def secrets_in(environment: Mapping[str, str]) -> dict[str, str]:
    """What stands in place of each key that a process is given."""
    names = (KEY_VARIABLE, SECOND_KEY_VARIABLE)
    return {environment[name]: f"${name}" for name in names if environment.get(name)}


def known_secrets() -> dict[str, str]:
    """The same for every key that this process has read, and those of its environment."""
    return {**secrets_in(os.environ), **_KNOWN}


def read_keys(file: Path | None, environment: Mapping[str, str] = os.environ) -> Keys:
    """The keys of the file and the environment; raises UsageError for what is no key.

    The second key never takes the place of a first one that is missing or empty.
    """
    first = environment.get(KEY_VARIABLE, "") if file is None else _from_file(file)
    second = environment.get(SECOND_KEY_VARIABLE, "")
    keys = Keys(_checked(KEY_VARIABLE, first), _checked(SECOND_KEY_VARIABLE, second))
    if keys.second and not keys.first:
        raise UsageError(
            f"{SECOND_KEY_VARIABLE} is set, but there is no first key.",
            hint=f"set {KEY_VARIABLE}, or unset {SECOND_KEY_VARIABLE}",
        )
    return keys


def _from_file(file: Path) -> str:
    try:
        with file.open("rb") as content:  # perhaps a pipe, which has no size
            key = content.read(_MOST_BYTES).decode().removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"the key file {file} cannot be read: {cause}.") from None
    if not key:
        raise UsageError(f"the key file {file} is empty.")
    return key


def readable_by_others(file: Path) -> bool:
    """Whether other users of this machine can read a key file."""
    return os.name == "posix" and bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _checked(name: str, value: str) -> str:
    problem = _problem(value) if value else None
    if problem is not None:
        raise UsageError(
            f"{name} does not look like an API key: {problem}.",
            hint="check for line ends, spaces and quotes",
        )
    return value


def _problem(value: str) -> str | None:
    """What is wrong with a key; what is shorter could not be told from other text in a report."""
    if any(character.isspace() for character in value):
        return "there is white space or a line break in it"
    if not value.isascii() or not value.isprintable():
        return "there is a character in it that cannot be typed"
    if value[0] in _QUOTES or value[-1] in _QUOTES:
        return "there are quotes around it"
    if len(value) < SHORTEST:
        return f"it is shorter than {SHORTEST} characters"
    return None
