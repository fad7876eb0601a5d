"""The public surface for load scenarios.

A file that a profile names holds one subclass of `Journey`; `run` is what one person does:

    class OnlyTrigger(Journey):
        def run(self, person: Person) -> None:
            self.trigger(person.channel, person.number, person.code)
"""

from verify_harness.load.client.api_steps import Step
from verify_harness.load.journey import Journey, JourneyFailed, Verification
from verify_harness.load.person import LATE_BY_SECS, Attempt, Person

__all__ = [
    "LATE_BY_SECS",
    "Attempt",
    "Journey",
    "JourneyFailed",
    "Person",
    "Step",
    "Verification",
]
