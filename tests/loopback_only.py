"""The tests call nobody outside of this machine: an audit hook sees every attempt, and refuses it.

It stands in the process of the tests. `make test-offline` runs them, and every process that they
start, in a network namespace without routes.
"""

import re
import sys
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

_LOCAL = re.compile(r"\|-- (\S+)\n\s+/32 host LOCAL")

attempts: list[str] = []
"""What was tried outside of this machine since it was last emptied."""


class LeftTheMachine(BaseException):
    """A test tried to reach another machine; no `except` of the product may hide it."""


def install() -> None:
    """Watch this process from now on; nothing can take an audit hook away."""
    sys.addaudithook(_watch)


@cache
def own_addresses() -> frozenset[str]:
    """The IPv4 addresses of this machine, as Linux lists them; empty elsewhere."""
    table = Path("/proc/net/fib_trie")
    return frozenset(_LOCAL.findall(table.read_text()) if table.exists() else ())


def stays_here(host: object) -> bool:
    """Whether a host, as sockets take it, is this machine; names count as elsewhere."""
    if host in {None, "", "localhost", b"localhost"}:
        return True
    text = host.decode("latin-1") if isinstance(host, bytes) else str(host)
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified or text in own_addresses()


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not stays_here(address[0]):
            _refuse(f"{event} {address[0]}:{address[1]}")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not stays_here(arguments[0]):
        _refuse(f"{event} {arguments[0]}")


def _refuse(what: str) -> None:
    attempts.append(what)
    raise LeftTheMachine(what)
