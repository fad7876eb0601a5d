"""From a journal to the view model, in one reading."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from verify_harness.report import waived
from verify_harness.report.collected import Check, Collected, collect
from verify_harness.report.coverage import build_coverage
from verify_harness.report.curl import curl_line
from verify_harness.report.judgement import judge
from verify_harness.report.lines import (
    ExchangeLine,
    FindingLine,
    ObservationLine,
    RequirementField,
    RunFinished,
    RunStarted,
    TargetFound,
)
from verify_harness.report.load import build_load
from verify_harness.report.model import (
    Exchange,
    Finding,
    Observation,
    Operation,
    Request,
    Requirement,
    Response,
    RunView,
    Target,
)
from verify_harness.report.proof import build_proof
from verify_harness.report.verdict import decide


def build_view(lines: Iterable[Mapping[str, Any]]) -> RunView:
    """What the journal's lines say; a journal cut short gives a partial view, never an error."""
    collected = collect(lines)
    start = _completed(collected.start or RunStarted(), collected.target)
    requirements = _requirements(collected, start)
    requirements, waivers = waived.apply(start.waivers, requirements)
    load = build_load(collected)
    proof = build_proof(collected.faults, [item.id for item in requirements])
    decision = decide(collected, requirements, load, proof, waivers)
    return RunView(
        tool=start.tool,
        command=start.command,
        spec_sha256=start.spec_sha256,
        target=Target(start.target.url, start.target.kind, tuple(start.target.levers)),
        dialect=start.dialect,
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
        operations=_operations(collected, start),
        requests_sha256=_requests_sha256(collected.checks),
        observations=_observations(collected.observations),
        spend={"triggers": collected.triggers},
        load=load,
        proof=proof,
        coverage=build_coverage(collected.coverage),
        waivers=waivers,
        notes=tuple(collected.notes),
    )


def _completed(start: RunStarted, found: TargetFound | None) -> RunStarted:
    """The head of the run with what was known once the target had answered."""
    if found is None:
        return start
    names = ("target", "dialect", "spec_sha256", "operations", "waivers")
    return msgspec.structs.replace(start, **{name: getattr(found, name) for name in names})


def _requirements(collected: Collected, start: RunStarted) -> tuple[Requirement, ...]:
    findings = _findings(collected)
    started = {name for check in collected.checks.values() for name in check.requirements}
    entries = [*start.requirements, *collected.declared.values()]
    selected = {item.id: item for item in entries if start.judges_all or item.id in started}
    for name in findings:  # load may break a rule that nobody selected
        selected.setdefault(name, RequirementField(id=name, title=name))
    return tuple(
        _requirement(item, collected, findings.get(item.id, ())) for item in selected.values()
    )


def _requirement(
    item: RequirementField, collected: Collected, findings: Sequence[Finding]
) -> Requirement:
    checks = {
        name: check for name, check in collected.checks.items() if item.id in check.requirements
    }
    judgement = judge(item.id, item.basis, checks, findings)
    operations = {operation for check in checks.values() for operation in check.operations}
    return Requirement(
        id=item.id,
        title=item.title or item.id,
        statement=item.statement,
        basis=item.basis,
        severity=item.severity,
        area=item.area or _area(item.id),
        sources=tuple(item.sources),
        status=judgement.status,
        operations=tuple(sorted(operations)),
        checks=len(checks),
        duration_s=round(sum(_seconds(check) for check in checks.values()), 3),
        blocked_by=judgement.blocked_by,
        reason=judgement.reason,
        findings=tuple(findings),
    )


def _area(requirement: str) -> str:
    parts = requirement.split("-")
    return parts[1] if len(parts) == 3 else "other"


def _seconds(check: Check) -> float:
    return check.finished.duration_s if check.finished else 0.0


def _findings(collected: Collected) -> Mapping[str, Sequence[Finding]]:
    """Findings by requirement, numbered in the order (check, sequence)."""
    by_requirement: defaultdict[str, list[Finding]] = defaultdict(list)
    for line in sorted(collected.findings, key=lambda line: (line.check, line.seq)):
        siblings = by_requirement[line.requirement]
        siblings.append(_finding(line, len(siblings) + 1, collected))
    return by_requirement


def _finding(line: FindingLine, number: int, collected: Collected) -> Finding:
    exchange = None
    if line.exchange is not None:
        exchange = collected.exchanges.get((line.check, line.exchange))
    return Finding(
        id=f"{line.requirement}.{number}",
        requirement=line.requirement,
        severity=line.severity,
        message=line.message,
        check=line.check,
        blocked_by=line.blocked_by,
        replay=f"verify-harness replay RUN {line.requirement}.{number}",
        curl=curl_line(exchange.request) if exchange else None,
        exchange=_exchange(exchange) if exchange else None,
    )


def _exchange(line: ExchangeLine) -> Exchange:
    sent, got = line.request, line.response
    return Exchange(
        request=Request(sent.method, sent.url, sent.headers, sent.body),
        response=Response(got.status, got.headers, got.body, got.truncated) if got else None,
        failure=line.failure,
        elapsed_ms=line.elapsed_ms,
        operation_id=line.operation_id,
    )


def _operations(collected: Collected, start: RunStarted) -> tuple[Operation, ...]:
    known = [(item.operation_id, item.method, item.path) for item in start.operations]
    listed = {operation_id for operation_id, _, _ in known}
    others = sorted({name for name in collected.statuses if name} - listed)
    return tuple(
        Operation(
            operation_id=operation_id,
            method=method,
            path=path,
            exchanges=collected.statuses[operation_id].total(),
            statuses=dict(sorted(collected.statuses[operation_id].items())),
        )
        for operation_id, method, path in [*known, *((name, "", "") for name in others)]
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


def _observations(lines: Sequence[ObservationLine]) -> tuple[Observation, ...]:
    counts = Counter((line.key, line.value) for line in lines)
    return tuple(
        Observation(key, value, count, _observed_at(lines, key, value))
        for (key, value), count in sorted(counts.items())
    )


def _observed_at(lines: Sequence[ObservationLine], key: str, value: str) -> tuple[str, ...]:
    same = (line for line in lines if (line.key, line.value) == (key, value))
    return tuple(sorted({line.operation_id for line in same if line.operation_id}))


def _duration_s(collected: Collected) -> float:
    match collected.finish:
        case RunFinished(duration_s=float(told)):
            return told
    first_and_last = collected.times or [0.0, 0.0]
    return round(first_and_last[-1] - first_and_last[0], 3)
