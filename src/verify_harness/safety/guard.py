"""Who may be called: the one gate in front of every connection.

Loopback is free. Another host has to be named, load on it needs a ceiling, and http:// to it a
permission of its own; the vendor's own service is refused, but to the runs that hold a gate which
judges and charges each of their requests. The name is judged as it is dialled, every address that
it resolves to is judged with it, and connections go to exactly those addresses: the name is
resolved once for the life of a guard, so a second answer of its resolver changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Protocol

from verify_harness.errors import (
    CeilingMissing,
    HostNotAllowed,
    LiveApiRefused,
    LocalhostElsewhere,
    PlainTextRefused,
    RemoteLoadRefused,
)
from verify_harness.exchange import Exchange, Request
from verify_harness.safety.addresses import Origin, is_loopback, origin_of
from verify_harness.safety.name_resolution import system_addresses
from verify_harness.safety.permission import LOOPBACK_ONLY, NO_CEILING, Ceiling, Permission

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""All IP addresses of a host name, in the order in which to try them; raises OSError for none."""

_LIVE_DOMAIN = "telnyx.com"
_LIVE_HOSTS = ("api.telnyx.com", "telnyx.com")
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Route:
    """An origin that may be called, and the addresses to dial for it, in order."""

    origin: Origin
    addresses: tuple[str, ...]


class Gate(Protocol):
    """What judges and charges each request to one origin; `LiveGate` is the one there is."""

    @property
    def origin(self) -> Origin: ...  # noqa: D102 - where it stands
    def admit(self, request: Request, /) -> str | None: ...  # noqa: D102 - as of Guard
    def settle(self, charge_id: str | None, exchange: Exchange, /) -> None: ...  # noqa: D102


