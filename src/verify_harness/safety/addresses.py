"""One reading of a URL for everything that opens a connection: the host as it is dialled.

A URL is brought to its one spelling here before anything judges or dials it, so that what is judged
and what is dialled cannot differ: UTS 46 maps other dots, wide letters and capitals as clients do.
"""

import base64
import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

import idna

from verify_harness.errors import UsageError

_HINT = "give the whole address, such as http://127.0.0.1:8080/v2"
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request goes; `host` is ASCII, in lower case, without brackets or a final dot."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port as a URL or a CONNECT request names them; the port is always there."""
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def host_header(self) -> str:
        """Host and port as the Host header names them; without the scheme's own port."""
        return _bracketed(self.host) if self.port == _PORTS[self.scheme] else self.authority


def base_url(text: str) -> str:
    """A base URL in its one spelling, without a final slash.

    Raises UsageError for what is no HTTP URL, and for blanks, line breaks, a query, a fragment or
    a user name, all of which would end up somewhere else once a path is appended.
    """
    if any(character.isspace() or not character.isprintable() for character in text):
        raise UsageError(
            f"{text!r} holds a blank, a line break or a control character.", hint=_HINT
        )
    if found := re.search(r"[?#\\]", text):
        raise UsageError(
            f"{text!r} holds {found[0]!r}: a base URL ends with its path.",
            hint="leave out the query and the fragment",
        )
    origin, parts = origin_of(text), urlsplit(text)
    port = "" if parts.port is None else f":{parts.port}"
    return f"{origin.scheme}://{_bracketed(origin.host)}{port}{parts.path.rstrip('/')}"


def origin_of(url: str) -> Origin:
    """Where a client would connect to for this URL; raises UsageError if it is no HTTP URL."""
    parts = _split(url)
    if parts.username is not None:
        raise UsageError(
            "the target's URL holds a user name or password.", hint="keys go into TELNYX_API_KEY"
        )
    return Origin(parts.scheme, canonical_host(parts.hostname or ""), _port(parts, url))


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that speaks HTTP/1.1 in clear, and the headers that it wants for itself."""

    origin: Origin
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def proxy_of(url: str) -> Proxy:
    """The proxy that a URL names, perhaps with a user; raises UsageError for other than http://."""
    parts = _split(url)
    if parts.scheme != "http":
        raise UsageError("a proxy has to be named as http://HOST:PORT.")
    origin = origin_of(f"http://{parts.netloc.rpartition('@')[2]}")
    if parts.username is None:
        return Proxy(origin)
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    basic = base64.b64encode(user.encode()).decode()
    return Proxy(origin, (("Proxy-Authorization", f"Basic {basic}"),))


def canonical_host(host: str) -> str:
    """A host name or IP address in the spelling that is dialled; raises UsageError for neither."""
    ascii_host = _as_ascii(host).lower().removesuffix(".")
    try:
        return str(ipaddress.ip_address(ascii_host)) if "%" not in ascii_host else _refused(host)
    except ValueError:
        return ascii_host if _NAME.fullmatch(ascii_host) else _refused(host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its spelling: `localhost`, 127.0.0.0/8 or ::1.

    What `localhost` resolves to is judged by the guard before anything is dialled.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().removesuffix(".") == "localhost"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UsageError(f"{url!r} is not a URL: {error}.", hint=_HINT) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError(f"{url!r} is not an HTTP URL.", hint=_HINT)
    return parts


def _port(parts: SplitResult, url: str) -> int:
    try:
        port = _PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError as error:
        raise UsageError(f"{url!r} is not a URL: {error}.", hint=_HINT) from None
    if port == 0:
        raise UsageError(f"{url!r} is not an HTTP URL: there is no port 0.", hint=_HINT)
    return port


def _as_ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return _refused(host)


def _refused(host: str) -> str:
    raise UsageError(f"{host!r} is neither a host name nor an IP address.", hint=_HINT)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
