"""The same requests through locust's own fast session, to compare with; `client = "fasthttp"`.

No redirects, TLS verified. A 4xx is an ordinary answer here: locust itself would keep the whole
request, key included, in an exception (facts.md#locust-exception-keys).
"""

import time
from itertools import count

from geventhttpclient.useragent import CompatResponse
from locust.contrib.fasthttp import FAILURE_EXCEPTIONS, FastHttpSession
from locust.event import EventHook

from verify_harness.load.answer import Answer, failure_of
from verify_harness.load.settings import LoadSettings
from verify_harness.load.steps import Step
from verify_harness.load.templates import Body, as_json, filled, headers_of

REQUEST_TIMEOUT_SECS = 30.0
MOST_CONNECTIONS = 900
"""From 1 024 sockets on this session loses keep-alive (facts.md#geventhttpclient-sockets)."""
_LONGEST_FAILURE = 120
_ALL_STATUSES = frozenset(range(100, 600))


class FastHttpClient:
    """The process's connections to the target; safe to use from many greenlets."""

    def __init__(self, settings: LoadSettings, request_event: EventHook) -> None:
        self._base_url = settings.target_url
        self._session = FastHttpSession(
            base_url=settings.target_url,
            request_event=request_event,
            user=None,
            insecure=False,
            concurrency=MOST_CONNECTIONS,
            network_timeout=REQUEST_TIMEOUT_SECS,
            connection_timeout=REQUEST_TIMEOUT_SECS,
            max_retries=0,
            max_redirects=0,
        )
        self._session.client.valid_response_codes = _ALL_STATUSES  # type: ignore[misc]  # ours only
        self._run_id = settings.run_id
        self._request_ids = count(1)
        self._headers = {**headers_of(settings), "Content-Type": "application/json"}

    def send(self, step: Step, arguments: tuple[str, ...] = (), body: Body | None = None) -> Answer:
        """Send a request of the load; locust's statistics see it under the step's name."""
        sent = time.perf_counter()
        with self._session.request(
            step.method,
            filled(step.path, arguments),
            name=step.name,
            data=as_json(body),
            headers=self._with_request_id(),
            catch_response=True,
        ) as response:
            answer = _answer(response, sent)
            problem = "HTTP 429" if answer.status == 429 else answer.failure
            if problem is None:
                response.success()
            else:
                response.failure(problem)
        return answer

    def send_aside(
        self, step: Step, arguments: tuple[str, ...] = (), body: Body | None = None
    ) -> Answer:
        """Send a request that no statistics count; never raises for what the target does."""
        sent = time.perf_counter()
        try:
            response = self._session.client.urlopen(
                f"{self._base_url}{filled(step.path, arguments)}",
                method=step.method,
                headers=self._with_request_id(),
                payload=as_json(body),
            )
        except FAILURE_EXCEPTIONS as error:
            return Answer(None, b"", _described(error), sent, time.perf_counter())
        return _answer(response, sent)

    @property
    def health(self) -> dict[str, int]:
        """Nothing: this session does not tell how often it connects."""
        return {}

    def close(self) -> None:
        """Close the idle connections."""
        self._session.client.clientpool.close()

    def _with_request_id(self) -> dict[str, str]:
        return {**self._headers, "x-request-id": f"{self._run_id}-load-{next(self._request_ids)}"}


def _answer(response: CompatResponse, sent: float) -> Answer:
    error = getattr(response, "error", None)
    try:
        status, content = response.status_code, response.content or b""
    except FAILURE_EXCEPTIONS as broken:
        error = error or broken
    finished = time.perf_counter()
    if error is not None:
        return Answer(None, b"", _described(error), sent, finished)
    headers = response.headers.items() if response.headers else ()
    head = "".join(f"\r\n{name}: {value}" for name, value in headers)
    raw = f"HTTP/1.1 {status}{head}\r\n\r\n".encode("latin-1", "replace")
    return Answer(status, content, failure_of(status), sent, finished, raw)


def _described(error: BaseException) -> str:
    """The innermost cause in few words, the same for all requests that fail alike."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return f"{type(error).__name__}: {error}"[:_LONGEST_FAILURE]
