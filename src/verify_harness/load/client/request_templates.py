"""Requests prepared once: per request only path arguments, id and body are filled in."""

import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from verify_harness import __version__, tracing
from verify_harness.load.client.api_steps import Step
from verify_harness.load.process_settings import LoadSettings

_ARGUMENT = re.compile(r"\{[^}]*\}")
_encode = msgspec.json.Encoder().encode
Body = Mapping[str, Any]
Render = Callable[[tuple[str, ...], Body | None, str], bytes]


def headers_of(settings: LoadSettings) -> dict[str, str]:
    """The headers that are the same for every request of a run."""
    return {
        "Authorization": f"Bearer {settings.api_key}",
        "User-Agent": f"verify-harness/{__version__} run/{settings.run_id}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }


class Templates:
    """Turns steps into the bytes of whole requests."""

    def __init__(self, settings: LoadSettings) -> None:
        parts = urlsplit(settings.target_url)
        self._base_path = parts.path.rstrip("/")
        self._headers = {"Host": parts.netloc, **headers_of(settings)}
        self._id_prefix = f"{settings.run_id}-load-"
        self._ids = count(1)
        self._of_nobody = tracing.trace_id(settings.run_id, "load set-up")
        self._prepared: dict[Step, Render] = {}

    def render(
        self, step: Step, arguments: tuple[str, ...], body: Body | None, trace: str = ""
    ) -> bytes:
        """One request as bytes; arguments fill the path's braces, percent-encoded.

        It belongs to a trace, by default to that of the set-up.
        """
        prepared = self._prepared.get(step)
        if prepared is None:
            prepared = self._prepared[step] = self._prepare(step)
        return prepared(arguments, body, trace or self._of_nobody)

    def _prepare(self, step: Step) -> Render:
        lines = [f"{name}: {value}" for name, value in self._headers.items()]
        head = "\r\n".join([*lines, f"x-request-id: {self._id_prefix}"]).replace("%", "%%")
        path = _ARGUMENT.sub("%s", (self._base_path + step.path).replace("%", "%%"))
        start = f"{step.method} {path} HTTP/1.1\r\n{head}%d\r\ntraceparent: 00-%s-%016x-01\r\n"
        with_body = f"{start}Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        without_body = f"{start}\r\n"
        next_id = self._ids.__next__

        def render(arguments: tuple[str, ...], body: Body | None, trace: str) -> bytes:
            safe = tuple(map(_quoted, arguments)) if arguments else ()
            number = next_id()
            if body is None:
                return (without_body % (*safe, number, trace, number)).encode()
            content = _encode(body)
            return (with_body % (*safe, number, trace, number, len(content))).encode() + content

        return render


def _quoted(argument: str) -> str:
    return quote(argument, safe="-")
