"""One request and what came back, as plain values: the currency of the whole harness."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any


class Purpose(StrEnum):
    """Why a check sends a request."""

    DIRECTED = "directed"
    SET_UP = "set-up"
    GENERATED = "generated"
    RACE = "race"


class FailureKind(StrEnum):
    """Why an exchange has no response."""

    CONNECT_TIMEOUT = "connect-timeout"
    READ_TIMEOUT = "read-timeout"
    WRITE_TIMEOUT = "write-timeout"
    DEADLINE = "deadline"
    """The time for the whole exchange ran out."""
    CONNECT_ERROR = "connect-error"
    CONNECTION_LOST = "connection-lost"
    PROTOCOL_ERROR = "protocol-error"
    DECODING_ERROR = "decoding-error"
    INVALID_URL = "invalid-url"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, ready to be sent; `headers` keep their order and may repeat.

    Nothing secret is in the `repr` of this and the following types: other libraries print it.
    """

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer as it came over the wire; `truncated` where the size cap cut the body."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    truncated: bool = False

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case; None if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; empty if none was sent."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """The body as JSON; None if it is no JSON (a check that needs it then finds nothing)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its response, or with the reason why there is none.

    `failure` describes that reason to a person, `failure_kind` to a program.
    """

    request: Request
    response: Response | None
    elapsed_ms: float
    failure: str | None = field(default=None, repr=False)
    operation_id: str | None = None
    purpose: Purpose = Purpose.DIRECTED
    sequence: int = field(default=0)
    failure_kind: FailureKind | None = None
    oddities: tuple[str, ...] = ()
    """What was wrong with the answer's transport, though it could be read: one sentence each."""

    @property
    def status(self) -> int:
        """The status code; 0 where no answer came."""
        return self.response.status if self.response else 0

    @property
    def json(self) -> Any:
        """The body as JSON; None where there is no answer or no JSON."""
        return self.response.json() if self.response else None

    @property
    def data(self) -> Any:
        """The `data` member of the answer; None where there is none."""
        body = self.json
        return body.get("data") if isinstance(body, dict) else None

    @property
    def error_codes(self) -> list[str]:
        """The codes of the error envelope; empty where there is none."""
        body = self.json
        errors = body.get("errors") if isinstance(body, dict) else None
        items = errors if isinstance(errors, list) else []
        return [str(item.get("code")) for item in items if isinstance(item, dict)]

    def header(self, name: str) -> str | None:
        """The answer's first header of that name; None if there is none."""
        return self.response.header(name) if self.response else None

    def header_items(self, name: str) -> frozenset[str]:
        """The items of a header that is a list (RFC 9110 §5.6.1); none where there is no header."""
        return frozenset(map(str.strip, (self.header(name) or "").split(",")))

    def mentions(self, text: str) -> bool:
        """Whether a text stands anywhere in the answer, headers included."""
        if self.response is None:
            return False
        headers = any(text in value for _, value in self.response.headers)
        return headers or text.encode() in self.response.body

    @property
    def timed_out(self) -> bool:
        """Whether the request was sent and no response came in time."""
        return self.failure_kind in {FailureKind.READ_TIMEOUT, FailureKind.DEADLINE}

    @property
    def is_from_intermediary(self) -> bool:
        """Whether a proxy or firewall seems to have answered for the service: an error in HTML."""
        is_page = self.response is not None and self.response.media_type == "text/html"
        return is_page and (self.status == HTTPStatus.FORBIDDEN or self.status >= 500)

    @property
    def succeeded(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300
