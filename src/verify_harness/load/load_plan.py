"""What is to be done: a profile, the scenario it names, the spec; and how the journal tells it."""

from dataclasses import dataclass, replace

from verify_harness import spec
from verify_harness.journal.embedded import LoadProfile, Planned
from verify_harness.journal.records import LoadStarted
from verify_harness.load.journey import Journey
from verify_harness.load.process_settings import LoadSettings
from verify_harness.load.profile import Arrivals, Profile, load_profile
from verify_harness.load.profile.arrivals import profile_curve
from verify_harness.load.scenario_loader import load_scenario
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


def started(profile: Profile, duration_s: float | None, journeys: int) -> LoadStarted:
    """The journal's record of what begins."""
    return LoadStarted(
        profile=LoadProfile(
            name=profile.name,
            reference=profile.reference if profile.reference != profile.name else None,
            title=profile.title,
            scenario=profile.scenario.stem,
            arrivals=profile.arrivals,
            mix=dict(profile.mix),
            judged=profile.is_judged,
        ),
        planned=Planned(
            journeys=journeys,
            duration_s=min(profile.duration_s, duration_s or profile.duration_s),
            curve=profile_curve(profile, duration_s),
        ),
        slo=profile.slo,
    )
