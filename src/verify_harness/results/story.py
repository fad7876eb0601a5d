"""What led to a finding: the steps of its check, the sentence that says it, and a shell script."""

import re
from collections.abc import Iterable, Sequence

from verify_harness.journal import records
from verify_harness.results import in_brief
from verify_harness.results.model import Step

BARE = "required: "
"""Begins the message of a finding that is nothing but the condition of an assertion."""
_HEADER = re.compile(r"\.header(?:_items)?\('([a-z-]+)'\)")
"""How an assertion reads a header of the answer."""
_LONGEST_HEADER = 80
_FIRST, _LAST = 4, 12
"""So many steps are told of a long check: how it began, and what came before the finding."""


def sentence(finding: records.Finding, statement: str, shown: records.Exchange | None) -> str:
    """What is wrong, in words of ours: the message, or what was answered and what is required."""
    lines = (line.strip() for line in finding.message.splitlines())
    first = next(filter(None, lines), finding.requirement)
    if not first.startswith(BARE) or not statement:
        return first
    if shown is None:
        return f"Not so: {statement}"
    got = in_brief.answer(shown.response, shown.failure).removesuffix(".")
    got += _with_headers(first, shown)
    return f"{shown.operation_id or shown.request.method} answered {got}. Required: {statement}"


def _with_headers(condition: str, shown: records.Exchange) -> str:
    """The headers of an answer that an assertion names, as they came or did not."""
    came = shown.response.headers if shown.response else {}
    given = {name.lower(): value for name, value in came.items()}
    told = [
        f"{name}: {given[name][:_LONGEST_HEADER]}" if name in given else f"without {name}"
        for name in dict.fromkeys(_HEADER.findall(condition))
    ]
    return f" ({'; '.join(told)})" if told else ""


def steps(
    finding: records.Finding, lines: Iterable[records.Exchange | records.LeverUsed], base: str
) -> tuple[Step, ...]:
    """The steps of the finding's check up to the exchange that showed it, numbered from 1."""
    last = finding.exchange_seq if finding.exchange_seq is not None else finding.seq
    before = sorted((line for line in lines if line.seq <= last), key=lambda line: line.seq)
    return tuple(_shortened([_step(n, line, base) for n, line in enumerate(before, start=1)]))


def codes_of(finding: records.Finding, told: Iterable[Step]) -> dict[str, str]:
    """How the codes of the steps that are told differ from one another."""
    text = " ".join(step.done for step in told)
    return {name: words for name, words in finding.codes.items() if f'"{name}"' in text}


def _shortened(found: list[Step]) -> Sequence[Step]:
    if len(found) <= _FIRST + _LAST:
        return found
    return [*found[:_FIRST], *found[-_LAST:]]


def _step(number: int, line: records.Exchange | records.LeverUsed, base: str) -> Step:
    if isinstance(line, records.LeverUsed):
        return Step(number=number, done=line.done, advance_secs=line.advance_secs)
    return Step(
        number=number,
        done=in_brief.request(line.request, base),
        answer=in_brief.answer(line.response, line.failure),
        operation_id=line.operation_id,
        is_set_up=line.purpose == "set-up",
        exchange=line,
    )
