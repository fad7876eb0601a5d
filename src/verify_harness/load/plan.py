"""What is to be done: a profile, the scenario it names, the spec; and how the journal tells it."""

from dataclasses import dataclass, replace
from typing import Any

from verify_harness import spec
from verify_harness.load.arrivals import profile_curve
from verify_harness.load.journey import Journey
from verify_harness.load.profile import Arrivals, Profile, load_profile
from verify_harness.load.scenario import load_scenario
from verify_harness.load.settings import LoadSettings
from verify_harness.spec import Spec


@dataclass(frozen=True, slots=True)
class Plan:
    """A profile with all that it needs."""

    profile: Profile
    scenario: type[Journey]
    spec: Spec


def load_plan(settings: LoadSettings) -> Plan:
    """Read everything that the settings name; raises ContentError or SpecError."""
    profile = at_rate(load_profile(settings.profile), settings.rate_per_s, settings.duration_s)
    contract = spec.contract(settings.spec, chosen=settings.has_chosen_rules)
    return Plan(profile, load_scenario(profile.scenario), contract)


def at_rate(profile: Profile, rate_per_s: float | None, duration_s: float | None) -> Profile:
    """The same people arriving evenly at one rate, if one is given."""
    if rate_per_s is None or duration_s is None:
        return profile
    return replace(profile, arrivals=(Arrivals("constant", rate_per_s, duration_s),))


def started(profile: Profile, duration_s: float | None, journeys: int) -> dict[str, Any]:
    """The fields of the journal's `load-started`."""
    return {
        "profile": {
            "name": profile.name,
            "title": profile.title,
            "scenario": profile.scenario.stem,
            "arrivals": [
                {
                    "shape": stretch.shape,
                    "rate_per_s": stretch.rate_per_s,
                    "duration_s": stretch.duration_s,
                }
                for stretch in profile.arrivals
            ],
            "mix": dict(profile.mix),
            "judged": profile.is_judged,
        },
        "planned": {
            "journeys": journeys,
            "duration_s": min(profile.duration_s, duration_s or profile.duration_s),
            "curve": [list(corner) for corner in profile_curve(profile, duration_s)],
        },
        "slo": [limit.as_json() for limit in profile.slo],
    }
