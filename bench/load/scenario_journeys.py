"""One POST for each journey: what a journey costs on top of its request."""

from verify_harness.load.client import api_steps
from verify_harness.load.journey import Journey
from verify_harness.load.person import Person


class OnePost(Journey):
    """Trigger once."""

    def run(self, person: Person) -> None:
        """Send one trigger."""
        body = {
            "phone_number": person.number,
            "verify_profile_id": "p",
            "custom_code": person.code or "12345",
        }
        self.ask(api_steps.TRIGGERS["sms"], body=body)
