"""From what was found to verdict and exit code (`verify_harness.exitcodes`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify_harness.exitcodes import ExitCode, worst
from verify_harness.results.aggregate import Aggregate
from verify_harness.results.figures import measured, plural
from verify_harness.results.load_model import Load
from verify_harness.results.model import JudgedRequirement, JudgedWaiver, Verdict
from verify_harness.results.proof_summary import Proof

_STOPPED = {ExitCode.INTERRUPTED: "interrupted", ExitCode.TERMINATED: "terminated"}
_STALE = {
    "unneeded": "the waiver of {} is not needed any more: take it out",
    "expired": "the waiver of {} has expired",
    "unknown": "the waiver of {} names no requirement",
}
_JUDGED = ("pass", "fail", "warn", "observed", "waived")


@dataclass(frozen=True, slots=True)
class Decision:
    """The end of a run in one value."""

    verdict: Verdict
    exit_code: int
    partial: bool
    reasons: tuple[str, ...]


def decide(
    collected: Aggregate,
    requirements: Sequence[JudgedRequirement],
    load: Load | None,
    proof: Proof | None = None,
    waivers: Sequence[JudgedWaiver] = (),
) -> Decision:
    """The verdict; whatever could not be judged keeps a run from passing."""
    partial = collected.unreadable > 0 or collected.finish is None or collected.finish.partial
    reasons = tuple(dict.fromkeys(_reasons(collected, requirements, load, proof)))
    reasons += tuple(stale(item) for item in waivers if item.is_stale)
    failed = (
        any(item.status == "fail" for item in requirements)
        or bool(load and load.is_judged and load.missed and not load.invalid)
        or (proof is not None and not proof.holds)
        or any(waiver.is_stale for waiver in waivers)
    )
    unclear = (
        partial or bool(reasons) or any(item.status in ("error", "flaky") for item in requirements)
    )
    own = ExitCode.FAIL if failed else ExitCode.NO_VERDICT if unclear else ExitCode.PASS
    exit_code = _combined(own, collected)
    return Decision(_verdict(exit_code, failed=failed), int(exit_code), partial, reasons)


def stale(waiver: JudgedWaiver) -> str:
    """Why a waiver fails the run."""
    return _STALE[waiver.status].format(waiver.id)


def _combined(own: ExitCode, collected: Aggregate) -> ExitCode:
    told = collected.finish.exit_code if collected.finish else None
    if told is None:
        return own
    try:
        code = ExitCode(told)
    except ValueError:
        code = ExitCode.HARNESS_BUG  # no part of the harness ends with such a number
    return code if code in _STOPPED else worst(own, code)


def _verdict(exit_code: ExitCode, *, failed: bool) -> Verdict:
    if failed or exit_code == ExitCode.FAIL:
        return "fail"
    return "pass" if exit_code == ExitCode.PASS else "no-verdict"


def _reasons(
    collected: Aggregate,
    requirements: Sequence[JudgedRequirement],
    load: Load | None,
    proof: Proof | None,
) -> Iterator[str]:
    if collected.finish is None:
        yield "the run was cut off: its journal has no end"
    elif collected.finish.reason:
        yield collected.finish.reason
    elif collected.finish.exit_code not in (None, ExitCode.PASS, ExitCode.FAIL):
        yield _named(collected.finish.exit_code)
    if collected.unreadable:
        yield f"the journal holds {plural(collected.unreadable, 'unreadable line')}"
    yield from _errors_behind_warnings(collected, requirements)
    if load is not None and load.is_judged:
        yield from _doubts_about(load)
    is_told = collected.finish is not None and bool(collected.finish.reason)
    if proof is None and not is_told and not _anything_judged(requirements, load):
        yield "nothing could be judged"


def _named(exit_code: int | None) -> str:
    stopped = (name for code, name in _STOPPED.items() if code == exit_code)
    return next(stopped, f"the run ended with code {exit_code}")


def _errors_behind_warnings(
    collected: Aggregate, requirements: Sequence[JudgedRequirement]
) -> Iterator[str]:
    """Checks that ended in error although no requirement shows it (a finding came first)."""
    shown = {item.id for item in requirements if item.status in ("error", "fail")}
    for name, check in collected.checks.items():
        ended = check.finished.status if check.finished else None
        if ended == "error" and not shown.intersection(check.requirements):
            yield f"{name} could not judge: {check.finished.reason if check.finished else ''}"


def _doubts_about(load: Load) -> Iterator[str]:
    """What keeps a load run from passing."""
    if not load.is_whole:
        yield "the load did not come to its end, so its limits are not judged"
    for item in load.slo if load.is_whole else ():
        if item.status == "not-measured":
            yield f"nothing was measured for {item.expression}"
        elif item.status == "fail":
            yield f"SLO missed: {item.expression} {item.limit}, measured {measured(item)}"
    if load.aborted:
        yield load.aborted
    yield from load.invalid


def _anything_judged(requirements: Sequence[JudgedRequirement], load: Load | None) -> bool:
    if any(item.status in _JUDGED for item in requirements):
        return True
    if load is None or not load.is_whole:
        return False
    return load.journeys.completed + load.journeys.abandoned > 0  # to leave is planned
