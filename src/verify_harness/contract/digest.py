"""The digest of what a check generated: the same for the same seed, wherever and with whomever."""

import hashlib
import re
from dataclasses import dataclass, field

from verify_harness.exchange import Request

_OURS = frozenset({"x-request-id", "x-sandbox-tenant"})
"""Headers that name the run; they are no part of what was generated."""

_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Digest:
    """Of requests in their order, with ids as placeholders and without address and key."""

    origin: str
    """The start of every URL; the same requests go to another port."""
    _ids: dict[bytes, bytes] = field(default_factory=dict)
    _sum: "hashlib._Hash | None" = None

    def add(self, request: Request) -> None:
        """Take one request in."""
        path = request.url.removeprefix(self.origin)
        kept = [name for name, _ in request.headers if name.lower() not in _OURS]
        parts = (request.method, path, *kept, (request.body or b"").decode("latin-1"))
        text = "\0".join(parts).encode()
        self._sum = self._sum or hashlib.sha256()
        self._sum.update(_UUID.sub(self._placeholder, text) + b"\n")

    @property
    def sha256(self) -> str | None:
        """In hexadecimal; None if there were no requests."""
        return self._sum.hexdigest() if self._sum else None

    def _placeholder(self, found: re.Match[bytes]) -> bytes:
        return self._ids.setdefault(found[0], b"{id-%d}" % (len(self._ids) + 1))
