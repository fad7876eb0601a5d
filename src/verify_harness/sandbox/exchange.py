"""A request as the operations see it, and their answer before it becomes bytes."""

from dataclasses import dataclass
from typing import Any

from verify_harness.sandbox.error_envelope import Problem
from verify_harness.sandbox.records import Verification


@dataclass(slots=True)
class Request:
    """One HTTP request; header names are lower case, `path` is still percent-encoded."""

    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    body: bytes | None
    """None when it is larger than the sandbox reads."""

    def header(self, name: bytes) -> bytes | None:
        """The first value of one header, as it came."""
        for key, value in self.headers:
            if key == name:
                return value
        return None

    def header_values(self, name: bytes) -> list[str]:
        """Every value of one header, in order."""
        return [value.decode("latin-1") for key, value in self.headers if key == name]


@dataclass(slots=True)
class Answer:
    """What an operation says; `problems` and `body` exclude each other."""

    body: Any = None
    status: int = 200
    problems: tuple[Problem, ...] = ()
    allow: str | None = None
    retry_after_secs: int | None = None
    verification: Verification | None = None
    """The verification the answer is about, if it is about one."""
