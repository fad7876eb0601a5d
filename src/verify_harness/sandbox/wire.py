"""From an answer to bytes: status, headers, body."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import getrandbits
from typing import Any

import msgspec

from verify_harness.sandbox.error_envelope import Problem
from verify_harness.sandbox.exchange import Answer, Request
from verify_harness.sandbox.limits import Allowance

Headers = list[tuple[bytes, bytes]]


def envelope(problems: tuple[Problem, ...]) -> Any:
    """The documented shape of an error (facts.md#error-envelope)."""
    return {"errors": [problem.entry() for problem in problems]}


def no_more(_answer: Answer) -> Headers:
    """No headers besides the usual ones."""
    return []


def whole_body(answer: Answer) -> Any:
    """The body the operation gave."""
    return answer.body


def limit_headers(allowance: Allowance) -> Headers:
    """The documented headers; reset is in seconds from now (facts.md#ratelimit-headers)."""
    return [
        (b"x-ratelimit-limit", b"%d" % allowance.limit),
        (b"x-ratelimit-remaining", b"%d" % allowance.remaining),
        (b"x-ratelimit-reset", b"%d" % allowance.reset_secs),
    ]


def retry_headers(secs: int) -> Headers:
    """When to come back, in seconds (RFC 9110 §10.2.3)."""
    return [(b"retry-after", b"%d" % secs)]


_TRIGGER = re.compile(r"/v2/verifications/[a-z]+", re.ASCII)


def no_hint(_request: Request, _status: int) -> Headers:
    """Clients decide by themselves whether to repeat a request."""
    return []


def once_only(request: Request, status: int) -> Headers:
    """A trigger that failed may have sent: the vendor's SDKs would repeat it twice (D27)."""
    is_trigger = request.method == "POST" and _TRIGGER.fullmatch(request.path)
    return [(b"x-should-retry", b"false")] if status >= 500 and is_trigger else []


_NAME = re.compile(rb"[!-~]{1,128}")


def request_id(given: bytes | None) -> bytes | None:
    """The name of a request: the caller's own if it is one, or else a new one (our choice)."""
    if given is not None and _NAME.fullmatch(given):
        return given
    return b"%016x" % getrandbits(64)


@dataclass(frozen=True, slots=True)
class Wire:
    """How answers are written; a fault replaces one part."""

    media_type: bytes = b"application/json"
    cache_control: bytes = b"no-store"
    """Codes and numbers are not for caches (RFC 9111 §5.2.2.5)."""
    encode: Callable[[Any], bytes] = msgspec.json.encode
    body: Callable[[Answer], Any] = whole_body
    envelope: Callable[[tuple[Problem, ...]], Any] = envelope
    challenge: bytes | None = b"Bearer"
    """The `WWW-Authenticate` of a 401 (RFC 9110 §11.6.1)."""
    names_methods: bool = True
    """Whether a 405 says which methods there are (RFC 9110 §15.5.6)."""
    limit_headers: Callable[[Allowance], Headers] = limit_headers
    retry_headers: Callable[[int], Headers] = retry_headers
    more_headers: Callable[[Answer], Headers] = no_more
    request_id: Callable[[bytes | None], bytes | None] = request_id
    retry_hint: Callable[[Request, int], Headers] = no_hint
    hand_over: Callable[[Answer], Awaitable[Answer]] | None = None
    """On the way from the operation to the bytes, where others may come between; None: nobody."""

    def write(self, answer: Answer, allowance: Allowance | None) -> tuple[Headers, bytes]:
        """The headers and the body of an answer."""
        headers = [
            (b"content-type", self.media_type),
            (b"cache-control", self.cache_control),
            *self.more_headers(answer),
        ]
        if allowance is not None:
            headers += self.limit_headers(allowance)
        if not answer.problems:
            return headers, self.encode(self.body(answer))
        if answer.status == 401 and self.challenge is not None:
            headers.append((b"www-authenticate", self.challenge))
        if answer.allow is not None and self.names_methods:
            headers.append((b"allow", answer.allow.encode()))
        if answer.retry_after_secs is not None:
            headers += self.retry_headers(answer.retry_after_secs)
        return headers, self.encode(self.envelope(answer.problems))

    def name(self, given: bytes | None) -> Headers:
        """The header that names the request."""
        name = self.request_id(given)
        return [] if name is None else [(b"x-request-id", name)]


WIRE = Wire()
GUARDED_WIRE = Wire(retry_hint=once_only)
