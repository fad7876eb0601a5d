"""Requests and answers in half a line: what a person needs to follow the steps of a finding."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from verify_harness.journal.embedded import Request, Response

_TELLING = ("response_code", "status", "type", "name", "text", "id")
"""Members that say most about an answer, in this order."""
_MOST = 160
_MOST_MEMBERS = 2


def answer(response: Response | None, failure: str | None) -> str:
    """Such as `200, response_code accepted`, `400, 10015 Bad Request`, `no answer: timeout`."""
    if response is None:
        return f"no answer: {failure or 'unknown cause'}"
    told = next(filter(None, (_errors(response.body), _data(response.body))), "")
    return _cut(f"{response.status}, {told}" if told else str(response.status))


def request(sent: Request, base: str) -> str:
    """Such as `POST /verifications/sms {"phone_number": …}`; the address without its base."""
    place = sent.url.removeprefix(base) if base else sent.url
    if place == sent.url:
        place = _path(sent.url)
    return _cut(" ".join(part for part in (sent.method, place, sent.body or "") if part))


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"


def _value(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _errors(body: str) -> str:
    value = _value(body)
    errors = value.get("errors") if isinstance(value, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, dict):
        return ""
    detail = first.get("detail") or first.get("title") or ""
    return f"{first.get('code', '')} {detail}".strip()


def _data(body: str) -> str:
    value = _value(body)
    data = value.get("data") if isinstance(value, dict) else None
    if isinstance(data, list):
        return f"{len(data)} row{'' if len(data) == 1 else 's'}"
    return ", ".join(_members(data)) if isinstance(data, dict) else ""


def _members(data: Mapping[str, Any]) -> Iterator[str]:
    telling = [name for name in _TELLING if isinstance(data.get(name), str | int)]
    if telling[:1] == ["response_code"]:
        telling = telling[:1]
    yield from (f"{name} {data[name]}" for name in telling[:_MOST_MEMBERS])