@dataclass(frozen=True)
class Guard:
    """What a run may call; ask it about each final URL."""

    permission: Permission = LOOPBACK_ONLY
    load: bool = False
    ceiling: Ceiling = NO_CEILING
    """Of a load; one off loopback needs it whole."""
    resolver: Resolver = system_addresses
    live: Gate | None = None
    """What lets single requests to the live service pass, in a run that is about it."""
    _routes: dict[Origin, Route] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def for_contract(
        cls,
        allowed_hosts: tuple[str, ...] = (),
        resolver: Resolver = system_addresses,
        *,
        allow_plain_text: bool = False,
    ) -> "Guard":
        """Loopback, and what was named by --allow-remote; UsageError where that names no host."""
        permission = Permission(allowed_hosts, allow_plain_text)
        permission.check()
        return cls(permission, resolver=resolver)

    @classmethod
    def for_load(
        cls,
        resolver: Resolver = system_addresses,
        permission: Permission = LOOPBACK_ONLY,
        ceiling: Ceiling = NO_CEILING,
    ) -> "Guard":
        """Loopback, and under a whole ceiling what is permitted."""
        permission.check()
        return cls(permission, load=True, ceiling=ceiling, resolver=resolver)

    @classmethod
    def for_live(
        cls,
        gate: Gate,
        resolver: Resolver = system_addresses,
        permission: Permission = LOOPBACK_ONLY,
    ) -> "Guard":
        """The live service, one judged request at a time; `permission` is about a proxy only."""
        permission.check()
        return cls(permission, resolver=resolver, live=gate)

    def under_load(self, ceiling: Ceiling = NO_CEILING) -> "Guard":
        """The same guard for a run that also drives load."""
        return replace(self, load=True, ceiling=ceiling)

    def admit(self, request: Request) -> str | None:
        """Let one request pass, charged where it costs something; returns the charge's id.

        Raises SafetyRefusal or NoVerdict where it must not be sent.
        """
        return None if self.live is None else self.live.admit(request)

    def settle(self, charge_id: str | None, exchange: Exchange) -> None:
        """Say what became of an admitted request."""
        if self.live is not None:
            self.live.settle(charge_id, exchange)

    def check(self, url: str) -> None:
        """Raise SafetyRefusal unless this URL may be called, UsageError if it is no HTTP URL.

        A name that does not resolve passes, because nothing can be dialled for it.
        """
        try:
            self.route(url)
        except OSError:
            return

    def route(self, url: str) -> Route:
        """Where to connect to for this URL.

        Raises SafetyRefusal where that is not allowed, UsageError for no HTTP URL, and OSError for
        a name that does not resolve. Where the live service's own name does not resolve, as in a
        closed network, only the name of the target tells whether it is the live service.
        """
        return self._route(origin_of(url))

    def check_proxy(self, proxy: Origin, target: Origin) -> None:
        """Raise SafetyRefusal unless this proxy may be used for the target."""
        try:
            self.proxy_route(proxy, target)
        except OSError:
            return

    def proxy_route(self, proxy: Origin, target: Origin) -> Route:
        """Where to connect to for a proxy; its host has to be loopback or allowed, as a target's.

        Raises as `route` does. The proxy may be spoken to in clear where the target speaks TLS,
        because the key then travels inside the tunnel. Behind a proxy the target's name is judged,
        with its addresses as far as this machine knows them; it is the proxy that resolves it.
        """
        judged = replace(proxy, scheme=target.scheme)
        return Route(proxy, self._route(judged).addresses)

    def _route(self, origin: Origin) -> Route:
        route = self._routes.get(origin)
        if route is None:
            self._judge_name(origin)
            addresses = self._resolved(origin)
            self._judge_addresses(origin, addresses)
            route = self._routes[origin] = Route(origin, tuple(map(str, addresses)))
        return route

    def _judge_name(self, origin: Origin) -> None:
        if is_loopback(origin.host) or self._is_admitted(origin):
            return
        if origin.host == _LIVE_DOMAIN or origin.host.endswith(f".{_LIVE_DOMAIN}"):
            raise LiveApiRefused(origin.host)
        if not self.permission.allows(origin.host):
            raise (RemoteLoadRefused if self.load else HostNotAllowed)(origin.host)
        if self.load and not self.ceiling.is_whole:
            raise CeilingMissing(origin.host)
        if origin.scheme != "https" and not self.permission.allow_plain_text:
            raise PlainTextRefused(origin.host)

    def _is_admitted(self, origin: Origin) -> bool:
        """Whether an origin is the live service, in a run whose requests are judged one by one."""
        return self.live is not None and not self.load and origin == self.live.origin

    def _judge_addresses(self, origin: Origin, addresses: Sequence[Address]) -> None:
        if is_loopback(origin.host):
            for address in addresses:
                if not address.is_loopback:
                    raise LocalhostElsewhere(origin.host, str(address))
            return
        if self._is_admitted(origin):
            return
        live = self._live_addresses()
        for address in addresses:
            if not live.isdisjoint(_reached(address)):
                raise LiveApiRefused(origin.host, str(address))

    def _live_addresses(self) -> frozenset[Address]:
        """The addresses of the live service; none where its name does not resolve."""
        found: set[Address] = set()
        for host in _LIVE_HOSTS:
            try:
                for address in self.resolver(host, 443):
                    found |= _reached(_unmapped(address))
            except OSError:
                continue
        return frozenset(found)

    def _resolved(self, origin: Origin) -> tuple[Address, ...]:
        """Every address of an origin, each once; an IP address is its own."""
        found = [origin.host] if _is_ip(origin.host) else self.resolver(origin.host, origin.port)
        if not found:
            raise OSError(f"{origin.host} has no address")
        return tuple(dict.fromkeys(map(_unmapped, found)))


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _unmapped(text: str) -> Address:
    """An address; one of IPv4 that is spelled in IPv6 as the IPv4 address that it reaches."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def _reached(address: Address) -> frozenset[Address]:
    """An address, and the IPv4 address that it is translated to or tunnelled to.

    These are NAT64's well-known prefix (RFC 6052), 6to4 (RFC 3056) and IPv4-compatible addresses.
    """
    if isinstance(address, IPv4Address):
        return frozenset({address})
    low = IPv4Address(int(address) & 0xFFFF_FFFF)
    is_in_low = address in _NAT64 or int(address) == int(low)
    inner = low if is_in_low else address.sixtofour
    return frozenset({address} if inner is None else {address, inner})
