"""Digest of a check's generated requests; the same seed gives the same digest on any target."""

import hashlib
import re
from dataclasses import dataclass, field

from verify_harness.exchange import Request
from verify_harness.tracing import RUN_HEADERS

_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Digest:
    """SHA-256 of requests in order, with placeholders for ids, without origin and header values."""

    origin: str
    """Scheme and authority of every URL, left out because the port varies."""
    _ids: dict[bytes, bytes] = field(default_factory=dict)
    _sum: "hashlib._Hash | None" = None

    def add(self, request: Request) -> None:
        """Add a request."""
        path = request.url.removeprefix(self.origin)
        names = [name for name, _ in request.headers if name.lower() not in RUN_HEADERS]
        parts = (request.method, path, *names, (request.body or b"").decode("latin-1"))
        text = "\0".join(parts).encode()
        self._sum = self._sum or hashlib.sha256()
        self._sum.update(_UUID.sub(self._placeholder, text) + b"\n")

    @property
    def sha256(self) -> str | None:
        """The digest in hexadecimal; None without requests."""
        return self._sum.hexdigest() if self._sum else None

    def _placeholder(self, match: re.Match[bytes]) -> bytes:
        return self._ids.setdefault(match[0], b"{id-%d}" % (len(self._ids) + 1))
