"""From a journal to the view model, in one reading."""

import hashlib
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from verify_harness import catalogue
from verify_harness.journal import Entry, records
from verify_harness.journal.embedded import Operation
from verify_harness.journal.records import LIVE_CHECKS, LOAD_CHECK, RunStarted, TargetFound
from verify_harness.results import story, waiver_status
from verify_harness.results.aggregate import Aggregate, Check, collect
from verify_harness.results.curl import curl_line
from verify_harness.results.load_summary import build_load
from verify_harness.results.model import (
    CalledOperation,
    JudgedRequirement,
    NumberedFinding,
    Observation,
    RunView,
)
from verify_harness.results.proof_summary import build_proof
from verify_harness.results.requirement_status import judge
from verify_harness.results.shell_script import shell_script
from verify_harness.results.spec_coverage import build_coverage
from verify_harness.results.verdict import decide


def build_view(entries: Iterable[Entry]) -> RunView:
    """What the journal's records say; a journal cut short gives a partial view, never an error."""
    collected = collect(entries)
    start = collected.latest(RunStarted) or RunStarted()
    found = collected.latest(TargetFound) or _not_found(start)
    requirements = _requirements(collected, start)
    requirements, waivers = waiver_status.apply(found.waivers, requirements)
    load = build_load(collected)
    proof = build_proof(collected.all(records.FaultJudged), [item.id for item in requirements])
    decision = decide(collected, requirements, load, proof, waivers)
    return RunView(
        tool=start.tool,
        command=start.command,
        spec_sha256=found.spec_sha256,
        target=found.target,
        dialect=found.dialect,
        started_at=start.started_at,
        duration_s=_duration_s(collected),
        seed=start.seed,
        level=start.level,
        jobs=start.jobs,
        verdict=decision.verdict,
        exit_code=decision.exit_code,
        partial=decision.partial,
        reasons=decision.reasons,
        requirements=requirements,
        operations=_operations(collected, found),
        requests_sha256=_requests_sha256(collected.checks),
        observations=_observations(collected.all(records.Observation)),
        spend={"triggers": collected.triggers},
        answers=_answers(collected),
        load=load,
        proof=proof,
        coverage=build_coverage(collected.all(records.Coverage)),
        waivers=waivers,
        notes=tuple(note.message for note in collected.all(records.Note)),
        spec_file=_after("--spec", start.repeats_with),
        shard=start.shard,
        words=start.words,
        repeats_with=start.repeats_with,
    )


def _answers(collected: Aggregate) -> Mapping[str, int]:
    received = sum(counts.total() - counts["none"] for counts in collected.statuses.values())
    finished = [check.finished for check in collected.checks.values() if check.finished]
    judged = sum(each.judged_by_model for each in finished)
    return {"received": received, "judged_by_model": judged}


def _after(option: str, words: Sequence[str]) -> str | None:
    """The value of an option in a command line."""
    return next((value for name, value in pairwise(words) if name == option), None)


def _not_found(start: RunStarted) -> TargetFound:
    """What stands for a target that never answered."""
    return TargetFound(target=start.target, dialect=start.dialect, spec_sha256=start.spec_sha256)


def _requirements(collected: Aggregate, start: RunStarted) -> tuple[JudgedRequirement, ...]:
    started = {name for check in collected.checks.values() for name in check.requirements}
    own = (record.requirement for record in collected.all(records.RequirementDeclared))
    entries = [*start.requirements, *own]
    known = {item.id: item for item in entries}
    target = collected.latest(TargetFound)
    findings = _findings(collected, known, (target.target if target else start.target).url)
    selected = {name: item for name, item in known.items() if start.judges_all or name in started}
    for name in findings:  # a sequence, or load, may break a rule that nobody selected
        selected.setdefault(name, known.get(name) or _unknown(name))
    return tuple(
        _requirement(item, collected, findings.get(item.id, ())) for item in selected.values()
    )


def _requirement(
    item: catalogue.Requirement, collected: Aggregate, findings: Sequence[NumberedFinding]
) -> JudgedRequirement:
    checks = {
        name: check for name, check in collected.checks.items() if item.id in check.requirements
    }
    judgement = judge(item.id, item.basis, checks, findings, _stopped(collected))
    operations = {operation for check in checks.values() for operation in check.operations}
    return JudgedRequirement(
        **msgspec.structs.asdict(item),
        status=judgement.status,
        operations=tuple(sorted(operations)),
        checks=len(checks),
        duration_s=round(sum(_seconds(check) for check in checks.values()), 3),
        blocked_by=judgement.blocked_by,
        reason=judgement.reason,
        findings=tuple(findings),
    )


