"""A socket to listen on, or one sentence about why there is none."""

import socket
from errno import EADDRINUSE
from ipaddress import ip_address

from verify_harness.errors import PortInUse, UsageError

BACKLOG = 1024


def listen(address: str, port: int, option: str = "--port") -> socket.socket:
    """Listen on an IP address; port 0 is any free one, `option` is what the user chose it by.

    Raises PortInUse, and UsageError for what is no address of this machine.
    """
    try:
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    except ValueError as cause:
        raise UsageError(f"{address!r} is not an IP address.") from cause
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError as cause:
        listener.close()
        if cause.errno == EADDRINUSE:
            raise PortInUse(address, port, option) from cause
        raise UsageError(f"cannot listen on {address} port {port}: {cause.strerror}.") from cause
    return listener


def url_of(listener: socket.socket) -> str:
    """Where a listening socket is reached."""
    address, port = listener.getsockname()[:2]
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}"
