"""The run for the console: what is broken first, the verdict last, where the eye lands."""

import re
from collections.abc import Callable, Iterator

from rich.markup import escape

from verify_harness.report.renderers import renderer
from verify_harness.report.wording import (
    SLO_SYMBOLS,
    SYMBOLS,
    VERDICT_SYMBOLS,
    VERDICT_WORDS,
    capacity_line,
    counts_line,
    headline,
    next_command,
    percentile_cells,
    proof_line,
    summary_of,
)
from verify_harness.results.causes import Cause, causes
from verify_harness.results.figures import duration, measured, number, plural
from verify_harness.results.load_model import Load
from verify_harness.results.model import RunView, Status, Verdict
from verify_harness.results.proof_summary import Proof
from verify_harness.sanitize import one_line

_STYLES: dict[Status | Verdict, str] = {
    "pass": "green",
    "fail": "bold red",
    "error": "magenta",
    "flaky": "magenta",
    "warn": "yellow",
    "waived": "cyan",
    "observed": "blue",
    "skip": "dim",
    "no-verdict": "bold magenta",
}
_BRACKET_WITHOUT_TAG = re.compile(r"\\\[(?![a-zA-Z#/@][^\[]*?\])")
_INDENT = " " * 10
_MOST_CAUSES = 20
_STEP_WIDTH = 20

_Paint = Callable[[str, Status | Verdict | None], str]


@renderer("terminal")
def terminal(view: RunView, *, colour: bool = False, directory: str = "") -> str:
    """Plain text, or rich markup where `colour`; `directory` is named as the report's place."""
    paint = _marked_up if colour else _plain
    blocks = [
        *_causes(view, paint),
        _rest(view, paint),
        _blocked(view, paint),
        _load(view.load, paint) if view.load else [],
        _proof(view.proof, paint) if view.proof else [],
        _waived(view, paint),
        _observed(view, paint),
        _skipped(view, paint),
        _ending(view, paint, directory),
    ]
    texts = ("\n".join(lines) for lines in (list(block) for block in blocks) if lines)
    return "\n\n".join(texts) + "\n"


def _plain(text: str, style: Status | Verdict | None) -> str:
    return one_line(text) if style is None else text


def _marked_up(text: str, style: Status | Verdict | None) -> str:
    if style is not None:
        return f"[{_STYLES[style]}]{text}[/]"
    # The blank keeps `escape` from doubling a last backslash; no tag of ours follows it.
    escaped = escape(one_line(text) + " ")[:-1]
    # rich drops a backslash before any bracket, but `escape` only knows those that open a tag
    return _BRACKET_WITHOUT_TAG.sub(r"\\\\[", escaped)


def _causes(view: RunView, paint: _Paint) -> Iterator[Iterator[str]]:
    """A block for each probable cause: one finding stands for all of it."""
    for cause in causes(view.broken)[:_MOST_CAUSES]:
        yield _cause(cause, paint)


def _cause(cause: Cause, paint: _Paint) -> Iterator[str]:
    item = cause.first
    badge = paint(f"{SYMBOLS[item.status]} {item.status:<8}", item.status)
    yield f"{badge}{paint(f'{item.id}  {item.title}', None)}"
    if item.reason:
        yield _INDENT + paint(item.reason, None)
    for finding in item.findings[:1]:
        yield _INDENT + paint(summary_of(finding), None)
        yield _INDENT + paint(f"replay: {finding.replay}", None)
    if more := len(item.findings) - 1 if item.findings else 0:
        yield f"{_INDENT}and {plural(more, 'more finding')}"
    for other in cause.requirements[1:]:
        badge = paint(f"{SYMBOLS[other.status]} {other.status:<8}", other.status)
        yield f"{badge}{paint(f'{other.id}  {other.title} (probably the same cause)', None)}"


def _rest(view: RunView, paint: _Paint) -> Iterator[str]:
    rest = causes(view.broken)[_MOST_CAUSES:]
    for item in (item for cause in rest for item in cause.requirements):
        badge = paint(f"{SYMBOLS[item.status]} {item.status:<8}", item.status)
        yield f"{badge}{paint(f'{item.id}  {item.title}', None)}"


def _blocked(view: RunView, paint: _Paint) -> Iterator[str]:
    for group in view.blocked:
        names = ", ".join(item.id for item in group.requirements)
        yield paint(f"{group.cause} is broken and blocks {names}", None)