def _stopped(collected: Aggregate) -> str | None:
    """Why some checks had no turn."""
    if stop := collected.latest(records.RunStopped):
        return stop.reason
    return collected.finish.reason if collected.finish and collected.finish.partial else None


def _unknown(name: str) -> catalogue.Requirement:
    return catalogue.Requirement(id=name, title=name, statement="", sources=(), basis="documented")


def _seconds(check: Check) -> float:
    return check.finished.duration_s if check.finished else 0.0


def _findings(
    collected: Aggregate, known: Mapping[str, catalogue.Requirement], base: str
) -> Mapping[str, Sequence[NumberedFinding]]:
    """Findings by requirement, numbered in the order (check, sequence)."""
    by_requirement: defaultdict[str, list[NumberedFinding]] = defaultdict(list)
    for line in sorted(collected.all(records.Finding), key=lambda line: (line.check, line.seq)):
        siblings = by_requirement[line.requirement]
        entry = known.get(line.requirement) or _unknown(line.requirement)
        siblings.append(_finding(line, len(siblings) + 1, collected, entry, base))
    return by_requirement


def _finding(
    line: records.Finding,
    number: int,
    collected: Aggregate,
    entry: catalogue.Requirement,
    base: str,
) -> NumberedFinding:
    shown = None
    if line.exchange_seq is not None:
        shown = collected.exchanges.get((line.check, line.exchange_seq))
    name = f"{line.requirement}.{number}"
    steps = story.steps(line, collected.steps[line.check], base)
    return NumberedFinding(
        **msgspec.structs.asdict(line) | {"codes": story.codes_of(line, steps)},
        id=name,
        replay=_replay(line, number, collected),
        curl=curl_line(shown.request) if shown else None,
        exchange=shown,
        sentence=story.sentence(line, entry.statement, shown),
        steps=steps,
        script=shell_script(f"{name}: {entry.title}", steps, base, line.codes),
    )


def _replay(line: records.Finding, number: int, collected: Aggregate) -> str:
    """The command that repeats a finding."""
    start = collected.latest(RunStarted) or RunStarted()
    if line.check == LOAD_CHECK:
        load = collected.latest(records.LoadStarted)
        profile = load.profile.reference or load.profile.name if load else "PROFILE"
        words = ["load", "run", profile, "--seed", str(start.seed)]
    elif line.check.startswith(LIVE_CHECKS):
        words = ["smoke", "--live"]
    else:
        words = ["replay", start.directory or "RUN", f"{line.requirement}.{number}"]
    return shlex.join(["verify-harness", *words, *start.repeats_with])


def _operations(collected: Aggregate, found: TargetFound) -> tuple[CalledOperation, ...]:
    known = [item.operation_id for item in found.operations]
    others = sorted({name for name in collected.statuses if name} - set(known))
    return tuple(
        CalledOperation(
            **msgspec.structs.asdict(item),
            exchanges=collected.statuses[item.operation_id].total(),
            statuses=dict(sorted(collected.statuses[item.operation_id].items())),
        )
        for item in [*found.operations, *(Operation(name, "", "") for name in others)]
    )


def _requests_sha256(checks: Mapping[str, Check]) -> str | None:
    """One digest over all generated requests; None if no check generated any."""
    digests = sorted(
        (name, check.finished.requests_sha256)
        for name, check in checks.items()
        if check.finished and check.finished.requests_sha256
    )
    if not digests:
        return None
    text = "".join(f"{name} {digest}\n" for name, digest in digests)
    return hashlib.sha256(text.encode()).hexdigest()


def _observations(lines: Sequence[records.Observation]) -> tuple[Observation, ...]:
    counts = Counter((line.key, line.value) for line in lines)
    return tuple(
        Observation(key, value, count, _observed_at(lines, key, value))
        for (key, value), count in sorted(counts.items())
    )


def _observed_at(lines: Sequence[records.Observation], key: str, value: str) -> tuple[str, ...]:
    same = (line for line in lines if (line.key, line.value) == (key, value))
    return tuple(sorted({line.operation_id for line in same if line.operation_id}))


def _duration_s(collected: Aggregate) -> float:
    finish = collected.finish
    known = finish.duration_s if finish else None
    return round(collected.covered_s, 3) if known is None else known
