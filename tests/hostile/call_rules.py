"""Which calls a user's words permit: the rules of SECURITY.md and docs, written a second time.

The oracle of `test_combinations.py`. It imports nothing of the product and reads no URL: it looks
at what was dialled and sent, and at the true meaning of a case's words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network

from tests.hostile.combinations import (
    LIVE_ADDRESSES,
    LIVE_NAMES,
    Address,
    Case,
    Channel,
    Grant,
    Host,
    Url,
)

_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")
_PATHS = re.compile(r"evil\.example")


@dataclass
class Call:
    """One connection, and what was sent on it."""

    address: str
    port: int
    is_encrypted: bool = False
    """Whether TLS stands on the connection itself, or on the tunnel through it."""
    heads: list[str] = field(default_factory=list)
    """The head of each request, in lower case."""

    @property
    def hosts(self) -> list[str]:
        """Who each request is for, by its own words."""
        return [
            _without_port(line.partition(":")[2].strip())
            for head in self.heads
            for line in head.split("\r\n")
            if line.startswith("host:")
        ]


def forbidden(case: Case, calls: Sequence[Call]) -> list[str]:
    """What was called against the rules, one sentence each."""
    return [
        f"case {case.number}: {reason}: {call}" for call in calls for reason in _faults(case, call)
    ]


def must_call(case: Case) -> bool:
    """Whether a case is so plainly permitted that a harness which calls nobody would be useless."""
    if case.proxy or case.token_url or case.spec or case.planted or case.target is None:
        return False
    if "lying file" in {case.target_by, case.grants_by if case.grants else "flag"}:
        return False
    target, name = case.target, case.target.host.name
    if name is None or target.scheme == "ftp" or _PATHS.search(target.text):
        return False
    if any(grant.name is None for grant in case.grants):
        return False
    if name in {"127.0.0.1", "::1", "127.9.9.9"}:
        return case.command != "webhook" or target.scheme == "http"
    is_staging = name in {"staging.example", "198.51.100.7", "10.20.0.9"}
    is_named = any(grant.name == name for grant in case.grants)
    load_is_fine = not case.is_load or (case.command == "load run" and all(case.ceiling))
    is_fine = is_staging and is_named and target.scheme == "https" and load_is_fine
    return is_fine and case.command != "webhook"


def _faults(case: Case, call: Call) -> Iterator[str]:
    address = ip_address(call.address)
    knows_live = bool(case.names["api.telnyx.com"][0])
    if knows_live and _reached(address) & LIVE_ADDRESSES:
        yield "an address of the live service was dialled"
    if any(host in LIVE_NAMES or host.endswith(".telnyx.com") for host in call.hosts):
        yield "the live service was called by its name"
    if _is_planted(case):
        yield "a file that nobody named decided who is called"
    meant = _meant(case)
    if not meant and not (address.is_loopback and case.target is None):
        yield "nothing that was named may be called"
    if case.target is not None and not any(_leads_to(case, url, address) for url in meant):
        yield "no permitted host has this address"
    known = {_plain(url.host.name or "") for url in _named_urls(case)} | {"127.0.0.1"}
    if any(_plain(host) not in known for host in call.hosts):
        yield "a request is for a host that nobody named"
    if not address.is_loopback and not call.is_encrypted and not case.plain_text:
        yield "a request left the machine in clear"
    if _is_load(case, address) and not _has_ceiling(case):
        yield "load left the machine without a ceiling"
    if case.command == "webhook" and not address.is_loopback:
        yield "a webhook left the machine"


def _named_urls(case: Case) -> list[Url]:
    named = (case.target, case.proxy, case.token_url)
    return [url for url in named if url is not None]


def _meant(case: Case) -> list[Url]:
    """The URLs whose connections are permitted; those behind a proxy permit its connections."""
    if case.proxy is not None and case.command != "webhook":
        behind = [url for url in (case.target, case.token_url) if url and _may(case, url.host)]
        return [case.proxy] if behind and _may(case, case.proxy.host) else []
    urls = (case.target, case.token_url)
    return [url for url in urls if url is not None and _may(case, url.host)]


def _may(case: Case, host: Host) -> bool:
    """Whether a host is loopback, or was allowed by its name or by its network."""
    if host.name is None:
        return False
    if _is_this_machine(host):
        return True
    if case.command == "webhook":
        return False
    if host.name in LIVE_NAMES or host.name.endswith(".telnyx.com"):
        return False
    return any(_grants(grant, host) for grant in case.grants)


def _grants(grant: Grant, host: Host) -> bool:
    if grant.network is not None:
        address, network = host.address, ip_network(grant.network)
        return address is not None and address in network
    return grant.name is not None and grant.name == host.name


def _leads_to(case: Case, url: Url, address: Address) -> bool:
    """Whether the URL's host has this address, and may have it."""
    if url.host.name is None or (_is_this_machine(url.host) and not address.is_loopback):
        return False
    return any(_reached(each) & _reached(address) for each in case.addresses_of(url.host.name))


def _is_this_machine(host: Host) -> bool:
    """By its spelling; an IPv4 address in IPv6's clothes is not, nor is a number without dots."""
    address = host.address
    mapped = getattr(address, "ipv4_mapped", None)
    is_address = address is not None and address.is_loopback and mapped is None
    return host.name == "localhost" or is_address


def _is_load(case: Case, address: Address) -> bool:
    """Whether load goes there; a token may be fetched from elsewhere."""
    is_target = case.target is not None and _leads_to(case, case.target, address)
    return case.is_load and is_target and not address.is_loopback


def _has_ceiling(case: Case) -> bool:
    return case.command == "load run" and all(case.ceiling)


def _is_planted(case: Case) -> bool:
    """Whether a file that merely lies there would have to be believed for this call."""
    if case.command == "webhook":
        return False
    lying: Channel = "lying file"
    lies = [case.target_by == lying and case.target is not None]
    lies += [case.grants_by == lying and bool(case.grants)]
    lies += [case.proxy_by == lying and case.proxy is not None]
    is_here = case.target is not None and _is_this_machine(case.target.host)
    return any(lies[1:]) or (lies[0] and not is_here)


def _reached(address: Address) -> frozenset[Address]:
    """An address, and the IPv4 address that is reached through it by translation or a tunnel."""
    if not isinstance(address, IPv6Address):
        return frozenset({address})
    embedded = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 0xFFFF):
        embedded.append(ip_address(int(address) & 0xFFFF_FFFF))  # type: ignore[arg-type]  # of IPv4
    return frozenset({address, *(each for each in embedded if each is not None)})


def _without_port(authority: str) -> str:
    host, colon, port = authority.rpartition(":")
    return host if colon and port.isdecimal() else authority


def _plain(host: str) -> str:
    """A host without brackets; an address in its one spelling."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(bare))
    except ValueError:
        return bare
