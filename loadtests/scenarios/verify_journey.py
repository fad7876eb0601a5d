"""What people do with a verification."""

from verify_harness.load.journey import Journey
from verify_harness.load.person import Person


class VerifyJourney(Journey):
    """Trigger, wait for the message, type the code, check it; some people mistype first."""

    def run(self, person: Person) -> None:
        """Take one person from the trigger to the last check."""
        verification = self.trigger(person.channel, person.number, custom_code=person.code)
        self.sleep(person.delivery_delay_s)
        for code in person.typed_codes:
            self.sleep(person.typing_time_s)
            answer = self.check(verification, code)
            self.expect(answer, person.acceptable_answers(code))
