"""Who may be called: the one gate in front of every request.

Loopback is free. Contract checks on another host need its exact name; load off loopback and the
vendor's own service are refused outright.
"""

import ipaddress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from verify_harness.errors import (
    HostNotAllowed,
    LiveApiRefused,
    PlainTextRefused,
    RemoteLoadRefused,
    UsageError,
)

_LIVE_DOMAIN = "telnyx.com"


@dataclass(frozen=True)
class Guard:
    """What a run may call; ask it about each final URL."""

    allowed_hosts: frozenset[str] = frozenset()
    load: bool = False

    @classmethod
    def for_contract(cls, allowed_hosts: tuple[str, ...] = ()) -> "Guard":
        """Loopback, and the hosts that were named exactly by --allow-remote."""
        return cls(frozenset(host.lower().rstrip(".") for host in allowed_hosts))

    @classmethod
    def for_load(cls) -> "Guard":
        """Loopback only."""
        return cls(load=True)

    def under_load(self) -> "Guard":
        """The same guard for a run that also drives load."""
        return replace(self, load=True)

    def check(self, url: str) -> None:
        """Raise SafetyRefusal unless this URL may be called, UsageError if it is no HTTP URL."""
        scheme, host = _split(url)
        if is_loopback(host):
            return
        if host == _LIVE_DOMAIN or host.endswith(f".{_LIVE_DOMAIN}"):
            raise LiveApiRefused(host)
        if self.load:
            raise RemoteLoadRefused(host)
        if host not in self.allowed_hosts:
            raise HostNotAllowed(host)
        if scheme != "https":
            raise PlainTextRefused(host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1, and no look-alike."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> tuple[str, str]:
    """Scheme and host, lower case, without a trailing dot."""
    hint = "give the whole address, such as http://127.0.0.1:8080/v2"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError as error:
        raise UsageError(f"{url!r} is not a URL: {error}.", hint=hint) from None
    if parts.scheme not in {"http", "https"} or not host or not port_is_valid:
        raise UsageError(f"{url!r} is not an HTTP URL.", hint=hint)
    if parts.username is not None:
        raise UsageError(
            "the target's URL holds a user name or password.", hint="keys go into TELNYX_API_KEY"
        )
    return parts.scheme, host
