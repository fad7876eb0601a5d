"""The exchanges of a run as an HTTP archive (HAR 1.2), for the tools that open one.

Redacted like the journal: keys are `$TELNYX_API_KEY`, codes have other names. Load is not in it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from verify_harness import __version__
from verify_harness.journal import Entry
from verify_harness.journal.embedded import Request, Response
from verify_harness.journal.records import Exchange
from verify_harness.report.renderers import extract
from verify_harness.sanitize import visible

_UNKNOWN = -1
"""What HAR writes for a size that was not measured."""


@extract("har")
def har(entries: Iterable[Entry]) -> Iterator[str]:
    """One JSON document, entry by entry; `_check`, `_operation` and `_error` are ours."""
    creator = json.dumps({"name": "verify-harness", "version": __version__})
    yield f'{{"log": {{"version": "1.2", "creator": {creator}, "entries": ['
    between = "\n"
    for entry in entries:
        if isinstance(entry, Exchange):
            yield between + json.dumps(_entry(entry), allow_nan=False)
            between = ",\n"
    yield "\n]}}\n"


def _entry(record: Exchange) -> dict[str, Any]:
    started = datetime.fromtimestamp(max(0.0, record.t - record.elapsed_ms / 1000), UTC)
    told = {
        "startedDateTime": started.isoformat(timespec="milliseconds"),
        "time": record.elapsed_ms,
        "request": _request(record.request),
        "response": _response(record.response),
        "cache": {},
        "timings": {"send": 0, "wait": record.elapsed_ms, "receive": 0},
        "_check": visible(record.check),
        "_operation": visible(record.operation_id or ""),
    }
    return told | ({"_error": visible(record.failure)} if record.failure else {})


def _request(request: Request) -> dict[str, Any]:
    query = parse_qsl(_query(request.url), keep_blank_values=True)
    told: dict[str, Any] = {
        "method": visible(request.method),
        "url": visible(request.url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": [{"name": visible(name), "value": visible(value)} for name, value in query],
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN if request.body else 0,
    }
    if request.body is not None:
        media_type = _header(request.headers, "content-type")
        told["postData"] = {"mimeType": media_type, "text": visible(request.body)}
    return told


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _response(response: Response | None) -> dict[str, Any]:
    """The answer; status 0 where there was none, as browsers write it."""
    status = response.status if response else 0
    headers = response.headers if response else {}
    body = visible(response.body) if response else ""
    return {
        "status": status,
        "statusText": _phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers),
        "content": {
            "size": len(body.encode()),
            "mimeType": _header(headers, "content-type") or "x-unknown",
            "text": body,
        },
        "redirectURL": _header(headers, "location"),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _headers(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": visible(name), "value": visible(value)} for name, value in headers.items()]


def _header(headers: dict[str, str], wanted: str) -> str:
    found = (value for name, value in headers.items() if name.lower() == wanted)
    return visible(next(found, ""))
