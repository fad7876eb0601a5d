"""The load part of the view, from its seconds."""

from collections.abc import Mapping, Sequence

from verify_harness.report.collected import Collected
from verify_harness.report.histograms import SecondTotals, merged_percentiles, percentiles
from verify_harness.report.lines import ArrivalField
from verify_harness.report.model import Interval, Load, LoadFailure, Step

_MOST_INTERVALS = 120
JOURNEY_COUNTS = ("planned", "started", "completed", "failed", "late_starts")


def build_load(collected: Collected) -> Load | None:
    """The load block; None where the run had no load."""
    start, finish = collected.load_start, collected.load_finish
    if start is None and finish is None and not collected.steps:
        return None
    duration_s = finish.duration_s if finish else float(max(collected.seconds, default=-1) + 1)
    journeys = _journeys(collected)
    planned_s = start.planned.duration_s if start else 0.0
    requests = sum(step.requests for step in collected.steps.values())
    arriving_s = min(duration_s, planned_s) if planned_s else duration_s
    return Load(
        profile=start.profile.name if start else "",
        title=start.profile.title if start else "",
        finished=finish is not None,
        duration_s=duration_s,
        requests=requests,
        requests_per_s=_rate(requests, duration_s) or 0.0,
        offered_per_s=_rate(journeys["planned"], planned_s),
        achieved_per_s=_rate(journeys["started"], arriving_s),
        journeys=journeys,
        steps=_steps(collected),
        intervals=_intervals(collected.seconds, start.profile.arrivals if start else []),
        failures=_failures(collected),
        slo=(),
        generator=dict(finish.generator) if finish else {},
    )


def planned_rate(arrivals: Sequence[ArrivalField], at_s: float) -> float | None:
    """The profile's rate (journeys per second) at a time of the run; None after its end."""
    end_s = 0.0
    for arrival in arrivals:
        end_s += arrival.duration_s
        if at_s < end_s:
            return arrival.rate_per_s
    return None


def _rate(count: int, seconds: float) -> float | None:
    return round(count / seconds, 3) if seconds > 0 else None


def _journeys(collected: Collected) -> Mapping[str, int]:
    planned = collected.load_start.planned.journeys if collected.load_start else 0
    told = collected.load_finish.journeys if collected.load_finish else {}
    if told:
        return {name: told.get(name, 0) for name in JOURNEY_COUNTS}
    started = sum(second.starts for second in collected.seconds.values())
    return {**dict.fromkeys(JOURNEY_COUNTS, 0), "planned": planned, "started": started}


def _steps(collected: Collected) -> tuple[Step, ...]:
    return tuple(
        Step(
            name=name,
            requests=step.requests,
            throttled=step.throttled,
            errors=step.errors,
            statuses=dict(sorted(step.statuses.items())),
            service_ms=percentiles(step.service),
            response_ms=percentiles(step.response),
        )
        for name, step in collected.steps.items()
    )


def _intervals(
    seconds: Mapping[int, SecondTotals], arrivals: Sequence[ArrivalField]
) -> tuple[Interval, ...]:
    """The run in at most `_MOST_INTERVALS` pieces of equal length; quiet ones are there too."""
    if not seconds:
        return ()
    length_s = max(seconds) + 1
    width_s = -(-length_s // _MOST_INTERVALS)
    return tuple(
        _interval(start_s, min(width_s, length_s - start_s), seconds, arrivals)
        for start_s in range(0, length_s, width_s)
    )


def _interval(
    start_s: int,
    width_s: int,
    seconds: Mapping[int, SecondTotals],
    arrivals: Sequence[ArrivalField],
) -> Interval:
    here = [seconds[at] for at in range(start_s, start_s + width_s) if at in seconds]
    return Interval(
        start_s=start_s,
        width_s=width_s,
        requests_per_s=sum(second.requests for second in here) / width_s,
        journeys_per_s=sum(second.starts for second in here) / width_s,
        planned_per_s=planned_rate(arrivals, start_s + width_s / 2),
        throttled=sum(second.throttled for second in here),
        errors=sum(second.errors for second in here),
        response_ms=merged_percentiles([one for second in here for one in second.response]),
    )


def _failures(collected: Collected) -> tuple[LoadFailure, ...]:
    told = collected.load_finish.failures if collected.load_finish else []
    kinds = (LoadFailure(item.step, item.message, item.count) for item in told)
    return tuple(sorted(kinds, key=lambda item: (-item.count, item.step, item.message)))
