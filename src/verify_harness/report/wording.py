"""The words and symbols that every report shares, so that all of them read the same."""

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from verify_harness.journal.embedded import Capacity
from verify_harness.results.causes import causes
from verify_harness.results.figures import (
    NOT_MEASURED,
    duration,
    measured,
    milliseconds,
    number,
    plural,
)
from verify_harness.results.load_model import Load, Percentiles, Step
from verify_harness.results.load_totals import answer_classes
from verify_harness.results.model import (
    STATUSES,
    Area,
    JudgedRequirement,
    NumberedFinding,
    RunView,
    Status,
    Verdict,
)
from verify_harness.results.proof_summary import Proof

__all__ = ["duration", "measured"]  # what templates reach by this module beside its own

SYMBOLS: Mapping[Status, str] = {
    "pass": "✓",
    "fail": "✗",
    "warn": "!",
    "observed": "○",
    "waived": "≈",
    "skip": "\u2013",
    "error": "?",
    "flaky": "~",
}
VERDICT_SYMBOLS: Mapping[Verdict, str] = {"pass": "✓", "fail": "✗", "no-verdict": "?"}
VERDICT_WORDS: Mapping[Verdict, str] = {"pass": "PASS", "fail": "FAIL", "no-verdict": "NO VERDICT"}


def headline(view: RunView) -> str:
    """The verdict as one sentence."""
    sentence = _headline(view)
    return f"{sentence.rstrip('.')} (shard {view.shard})." if view.shard else sentence


def _headline(view: RunView) -> str:
    counts = view.counts
    if view.verdict == "fail" and "fail" in counts:
        return _failed(view, counts["fail"])
    if view.proof is not None and not view.partial:
        return proof_line(view.proof)
    if view.verdict == "pass":
        return _passed(view)
    if view.verdict == "fail" and view.load and view.load.missed:
        return f"{len(view.load.missed)} of {plural(len(view.load.slo), 'SLO')} missed."
    return f"{'; '.join(view.reasons)}." if view.verdict == "fail" else _unclear(view)


def tested(view: RunView) -> str:
    """What was tested, as a sentence; empty where nothing answered."""
    if not view.target.url:
        return ""
    name = "the embedded sandbox" if view.target.kind == "sandbox" else "the service"
    return (
        f"Tested: {name} at {view.target.url}, {view.started_at.replace('T', ' ').rstrip('Z')} UTC."
    )


def worst_first(area: Area) -> list[JudgedRequirement]:
    """An area's requirements, those that need attention first."""
    return sorted(area.requirements, key=lambda item: STATUSES.index(item.status))


@dataclass(frozen=True, slots=True)
class Heat:
    """How often which status was answered, as a map: its columns and its scale."""

    statuses: tuple[str, ...]
    most: int

    def warmth(self, count: int) -> int:
        """From 1 to 4, by the logarithm of a count."""
        return 1 + min(3, int(4 * math.log(count + 1) / math.log(self.most + 2)))


def heat(view: RunView) -> Heat:
    """The map of a run's operations and statuses."""
    counts = [item.statuses for item in view.operations]
    statuses = sorted({status for each in counts for status in each})
    return Heat(tuple(statuses), max((max(each.values(), default=0) for each in counts), default=0))


def _passed(view: RunView) -> str:
    total, counts = len(view.requirements), view.counts
    if not total:
        return "Load run completed; all limits met."
    untested, waived = counts.get("skip", 0), counts.get("waived", 0)
    tested = total - untested
    verb = "passes" if tested == 1 else "pass"
    said = [
        f"{tested - waived} of {plural(tested, 'tested requirement')} {verb}",
        f"{counts['warn']} with a warning" if "warn" in counts else "",
        f"{waived} waived" if waived else "",
        f"{untested} not tested" if untested else "",
    ]
    if total > 1 and not any(said[1:]):
        return f"All {total} requirements pass."
    return f"{'; '.join(each for each in said if each)}."


def _unclear(view: RunView) -> str:
    unclear = view.counts.get("error", 0) + view.counts.get("flaky", 0)
    if unclear:
        return f"{unclear} of {plural(len(view.requirements), 'requirement')} could not be judged."
    return "The run could not judge anything."


def proof_line(proof: Proof) -> str:
    """What the proof came to: `78 of 79 faults caught, 77 by their own requirement's checks`."""
    told = f"{proof.caught} of {plural(len(proof.faults), 'fault')} caught, "
    told += f"{proof.intended} by their own requirement's checks"
    for count, word in ((len(proof.survivors), "survived"), (len(proof.known), "known to survive")):
        told += f"; {count} {word}" if count else ""
    return f"{told}; {len(proof.stale)} listed as survivors in vain." if proof.stale else f"{told}."


def _failed(view: RunView, failed: int) -> str:
    total = plural(len(view.requirements), "requirement")
    blocked = sum(len(group.requirements) for group in view.blocked)
    own = failed - blocked
    if own == 0:
        causes = ", ".join(group.cause for group in view.blocked)
        return f"{blocked} of {total} could not run: their set-up ({causes}) failed."
    verb, blocks = ("is", "blocks") if own == 1 else ("are", "block")
    more = f" and {blocks} {blocked} more" if blocked else ""
    return f"{own} of {total} {verb} broken{more}."


