"""What a user permits off loopback: which hosts, in clear or not, and how much load."""

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeVar

from verify_harness.errors import UsageError
from verify_harness.safety.addresses import canonical_host

_Limit = TypeVar("_Limit", int, float)
Network = IPv4Network | IPv6Network

_PRIVATE: tuple[Network, ...] = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""Not `is_private`: that holds link-local addresses, where clouds serve credentials."""


@dataclass(frozen=True)
class Permission:
    """What `--allow-remote` and `--allow-plain-text` say."""

    allow_remote: tuple[str, ...] = ()
    """Exact host names, addresses, and private networks such as 10.20.0.0/16."""
    allow_plain_text: bool = False
    """Whether the key may go to an allowed host over http://."""

    def allows(self, host: str) -> bool:
        """Whether a canonical host was named, or is an address of a network that was."""
        return host in self._hosts or any(_holds(network, host) for network in self._networks)

    def check(self) -> None:
        """Raise UsageError for what names neither a host nor a private network."""
        self.allows("")

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(canonical_host(item) for item in self.allow_remote if "/" not in item)

    @cached_property
    def _networks(self) -> tuple[Network, ...]:
        return tuple(_private_network(item) for item in self.allow_remote if "/" in item)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a load may trigger; None sets no limit."""

    max_triggers: int | None = None
    max_rate_per_s: float | None = None
    """Triggers per second."""

    @property
    def is_whole(self) -> bool:
        """Whether both are limited, as load off loopback needs."""
        return self.max_triggers is not None and self.max_rate_per_s is not None

    def tightened(self, other: "Ceiling") -> "Ceiling":
        """The smaller limit of both, each for itself."""
        return Ceiling(
            _least(self.max_triggers, other.max_triggers),
            _least(self.max_rate_per_s, other.max_rate_per_s),
        )

    def share(self, index: int, count: int) -> "Ceiling":
        """What process `index` of `count` may do; all shares add up to this ceiling."""
        triggers, rate = self.max_triggers, self.max_rate_per_s
        return Ceiling(
            None if triggers is None else len(range(index, triggers, count)),
            None if rate is None else rate / count,
        )


LOOPBACK_ONLY = Permission()
NO_CEILING = Ceiling()


def _least(one: _Limit | None, other: _Limit | None) -> _Limit | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def _holds(network: Network, host: str) -> bool:
    try:
        return ip_address(host) in network
    except ValueError:
        return False


def _private_network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise UsageError(f"--allow-remote {text} is no network: {error}.", hint=_HINT) from None
    if not any(_is_within(network, private) for private in _PRIVATE):
        raise UsageError(f"--allow-remote {text} is not a private network.", hint=_HINT)
    return network


def _is_within(network: Network, private: Network) -> bool:
    same = network.version == private.version
    return same and network.network_address in private and network.prefixlen >= private.prefixlen


_HINT = "name a private network, such as 10.20.0.0/16, or a host by its exact name"
