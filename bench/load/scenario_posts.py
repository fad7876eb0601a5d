"""One POST after the other for each user: the cost of a request with all that we count."""

from verify_harness.load.client import api_steps
from verify_harness.load.journey import Journey
from verify_harness.load.person import Person

POSTS_OF_A_JOURNEY = 500


class Posts(Journey):
    """Trigger again and again."""

    def run(self, person: Person) -> None:
        """Send the same kind of trigger; every answer is measured, counted and inspected."""
        step = api_steps.TRIGGERS["sms"]
        body = {"phone_number": person.number, "verify_profile_id": "p", "custom_code": "12345"}
        for _ in range(POSTS_OF_A_JOURNEY):
            self.ask(step, body=body)
