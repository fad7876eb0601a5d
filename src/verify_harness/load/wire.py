"""Requests of the load process, by locust's fast session; each is sent once.

No redirects, no retries of a trigger, TLS verified. A 4xx is an ordinary answer here: locust
itself would keep the whole request, key included, in an exception (anchors/load, finding 6).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from locust.contrib.fasthttp import FAILURE_EXCEPTIONS, FastHttpSession, FastResponse
from locust.event import EventHook

from verify_harness import __version__
from verify_harness.load.journey import Answer
from verify_harness.load.settings import LoadSettings

REQUEST_TIMEOUT_SECS = 30.0
_LONGEST_FAILURE = 120
_ALL_STATUSES = frozenset(range(100, 600))


@dataclass(frozen=True, slots=True)
class _Result:
    status: int | None
    content: bytes
    failure: str | None


class Wire:
    """The process's connections to the target; safe to use from many greenlets."""

    def __init__(self, settings: LoadSettings, request_event: EventHook, concurrency: int) -> None:
        """`concurrency` is how many requests may be under way before they queue for a socket."""
        self._base_url = settings.target_url
        self._session = FastHttpSession(
            base_url=settings.target_url,
            request_event=request_event,
            user=None,
            insecure=False,
            concurrency=concurrency,
            network_timeout=REQUEST_TIMEOUT_SECS,
            connection_timeout=REQUEST_TIMEOUT_SECS,
            max_retries=0,
            max_redirects=0,
        )
        self._session.client.valid_response_codes = _ALL_STATUSES  # type: ignore[misc]  # ours only
        self._run_id = settings.run_id
        self._request_ids = count(1)
        self._headers = {
            "Authorization": f"Bearer {settings.api_key}",
            "User-Agent": f"verify-harness/{__version__} run/{settings.run_id}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }

    def send(self, step: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Post a body as part of the load; locust's statistics see it under the step's name."""
        with self._session.request(
            "POST",
            path,
            name=step,
            data=json.dumps(body),
            headers=self._with_request_id(),
            catch_response=True,
        ) as response:
            answer = _answer(_result(response))
            problem = "HTTP 429" if answer.status == 429 else answer.failure
            if problem is None:
                response.success()
            else:
                response.failure(problem)
        return answer

    def send_aside(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Send a request of the set-up or tear-down, which no statistics count."""
        try:
            response = self._session.client.urlopen(
                f"{self._base_url}{path}",
                method=method,
                headers=self._with_request_id(),
                payload=None if body is None else json.dumps(body),
            )
            result = _Result(response.status_code, response.content, None)
        except FAILURE_EXCEPTIONS as error:
            result = _Result(None, b"", _described(error))
        return _answer(result)

    def _with_request_id(self) -> dict[str, str]:
        return {**self._headers, "x-request-id": f"{self._run_id}-load-{next(self._request_ids)}"}


def _result(response: FastResponse) -> _Result:
    error = getattr(response, "error", None)
    if error is not None:
        return _Result(None, b"", _described(error))
    try:
        return _Result(response.status_code, response.content or b"", None)
    except FAILURE_EXCEPTIONS as broken:
        return _Result(None, b"", _described(broken))


def _answer(result: _Result) -> Answer:
    if result.status is None:
        return Answer(None, failure=result.failure)
    answer = Answer(result.status, _json(result.content))
    if answer.succeeded or answer.status == 429:
        return answer
    return Answer(answer.status, answer.body, failure=f"HTTP {answer.status}")


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _described(error: BaseException) -> str:
    """The innermost cause in few words, the same for all requests that fail alike."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return f"{type(error).__name__}: {error}"[:_LONGEST_FAILURE]
