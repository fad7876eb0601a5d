"""A curl line that repeats a request from bash or zsh, with the key left to the environment."""

import re
import shlex

from verify_harness import tracing
from verify_harness.journal.embedded import Request

_KEYS = re.compile(r"(\$(?:TELNYX_API_KEY|VERIFY_HARNESS_SECOND_API_KEY)(?![A-Za-z0-9_]))")
_PLAIN = re.compile(r"[A-Za-z0-9 :/.,=_-]*", re.ASCII)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\n]")
_LEFT_OUT = tracing.HEADERS | {
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "transfer-encoding",
    "user-agent",
}
"""What curl sets, and what would add to the trace of another run."""


def curl_line(request: Request, variables: re.Pattern[str] = _KEYS) -> str:
    """The command as one line of shell; `[` and `..` in the address go out as they are.

    `variables` is what the shell expands: one group, the variable with its dollar sign.
    """
    words = ["curl", "--globoff", "--path-as-is"]
    method = request.method.upper()
    if method == "HEAD":
        words.append("--head")
    elif method != ("GET" if request.body is None else "POST"):
        words += ["-X", quote(request.method, variables)]
    words.append(quote(request.url, variables))
    for header in _headers(request):
        words += ["-H", quote(header, variables)]
    if request.body is None:
        return " ".join(words)
    if "\0" in request.body:  # no argument can hold a NUL: send it through a pipe
        return " ".join(["printf", _for_printf(request.body), "|", *words, "--data-binary", "@-"])
    return " ".join([*words, "--data-raw", quote(request.body, variables)])


def quote(text: str, variables: re.Pattern[str] = _KEYS) -> str:
    """`text` as one shell word; only the variables are left to expand."""
    if variables.search(text) and _PLAIN.fullmatch(variables.sub("", text)):
        return f'"{text}"'
    parts = [part for part in variables.split(text) if part]
    return "".join(_quote_part(part, variables) for part in parts) or "''"


def _quote_part(part: str, variables: re.Pattern[str]) -> str:
    if variables.fullmatch(part):
        return f'"{part}"'
    if _UNPRINTABLE.search(part):
        return _ansi_c(part)
    return shlex.quote(part)


def _headers(request: Request) -> list[str]:
    """Headers as curl wants them: `Name;` sends an empty one, `Name:` keeps curl from its own."""
    kept = [item for item in request.headers.items() if item[0].lower() not in _LEFT_OUT]
    words = [f"{name}: {value}" if value else f"{name};" for name, value in kept]
    has_type = any(name.lower() == "content-type" for name, _ in kept)
    return words if has_type or request.body is None else [*words, "Content-Type:"]


def _ansi_c(text: str) -> str:
    r"""`$'…'`, in which everything unusual is spelled `\xNN`, so that the line shows what it is."""
    return "$'" + "".join(_spelled(byte, "\\x{:02x}", "'\\") for byte in text.encode()) + "'"


def _for_printf(text: str) -> str:
    return "'" + "".join(_spelled(byte, "\\{:03o}", "'\\%") for byte in text.encode()) + "'"


def _spelled(byte: int, form: str, special: str) -> str:
    plain = 0x20 <= byte < 0x7F and chr(byte) not in special
    return chr(byte) if plain else form.format(byte)
