"""One answer as it comes over the wire; llhttp (C) frames it, the bounds are ours (RFC 9112)."""

import httptools

from verify_harness.transport import limits

_VERSIONS = frozenset({"1.0", "1.1"})


class BadAnswer(Exception):
    """What came is no answer of HTTP/1.1; `str(error)` says why."""


class AnswerParser:
    """Takes what comes after a request, until its answer is over."""

    __slots__ = (
        *("_ends_with_connection", "_fault", "_has_no_body", "_head_bytes", "_interim_answers"),
        *("_is_connect", "_parser", "body", "has_head", "has_surplus", "headers", "is_complete"),
        *("is_cut", "may_keep", "status"),
    )

    def __init__(self, method: str) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.has_head = self.is_complete = self.is_cut = self.has_surplus = False
        self.may_keep = False
        """Whether the server keeps the connection."""
        self._has_no_body = method == "HEAD"
        self._is_connect = method == "CONNECT"
        self._ends_with_connection = False
        self._head_bytes = self._interim_answers = 0
        self._fault = ""
        self._parser = httptools.HttpResponseParser(self)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be read."""
        return self.is_complete or self.is_cut

    def feed(self, data: bytes) -> None:
        """Take some bytes, or the end of the stream as `b""`; raises BadAnswer."""
        if not data:
            self._end()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fault = "another protocol, which was not asked for"
        except httptools.HttpParserError as error:
            if self.is_complete:
                self.has_surplus = True
            else:
                self._fault = self._fault or str(error)
        if not self.has_head:
            self._count(len(data))
        if self._fault:
            raise BadAnswer(self._fault)

    def _end(self) -> None:
        if not (self.has_head and self._ends_with_connection):
            raise BadAnswer("the connection was closed within an answer")
        self.is_complete = True

    def _count(self, size: int) -> None:
        """Take note of bytes of the head; too many are a fault."""
        self._head_bytes += size
        if self._head_bytes > limits.HEAD_BYTES or len(self.headers) > limits.HEAD_LINES:
            self._fault = (
                f"a head of more than {limits.HEAD_LINES} lines or {limits.HEAD_BYTES} bytes"
            )

    def on_message_begin(self) -> None:
        """What begins after the answer belongs to no request."""
        self.has_surplus = self.has_surplus or self.is_complete

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a line of the head; those after the body (trailers) are left out."""
        if not self.has_head:
            self.headers.append((name.lower(), value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        """The head is over: judge its bounds and how the body is framed."""
        if self.is_complete:
            return
        self.status = self._parser.get_status_code()
        if 100 <= self.status < 200:
            return
        self.has_head = True
        self._head_bytes = sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._count(0)
        if self._parser.get_http_version() not in _VERSIONS or self.status < 200:
            self._fault = self._fault or "another version, or no status"
        self._frame(dict(self.headers))
        self.may_keep = self._parser.should_keep_alive()
        if self._has_no_body or (self._is_connect and self.status < 300):
            self.is_complete = True

    def _frame(self, headers: dict[bytes, bytes]) -> None:
        transfer = headers.get(b"transfer-encoding")
        if transfer is not None and transfer.lower() != b"chunked":
            self._fault = self._fault or "Transfer-Encoding is not chunked"
        self._ends_with_connection = transfer is None and b"content-length" not in headers

    def on_body(self, data: bytes) -> None:
        """Keep a piece of the body, up to the bound."""
        if self.is_complete:
            self.has_surplus = self.has_surplus or bool(data)
            return
        self.body += data
        self.is_cut = len(self.body) > limits.BODY_BYTES

    def on_message_complete(self) -> None:
        """The answer is over, unless it was an interim one (1xx): the final one follows."""
        if self.has_head:
            self.is_complete = True
            return
        self._interim_answers += 1
        if self._interim_answers > limits.INTERIM_ANSWERS:
            self._fault = f"more than {limits.INTERIM_ANSWERS} interim answers"
        self.headers.clear()
        self._head_bytes = 0
