"""Host names to IP addresses, within a bounded time."""

import socket
from queue import Empty, SimpleQueue
from threading import Thread

from verify_harness.transport.limits import CONNECT_SECS

_Found = tuple[str, ...] | OSError


def system_addresses(host: str, port: int) -> tuple[str, ...]:
    """All addresses that this machine's resolver knows for a name, in its order of preference.

    Raises OSError where there is none, or none within 5 s: `getaddrinfo` itself has no time limit,
    so it runs in a thread that is left behind when it is too slow.
    """
    found: SimpleQueue[_Found] = SimpleQueue()
    Thread(target=lambda: found.put(_looked_up(host, port)), daemon=True).start()
    try:
        result = found.get(timeout=CONNECT_SECS)
    except Empty:
        raise TimeoutError(f"{host} was not resolved within {CONNECT_SECS:g} s") from None
    if isinstance(result, OSError):
        raise result
    return result


def _looked_up(host: str, port: int) -> _Found:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError as error:
        return OSError(f"{host}: {error}")
    return tuple(str(address[0]).partition("%")[0] for *_, address in rows)
