"""The API keys of a run: from the environment, a file or a command, never from a flag's value."""

import os
import shlex
import stat
import subprocess
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from verify_harness.errors import UsageError
from verify_harness.safety.secrets import SHORTEST

KEY_VARIABLE = "TELNYX_API_KEY"
SECOND_KEY_VARIABLE = "VERIFY_HARNESS_SECOND_API_KEY"
CLIENT_ID_VARIABLE = "TELNYX_CLIENT_ID"
CLIENT_SECRET_VARIABLE = "TELNYX_CLIENT_SECRET"  # noqa: S105 - its name
TOKEN_URL_VARIABLE = "VERIFY_HARNESS_TOKEN_URL"  # noqa: S105 - its name
RENEWAL_VARIABLE = "VERIFY_HARNESS_TOKEN_RENEWAL"
"""Set for our children only: the key is an access token, and when it has to be renewed."""
_SECRET_VARIABLES = (KEY_VARIABLE, SECOND_KEY_VARIABLE, CLIENT_SECRET_VARIABLE)
_COMMAND_SECS = 60.0
_MOST_BYTES = 64 * 1024
_QUOTES = frozenset("\"'`")

_KNOWN: dict[str, str] = {}
"""What stands in place of each key that this process has read."""


class OAuthClient(msgspec.Struct, frozen=True, kw_only=True):
    """OAuth client credentials, from which access tokens are made (facts.md#oauth)."""

    id: str
    secret: str
    token_url: str = ""
    """Empty: `oauth/token` below the target's base URL."""
    renew_at: float = 0.0
    """When the access token in use has to be renewed, on the monotonic clock; 0: there is none."""

    def __repr__(self) -> str:
        return "OAuthClient()"


class Keys(msgspec.Struct, frozen=True, repr_omit_defaults=True):
    """One key, or two of different accounts; a second key alone does not exist."""

    first: str = ""
    """An API key, or an access token."""
    second: str = ""
    oauth: OAuthClient | None = None
    """What the first key is made from, where it is an access token."""

    def __post_init__(self) -> None:
        """Remember the keys: whatever this process prints last must not hold them."""
        _KNOWN.update(self.secrets)

    def __repr__(self) -> str:
        return f"Keys({'set' if self.exist else 'none'})"

    @property
    def exist(self) -> bool:
        """Whether there is a first key, or what makes one."""
        return bool(self.first) or self.oauth is not None

    @property
    def all(self) -> tuple[str, ...]:
        """The keys that there are, in order."""
        return tuple(key for key in (self.first, self.second) if key)

    @property
    def environment(self) -> dict[str, str]:
        """The variables in which children find the keys."""
        named = {KEY_VARIABLE: self.first, SECOND_KEY_VARIABLE: self.second}
        if self.oauth is not None:
            named |= {
                CLIENT_ID_VARIABLE: self.oauth.id,
                CLIENT_SECRET_VARIABLE: self.oauth.secret,
                TOKEN_URL_VARIABLE: self.oauth.token_url,
                RENEWAL_VARIABLE: str(self.oauth.renew_at),
            }
        return {name: value for name, value in named.items() if value}

    @property
    def fingerprint(self) -> str:
        """What tells an account's key from others, and says nothing about it; empty without one."""
        identity = self.oauth.id if self.oauth else self.first
        return sha256(identity.encode()).hexdigest()[:12] if identity else ""

    @property
    def secrets(self) -> dict[str, str]:
        """What stands in place of each key in everything that is written."""
        return secrets_in(self.environment)


def secrets_in(environment: Mapping[str, str]) -> dict[str, str]:
    """What stands in place of each key that a process is given."""
    return {environment[name]: f"${name}" for name in _SECRET_VARIABLES if environment.get(name)}


def without_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a program of the user's, which needs what they set, but no key of ours."""
    return {name: value for name, value in environment.items() if name not in _SECRET_VARIABLES}


def known_secrets() -> dict[str, str]:
    """The same for every key that this process has read, and those of its environment."""
    return {**secrets_in(os.environ), **_KNOWN}


def read_keys(
    file: Path | None, environment: Mapping[str, str] = os.environ, *, command: str | None = None
) -> Keys:
    """The keys of the file, or of the command's output, and of the environment.

    A key wins over client credentials. The second key never takes the place of a first one that is
    missing or empty. Raises UsageError for what is no key.
    """
    if file is not None and command is not None:
        raise UsageError("a key comes from --api-key-file or --api-key-command, not both.")
    first, oauth = environment.get(KEY_VARIABLE, ""), None
    if file is not None:
        first = _from_file(file)
    elif command is not None:
        first = _from_command(command)
    elif not first or environment.get(RENEWAL_VARIABLE):
        oauth = _oauth_client(environment)
    second = environment.get(SECOND_KEY_VARIABLE, "")
    keys = Keys(checked(KEY_VARIABLE, first), checked(SECOND_KEY_VARIABLE, second), oauth)
    if keys.second and not keys.exist:
        raise UsageError(
            f"{SECOND_KEY_VARIABLE} is set, but there is no first key.",
            hint=f"set {KEY_VARIABLE}, or unset {SECOND_KEY_VARIABLE}",
        )
    return keys


def _oauth_client(environment: Mapping[str, str]) -> OAuthClient | None:
    """The client credentials of the environment; raises UsageError for half of them."""
    client_id = environment.get(CLIENT_ID_VARIABLE, "")
    secret = environment.get(CLIENT_SECRET_VARIABLE, "")
    if not client_id and not secret:
        return None
    for name, value in ((CLIENT_ID_VARIABLE, client_id), (CLIENT_SECRET_VARIABLE, secret)):
        if not value:
            raise UsageError(
                f"{name} is not set, but its other half is.",
                hint=f"set {CLIENT_ID_VARIABLE} and {CLIENT_SECRET_VARIABLE}, or neither",
            )
    return OAuthClient(
        id=checked(CLIENT_ID_VARIABLE, client_id),
        secret=checked(CLIENT_SECRET_VARIABLE, secret),
        token_url=environment.get(TOKEN_URL_VARIABLE, ""),
        renew_at=float(environment.get(RENEWAL_VARIABLE) or 0.0),
    )


def _from_command(command: str) -> str:
    """What a secret manager prints; never said again, not even where it is no key."""
    try:
        ended = subprocess.run(
            shlex.split(command),
            env=without_keys(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=_COMMAND_SECS,
            check=False,
        )
        key = ended.stdout.decode().strip()
    except subprocess.TimeoutExpired:
        raise _no_key(f"did not end within {_COMMAND_SECS:g} s") from None
    except UnicodeDecodeError:
        raise _no_key("printed no UTF-8 text") from None
    except ValueError:
        raise _no_key("has a quote that does not end") from None
    except (OSError, IndexError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is empty"
        raise _no_key(f"cannot be run: {cause}") from None
    if ended.returncode != 0:
        raise _no_key(f"ended with status {ended.returncode}")
    if not key:
        raise _no_key("printed nothing")
    return key


def _no_key(reason: str) -> UsageError:
    return UsageError(
        f"the command of --api-key-command {reason}.",
        hint="it has to print the key, and nothing else, on standard output",
    )


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


def checked(name: str, value: str) -> str:
    """A key as it is; raises UsageError, without saying it, for what is none."""
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