def counts_line(view: RunView) -> str:
    """The counts by status, each with its symbol: `✗ 2 fail · ✓ 41 pass`."""
    return " · ".join(
        f"{SYMBOLS[status]} {count} {status}" for status, count in view.counts.items()
    )


def summary_of(finding: NumberedFinding) -> str:
    """What is wrong, on one line."""
    return finding.sentence or finding.id


def why(requirement: JudgedRequirement) -> str:
    """What speaks against a requirement: its first finding, or why it was not judged; maybe empty.

    One that is blocked may have no finding: the check ended before it came to it.
    """
    if requirement.findings:
        return summary_of(requirement.findings[0])
    return requirement.reason or ""


def next_command(view: RunView) -> str | None:
    """What to type next, if there is something to do."""
    if view.broken:
        first = causes(view.broken)[0].first
        return first.findings[0].replay if first.findings else _one_requirement(first.id)
    if view.proof and view.proof.survivors:
        return view.proof.survivors[0].replay
    return None


def _one_requirement(requirement: str) -> str:
    return shlex.join(("verify-harness", "contract", "run", requirement))


def identity(view: RunView) -> list[tuple[str, str]]:
    """Names and values that say which run this is."""
    told = [
        ("command", f"verify-harness {view.command}" if view.command else ""),
        ("target", f"{view.target.url} ({view.target.kind})" if view.target.url else ""),
        ("started", view.started_at),
        ("duration", duration(view.duration_s)),
        ("level", view.level or ""),
        ("seed", "" if view.seed is None else str(view.seed)),
        ("dialect", view.dialect),
        ("jobs", "" if view.jobs is None else str(view.jobs)),
        ("triggers sent", "" if view.proof else number(view.spend.get("triggers", 0))),
        ("answers judged by the model", _judged_by_model(view)),
        ("tool", view.tool),
        ("again", again(view)),
        ("spec sha256", view.spec_sha256),
        ("requests sha256", view.requests_sha256 or ""),
    ]
    return [(name, value) for name, value in told if value]


def _judged_by_model(view: RunView) -> str:
    judged = view.answers.get("judged_by_model", 0)
    return f"{number(judged)} of {number(view.answers.get('received', 0))}" if judged else ""


def again(view: RunView) -> str:
    """The command that does the same once more, with the same seed."""
    if not view.command:
        return ""
    seed = () if view.seed is None else ("--seed", str(view.seed))
    level = ("--level", view.level) if view.level and view.command == "contract run" else ()
    words = (*view.command.split(), *view.words, *level, *view.repeats_with, *seed)
    return shlex.join(("verify-harness", *words))


def capacity_line(found: Capacity) -> str:
    """The result of a capacity search as one sentence."""
    low = f"{found.low_per_s:.4g}"
    tries = plural(len(found.probes), "probe")
    if found.high_per_s is None:
        return f"capacity: at least {low} journeys/s; {found.ends} ({tries})"
    return f"capacity: {low} journeys/s (missed at {found.high_per_s:.4g}; {tries})"


SLO_SYMBOLS: Mapping[str, str] = {"pass": "✓", "fail": "✗", "not-measured": "?"}


def status_classes(step: Step) -> str:
    """How many answers of each class: `2xx 712 · 429 3 · 5xx 1 · none 2`."""
    counts = answer_classes(step.requests, step.statuses)
    return " · ".join(f"{name} {number(count)}" for name, count in counts.items() if count > 0)


def generator_health(load: Load) -> str:
    """How the measuring machine itself fared, as one line; what it did not tell is left out."""
    told = load.generator
    lag = float(told.get("lag_p99_ms") or 0)
    parts = [
        ("", f"{told['cpu_percent']} % of a CPU") if told.get("cpu_percent") is not None else None,
        ("", f"start lag p99: {milliseconds(lag)} ms") if lag else None,
        *((_named(name), count) for name, count in told.items() if _is_count(name, count)),
        ("", told["process"]) if told.get("process") else None,
    ]
    return " · ".join(f"{name}{value}" for name, value in filter(None, parts))


def _is_count(name: str, value: object) -> bool:
    """Counts are printed as they come; a process id is none."""
    return isinstance(value, int) and name != "pid"


def _named(name: str) -> str:
    return f"{name.replace('_', ' ').replace('tls', 'TLS')} "


def percentile_cells(percentiles: Percentiles | None) -> tuple[str, str, str, str]:
    """p50, p95, p99 and max in ms, dashes where nothing was measured."""
    if percentiles is None:
        return (NOT_MEASURED, NOT_MEASURED, NOT_MEASURED, NOT_MEASURED)
    values = (percentiles.p50, percentiles.p95, percentiles.p99, percentiles.max)
    first, second, third, last = (milliseconds(value) for value in values)
    return (first, second, third, last)