def _load(load: Load, paint: _Paint) -> Iterator[str]:
    done = f"{number(load.journeys.completed)} of {plural(load.journeys.planned, 'journey')}"
    if load.journeys.abandoned:
        done += f" ({number(load.journeys.abandoned)} more gave up as planned)"
    name = load.title or load.profile
    yield paint(f"load: {name}: {done}, {number(load.requests_per_s)} requests/s", None)
    percentile_names = "".join(f"{cell:>9}" for cell in ("p50", "p95", "p99", "max"))
    yield f"  {'response ms':<{_STEP_WIDTH}}{'requests':>10}{'errors':>8}{percentile_names}"
    for step in load.steps:
        cells = "".join(f"{cell:>9}" for cell in percentile_cells(step.response_ms))
        counts = f"{number(step.requests):>10}{number(step.errors):>8}"
        name = paint(step.name, None)  # which takes superfluous spaces out, so they come after it
        yield f"  {name}{' ' * (_STEP_WIDTH - len(step.name))}{counts}{cells}"
    yield from _limits(load, paint)
    if load.capacity:
        yield f"  {paint(capacity_line(load.capacity), None)}"


def _limits(load: Load, paint: _Paint) -> Iterator[str]:
    """The SLOs, and what speaks against the measurement."""
    told_only = "" if load.is_judged else "  (informational)"
    for item in load.slo:
        status: Status = "error" if item.status == "not-measured" else item.status
        badge = paint(f"{SLO_SYMBOLS[item.status]} {item.status:<5}", status)
        text = f"{item.expression} {item.limit}: {measured(item)}{told_only}"
        yield f"  {badge} {paint(text, None)}"
    for reason in load.invalid if not load.is_judged else ():
        yield f"  {paint(f'{reason}{told_only}', None)}"


def _proof(proof: Proof, paint: _Paint) -> Iterator[str]:
    for item in proof.survivors:
        yield paint(f"{SYMBOLS['fail']} survived ", "fail") + paint(
            f"{item.fault.id}: {item.fault.harm}", None
        )
        yield _INDENT + paint(f"breaks {item.fault.breaks}; replay: {item.replay}", None)
    for item in proof.stale:
        yield paint(f"{SYMBOLS['fail']} listed  ", "fail") + paint(
            f"{item.fault.id} was caught", None
        )
    seconds = sum(fault.seconds for fault in proof.faults)
    requests = number(sum(fault.requests for fault in proof.faults))
    yield paint(f"proof: {proof_line(proof)}", None)
    yield paint(f"       {requests} requests, {duration(seconds)} of checking", None)


def _waived(view: RunView, paint: _Paint) -> Iterator[str]:
    """Tolerated failures: who answers for each, and until when."""
    for item in view.with_status("waived"):
        badge = paint(f"{SYMBOLS['waived']} {'waived':<8}", "waived")
        yield badge + paint(f"{item.id}  {item.title}", None)
        yield _INDENT + paint(item.reason or "", None)


def _observed(view: RunView, paint: _Paint) -> Iterator[str]:
    """Rules of our own choice that the target has otherwise."""
    if names := ", ".join(item.id for item in view.with_status("observed")):
        badge = paint(f"{SYMBOLS['observed']} {'observed':<8}", "observed")
        yield badge + paint(f"the target answers otherwise, which is no fault: {names}", None)


def _skipped(view: RunView, paint: _Paint) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for item in view.with_status("skip"):
        reasons.setdefault(item.reason or "no reason given", []).append(item.id)
    for reason, names in reasons.items():
        badge = paint(f"{SYMBOLS['skip']} {'skip':<8}", "skip")
        yield badge + paint(f"{reason}: {', '.join(names)}", None)


def _ending(view: RunView, paint: _Paint, directory: str) -> Iterator[str]:
    told = [counts_line(view)] if view.requirements else []
    sent = [] if view.proof else [plural(view.spend.get("triggers", 0), "trigger")]
    yield " · ".join([*told, duration(view.duration_s), *sent])
    for reason in view.reasons:
        yield paint(reason, None)
    ending = f"(exit {view.exit_code}{', partial run' * view.partial})"
    word = f"{VERDICT_SYMBOLS[view.verdict]} {VERDICT_WORDS[view.verdict]} {ending}"
    yield f"verdict: {paint(word, view.verdict)}  {paint(headline(view), None)}"
    if directory:
        yield f"report:  {paint(f'{directory}/report.html', None)}"
    if command := next_command(view):
        yield f"next:    {paint(command, None)}"
