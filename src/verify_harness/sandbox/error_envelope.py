"""Errors as the API words them: codes and titles (facts.md#error-codes) and their envelope."""

from dataclasses import dataclass, field
from typing import Any

DOCS_URL = "https://developers.telnyx.com/docs/overview/errors/"

TITLES = {
    "10004": "Missing required parameter",
    "10005": "Resource not found",
    "10006": "Invalid ID",
    "10007": "Unexpected error",
    "10009": "Authentication failed",
    "10010": "Authorization failed",
    "10011": "Too many requests",
    "10015": "Bad Request",
    "10016": "Phone number must be in +E.164 format",
    "10023": "Invalid JSON",
    "10024": "Unsupported Content-Type",
    "10026": "Invalid parameter type",
    "10027": "Unprocessable Entity",
    "10030": "Method not allowed",
    "10032": "Invalid enumerated value",
    "10033": "Value outside of range",
    "40309": "Invalid destination region",
    "40333": "Spend limit reached",
}
"""The codes the sandbox uses (facts.md#error-codes)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of the error envelope; `pointer` names a body field, `parameter` a query one."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def entry(self) -> dict[str, Any]:
        """The entry as JSON (facts.md#error-envelope)."""
        entry: dict[str, Any] = {
            "code": self.code,
            "title": TITLES[self.code],
            "detail": self.detail,
            "meta": {"url": DOCS_URL + self.code},
        }
        source = {"pointer": self.pointer, "parameter": self.parameter}
        if named := {key: value for key, value in source.items() if value is not None}:
            entry["source"] = named
        return entry


@dataclass(slots=True)
class Refusal(Exception):
    """A request that is answered with problems; raised anywhere below the router."""

    status: int
    problems: tuple[Problem, ...]
    allow: str | None = field(default=None)
    """For 405: the methods the path has."""
    retry_after_secs: int | None = field(default=None)
    """For 429: when to come back."""


def refuse(status: int, code: str, detail: str, **source: str) -> Refusal:
    """A refusal with a single problem."""
    return Refusal(status, (Problem(code, detail, **source),))


def too_many(detail: str, retry_after_secs: int) -> Refusal:
    """A limit on how often is reached (facts.md#too-many-requests)."""
    refusal = refuse(429, "10011", detail)
    refusal.retry_after_secs = retry_after_secs
    return refusal


def not_found(what: str) -> Refusal:
    """Nothing of that id belongs to the caller; the same words whether it exists or not."""
    return refuse(404, "10005", f"No such {what}.")
