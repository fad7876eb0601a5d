"""What a profile will do, before anything is sent: its curve, its totals, its cost elsewhere."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from verify_harness.errors import UsageError
from verify_harness.load.person import LATE_BY_SECS, Person, Population
from verify_harness.load.profile import Profile
from verify_harness.load.profile.arrivals import Curve, profile_curve, schedule
from verify_harness.safety import prices
from verify_harness.safety.money import Usd
from verify_harness.safety.permission import Ceiling
from verify_harness.safety.prices import CHANNELS

_MOST_PEOPLE = 20_000
"""So many people are drawn; of a larger crowd the rest is taken to be alike."""
_BAR_WIDTH = 40
_ROWS = 20


@dataclass(frozen=True, slots=True)
class Forecast:
    """Totals over the whole profile."""

    journeys: int
    duration_s: float
    highest_rate_per_s: float
    triggers: Mapping[str, int]
    """By channel."""
    checks: int
    lookups: int
    successes: int
    journey_s: float
    """How long a person is on the way, on average, if every answer comes at once."""

    @property
    def people_at_once(self) -> float:
        """On the way at the highest rate, on average."""
        return self.highest_rate_per_s * self.journey_s

    @property
    def trigger_rate_per_s(self) -> float:
        """At the highest rate; who asks for a second message triggers twice."""
        return self.highest_rate_per_s * self.triggers_per_journey

    @property
    def triggers_per_journey(self) -> float:
        """On average."""
        return sum(self.triggers.values()) / self.journeys if self.journeys else 0.0

    def check(self, ceiling: Ceiling) -> None:
        """Raise UsageError where the plan exceeds the ceiling."""
        rows = (
            ("triggers", sum(self.triggers.values()), "--max-triggers", ceiling.max_triggers),
            ("triggers/s", self.trigger_rate_per_s, "--max-rate", ceiling.max_rate_per_s),
        )
        for what, planned, option, most in rows:
            if most is not None and planned > most:
                raise UsageError(
                    f"the profile plans {planned:g} {what}, above the ceiling of {most:g}.",
                    hint=f"raise {option} where the profile sets no lower one, or plan less",
                )

    @property
    def cost(self) -> Usd:
        """What the vendor's own service would ask for about so much in the US."""
        table = prices.load()
        sent = (self.triggers.get(name, 0) * table.send(name, "US") for name in CHANNELS)
        rest = self.successes * table.check() + self.lookups * table.look_up()
        return sum(sent, start=rest)


def forecast(profile: Profile, seed: int) -> Forecast:
    """Draw the people who will come, and count what they will do."""
    journeys = len(schedule(profile, seed))
    crowd = Population(profile, seed)
    people = [crowd.person(index) for index in range(min(journeys, _MOST_PEOPLE))]
    scale = journeys / len(people) if people else 0.0
    triggers: Counter[str] = Counter()
    for person in people:
        triggers[person.channel] += 1 + person.does("resend")
    highest = max((rate for _, rate in profile_curve(profile)), default=0.0)
    length_s = sum(map(_length_s, people)) / len(people) if people else 0.0
    return Forecast(
        journeys=journeys,
        duration_s=profile.duration_s,
        highest_rate_per_s=highest,
        triggers={channel: round(count * scale) for channel, count in triggers.most_common()},
        checks=round(scale * sum(map(_checks, people))),
        lookups=round(scale * sum(person.does("lookup") for person in people)),
        successes=round(scale * sum(map(_succeeds, people))),
        journey_s=length_s,
    )


def bars(profile: Profile) -> Iterator[str]:
    """The arrival curve as lines of text: second, journeys per second, bar."""
    corners = profile_curve(profile)
    highest = max((rate for _, rate in corners), default=0.0) or 1.0
    for row in range(_ROWS):
        second = profile.duration_s * row / _ROWS
        rate = _rate(corners, second + profile.duration_s / _ROWS / 2)
        bar = "█" * round(_BAR_WIDTH * rate / highest)
        yield f"{second:8.1f} s {rate:8.1f}/s  {bar}".rstrip()


def _rate(corners: Curve, at_s: float) -> float:
    for (begin_s, first), (end_s, last) in pairwise(corners):
        if begin_s <= at_s < end_s:
            return first + (last - first) * (at_s - begin_s) / (end_s - begin_s)
    return 0.0


def _checks(person: Person) -> int:
    return len(person.attempts) + person.does("double_submit")


def _succeeds(person: Person) -> bool:
    return any(attempt.expected == "accepted" for attempt in person.attempts)


def _length_s(person: Person) -> float:
    late_s = person.timeout_secs + LATE_BY_SECS if person.timeout_secs is not None else 0.0
    waits = person.delivery_delay_s * (1 + person.does("resend"))
    return waits + late_s + person.typing_time_s * len(person.attempts)
