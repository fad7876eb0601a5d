"""summary.md: the run as a GitHub job summary (at most 1 MiB there, so long texts are cut)."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from verify_harness import sources
from verify_harness.journal.records import Exchange
from verify_harness.report.renderers import renderer
from verify_harness.report.wording import (
    SLO_SYMBOLS,
    SYMBOLS,
    VERDICT_SYMBOLS,
    VERDICT_WORDS,
    capacity_line,
    counts_line,
    headline,
    identity,
    percentile_cells,
    proof_line,
    summary_of,
)
from verify_harness.results.figures import measured, number
from verify_harness.results.load_model import Load
from verify_harness.results.model import JudgedRequirement, RunView
from verify_harness.results.proof_summary import Proof
from verify_harness.sanitize import one_line, shortened, visible

_MOST_FAILURES = 20
_MOST_BODY = 2000
MOST_BYTES = 1_000_000
"""A job summary of GitHub holds 1 MiB; one that is longer is not shown at all."""
_SPECIAL = re.compile(r"[&<>\\`*_\[\]#|~$@]|:(?=//)|(?<=www)\.", re.IGNORECASE)


@renderer("markdown", file="summary.md")
def markdown(view: RunView) -> str:
    """The run in GitHub's Markdown; every text of the target is escaped or fenced."""
    word = VERDICT_WORDS[view.verdict]
    lines = [f"## {VERDICT_SYMBOLS[view.verdict]} {word}: {text(headline(view))}", ""]
    lines += [f"- {text(reason)}" for reason in view.reasons] + [""] * bool(view.reasons)
    partial = " · partial run" * view.partial
    lines += [f"{counts_line(view)} · exit {view.exit_code}{partial}".removeprefix(" · "), ""]
    sections = (
        _failures(view),
        _identity(view),
        _areas(view),
        _blocked(view),
        _operations(view),
        _load(view.load) if view.load else [],
        _proof(view.proof) if view.proof else [],
        _not_tested(view.with_status("skip")),
        _observations(view),
    )
    return "\n".join(_as_many_as_fit(lines, sections)).rstrip() + "\n"


def _as_many_as_fit(lines: list[str], sections: Sequence[list[str]]) -> list[str]:
    """The sections in their order, up to the first that is one too many; then where the rest is."""
    room = MOST_BYTES - _size(lines)
    for section in sections:
        room -= _size(section)
        if room < 0:
            return [*lines, "Cut here, since GitHub shows 1 MiB; the rest is in report.html."]
        lines = [*lines, *section]
    return lines


def _size(lines: Sequence[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def text(value: str) -> str:
    """`value` on one line with nothing left that Markdown, HTML or GitHub would act on.

    Entities rather than backslashes: they also hold inside HTML blocks, and they stop mentions
    and links that are made of plain text.
    """
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", one_line(value))


def fenced(value: str, language: str = "") -> list[str]:
    """`value` as a code block whose fence is longer than any run of backticks in it."""
    shown = visible(value)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", shown, fence]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table; the cells of `rows` are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(cells)} |" for cells in lines), ""]


def _identity(view: RunView) -> list[str]:
    rows = [(name, text(value)) for name, value in identity(view)]
    return ["<details><summary>Run</summary>", "", *_table(("", ""), rows), "</details>", ""]


def _areas(view: RunView) -> list[str]:
    if not view.requirements:
        return []
    rows = [
        (
            text(area.name),
            str(len(area.requirements)),
            " · ".join(f"{SYMBOLS[key]} {count} {key}" for key, count in area.counts.items()),
        )
        for area in view.areas
    ]
    return ["### Requirements", "", *_table(("area", "requirements", "result"), rows)]


def _failures(view: RunView) -> list[str]:
    shown, rest = view.broken[:_MOST_FAILURES], view.broken[_MOST_FAILURES:]
    lines = ["### Failures", ""] if shown else []
    for requirement in shown:
        lines += _failure(requirement)
    if rest:
        lines += [f"and {len(rest)} more: {', '.join(text(item.id) for item in rest)}", ""]
    return lines


def _source(citation: str) -> str:
    source = sources.cited(citation)
    return f"[{text(source.text)}](<{source.url}>)" if source.url else text(source.text)


