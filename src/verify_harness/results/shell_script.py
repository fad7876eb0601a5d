"""The steps of a finding as a shell script that works on a fresh system.

Ids are read from the answers of the script's own requests; codes and numbers that the journal does
not tell are chosen, or asked for.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verify_harness.journal.embedded import Request
from verify_harness.journal.records import Exchange
from verify_harness.results.curl import curl_line
from verify_harness.results.model import Step
from verify_harness.tracing import RUN_HEADERS

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(r"code-\d+")
_VARIABLES = re.compile(
    r"(\$(?:TELNYX_API_KEY|VERIFY_HARNESS_SECOND_API_KEY)(?![A-Za-z0-9_])"
    r"|\$\{(?:BASE|ID_\d+|CODE_\d+)\})"
)
_FIRST_CODE = "04815"
"""The first code of the caller's own; it begins with a zero, since that is where services slip."""
_FROM_ANOTHER: Mapping[str, str] = {
    "without its first digit": "${%s#?}",
    "without its last digit": "${%s%%?}",
    "with a zero before it": "0${%s}",
    "without its leading zeros": "${%s#0}",
    "with further zeros before it": "00${%s}",
    "with one more digit at its end": "${%s}7",
    "with one more digit before it": "7${%s}",
    "backwards": "$(printf %%s ${%s} | rev)",
}
_FIND = (
    "field() { python3 -c 'import json, sys; value = json.load(sys.stdin)\n"
    'for step in sys.argv[1].split("."): value = value[int(step) if step.isdigit() else step]\n'
    'print(value)\' "$1"; }'
)


def shell_script(
    title: str, steps: Sequence[Step], base: str, codes: Mapping[str, str]
) -> str | None:
    """The script; None where a step is left out or no request is known."""
    sent = [step for step in steps if step.exchange is not None]
    if not sent or [step.number for step in steps] != list(range(1, len(steps) + 1)):
        return None
    names = _Names(codes)
    body = [line for step in steps for line in _lines(step, steps, base, names)]
    head = [
        "#!/usr/bin/env bash",
        f"# {' '.join(title.split())}",
        "set -eu",
        f"BASE=${{BASE:-{_plain(base)}}}",
        ': "${TELNYX_API_KEY:?set it to the key of a test account}"',
        _FIND,
    ]
    return "\n".join([*head, *body]) + "\n"


def _plain(text: str) -> str:
    """An address without anything that a shell would act on."""
    return re.sub(r"[^A-Za-z0-9:/._~-]", "", text)


class _Names:
    """The shell variables that stand for ids and codes."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self.ids: dict[str, str] = {}
        self.told: set[str] = set()
        self.chosen = 0
        self._codes = codes

    def code_lines(self, text: str) -> Iterator[str]:
        """What gives a value to each code of a request that has none yet."""
        for pseudonym in dict.fromkeys(_CODE.findall(text)):
            if pseudonym not in self.told:
                yield from self._defined(pseudonym, is_own="custom_code" in text)

    def _defined(self, pseudonym: str, *, is_own: bool) -> Iterator[str]:
        self.told.add(pseudonym)
        name, relation = variable(pseudonym), self._codes.get(pseudonym, "")
        source, _, words = relation.partition(" ")
        if source in self.told and words in _FROM_ANOTHER:
            yield f"{name}={_FROM_ANOTHER[words] % variable(source)}  # {relation}"
        elif is_own:
            self.chosen += 1
            yield f"{name}=${{{name}:-{int(_FIRST_CODE) + self.chosen - 1:05}}}"
        else:
            told = f" ({relation})" if relation else ""
            asked = f"{pseudonym}{told}, as the message has it: "
            yield f'[ -n "${{{name}:-}}" ] || read -rp "{asked}" {name}'


def variable(pseudonym: str) -> str:
    """`CODE_1` for `code-1`."""
    return pseudonym.replace("-", "_").upper()


def _lines(step: Step, steps: Sequence[Step], base: str, names: _Names) -> Iterator[str]:
    told = f"{step.answer}" if step.answer else ""
    yield ""
    comment = f"# {step.number}. {step.operation_id or step.done}" + (f" -> {told}" if told else "")
    yield " ".join(comment.split())
    if step.exchange is None:
        if step.advance_secs:
            yield f"sleep {step.advance_secs:g}"
        return
    sent = step.exchange.request
    yield from names.code_lines(f"{sent.url} {sent.body or ''}")
    request = _alive(sent, base, names)
    line = curl_line(request, _VARIABLES)
    captured = list(_captured(step.exchange, steps[step.number :], names))
    if not captured:
        yield f"{line}; echo"
        return
    yield f"ANSWER=$({line})"
    yield 'echo "$ANSWER"'
    for name, place in captured:
        yield f'{name}=$(printf %s "$ANSWER" | field {place})'


def _alive(request: Request, base: str, names: _Names) -> Request:
    """The request with variables for what is another value on a fresh system."""
    headers = {
        name: value for name, value in request.headers.items() if name.lower() not in RUN_HEADERS
    }
    return Request(
        method=request.method,
        url=_renamed(request.url.replace(base, "${BASE}", 1) if base else request.url, names),
        headers=headers,
        body=None if request.body is None else _renamed(request.body, names),
    )


def _renamed(text: str, names: _Names) -> str:
    named = _ID.sub(lambda found: names.ids.get(found[0].lower(), found[0]), text)
    return _CODE.sub(lambda found: f"${{{variable(found[0])}}}", named)


def _captured(
    exchange: Exchange, later: Sequence[Step], names: _Names
) -> Iterator[tuple[str, str]]:
    """Variable and place of each id that the answer brings and a later request uses."""
    body = exchange.response.body if exchange.response else ""
    sent = [step.exchange.request for step in later if step.exchange]
    used = " ".join(f"{request.url} {request.body or ''}" for request in sent)
    wanted = {found.lower() for found in _ID.findall(used)} - names.ids.keys()
    for place, value in _texts(_parsed(body), ()):
        if value.lower() in wanted:
            wanted.discard(value.lower())
            name = f"ID_{len(names.ids) + 1}"
            names.ids[value.lower()] = f"${{{name}}}"
            yield name, ".".join(place)


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _texts(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text of a JSON value whose place can be written without quotes, with that place."""
    if isinstance(value, str):
        yield place, value
    members = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else members
    for name, each in items:
        if re.fullmatch(r"[A-Za-z0-9_]+", str(name)):
            yield from _texts(each, (*place, str(name)))