def _failure(requirement: JudgedRequirement) -> Iterator[str]:
    symbol = SYMBOLS[requirement.status]
    title = f"{text(requirement.id)} {text(requirement.title)}"
    yield f"<details><summary>{symbol} {requirement.status} <b>{title}</b></summary>"
    yield ""
    yield from (text(requirement.statement), "") if requirement.statement else ()
    for citation in requirement.sources:
        yield f"- Source: {_source(citation)}"
    yield from ("",) if requirement.sources else ()
    yield from (text(requirement.reason), "") if requirement.reason else ()
    for finding in requirement.findings[:1]:
        yield f"**{text(summary_of(finding))}**"
        yield ""
        yield from _exchange(finding.exchange) if finding.exchange else ()
        yield from fenced(
            "\n".join([finding.replay, *([finding.curl] if finding.curl else [])]), "sh"
        )
        yield ""
    if len(requirement.findings) > 1:
        yield f"{len(requirement.findings)} findings in all; the others are in run.json."
        yield ""
    yield "</details>"
    yield ""


def _exchange(exchange: Exchange) -> list[str]:
    sent, answer = exchange.request, exchange.response
    told = [f"> {sent.method} {sent.url}"]
    told += [shortened(sent.body, _MOST_BODY)] if sent.body else []
    if answer is None:
        told += [f"< no answer: {exchange.failure or 'unknown cause'}"]
    else:
        told += [f"< {answer.status}", shortened(answer.body, _MOST_BODY)]
    return fenced("\n".join(told), "http")


def _blocked(view: RunView) -> list[str]:
    rows = [
        (text(group.cause), ", ".join(text(item.id) for item in group.requirements))
        for group in view.blocked
    ]
    head = ("broken", "keeps these from being tested")
    return ["### Blocked", "", *_table(head, rows)] if rows else []


def _operations(view: RunView) -> list[str]:
    rows = [
        (
            text(item.operation_id),
            text(f"{item.method.upper()} {item.path}"),
            str(item.exchanges),
            text(", ".join(f"{status}: {count}" for status, count in item.statuses.items())),
        )
        for item in view.operations
        if view.requirements or item.exchanges
    ]
    head = ("operation", "request", "exchanges", "statuses")
    return ["### Operations", "", *_table(head, rows)] if rows else []


def _load(load: Load) -> list[str]:
    rows = [
        (
            text(step.name),
            *(number(value) for value in (step.requests, step.throttled, step.errors)),
            " / ".join(percentile_cells(step.service_ms)),
            " / ".join(percentile_cells(step.response_ms)),
        )
        for step in load.steps
    ]
    percentiles = "p50 / p95 / p99 / max"
    head = ("step", "requests", "throttled", "errors")
    journeys = ", ".join(
        f"{number(count)} {name}" for name, count in msgspec.structs.asdict(load.journeys).items()
    )
    rate = f"{number(load.requests_per_s)} requests/s"
    return [
        "### Load",
        "",
        f"{text(load.title or load.profile)}: {rate}, journeys: {text(journeys)}",
        "",
        *([text(capacity_line(load.capacity)), ""] if load.capacity else []),
        *_limits(load),
        *_table((*head, f"service ms {percentiles}", f"response ms {percentiles}"), rows),
    ]


def _limits(load: Load) -> list[str]:
    rows = [
        (
            f"{SLO_SYMBOLS[item.status]} {item.status}",
            text(f"{item.expression} {item.limit}"),
            text(measured(item)),
        )
        for item in load.slo
    ]
    told = [f"- {text(reason)}" for reason in load.invalid] + [""] * bool(load.invalid)
    head = ("SLO" if load.is_judged else "SLO (informational)", "limit", "measured")
    return [*(_table(head, rows) if rows else []), *told]


def _proof(proof: Proof) -> list[str]:
    rows = [
        (
            text(item.fault.id),
            text(item.fault.breaks),
            text(item.fault.harm),
            text(item.fault.survives or "no reason"),
        )
        for item in (*proof.survivors, *proof.known)
    ]
    head = ("survivor", "breaks", "harm", "known because")
    table = _table(head, rows) if rows else []
    return ["### Proof", "", text(proof_line(proof)), "", *table]


def _not_tested(skipped: Sequence[JudgedRequirement]) -> list[str]:
    rows = [(text(item.id), text(item.title), text(item.reason or "")) for item in skipped]
    return ["### Not tested, and why", "", *_table(("id", "", "why"), rows)] if rows else []


def _observations(view: RunView) -> list[str]:
    rows = [
        (text(item.key), text(item.value), str(item.count), text(", ".join(item.operations)))
        for item in view.observations
    ]
    head = ("observation", "seen", "times", "at")
    return ["### Observations", "", *_table(head, rows)] if rows else []
