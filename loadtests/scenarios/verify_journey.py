"""What people do with a verification."""

from verify_harness.scenarios import LATE_BY_SECS, Journey, Person, Verification


class VerifyJourney(Journey):
    """Trigger, wait for the message, type the code, check it; people err, wait, ask and leave."""

    def run(self, person: Person) -> None:
        """Take one person from the trigger to the last check."""
        self._prepare(person)
        verification = self._receive(person)
        self._look(verification, person)
        if person.does("abandon"):
            self.give_up()
        if person.timeout_secs is not None:
            self.sleep(person.timeout_secs + LATE_BY_SECS)
        self._type(verification, person)

    def _prepare(self, person: Person) -> None:
        if person.does("profile_admin"):
            self.administer_profile(f"verify-harness person {person.index}")
        if person.does("lookup"):
            self.look_up(person.number)

    def _receive(self, person: Person) -> Verification:
        verification = self.trigger(person.channel, person.number, person.code, person.timeout_secs)
        self.sleep(person.delivery_delay_s)
        if person.does("resend"):
            verification = self.trigger(person.channel, person.number, person.code)
            self.sleep(person.delivery_delay_s)
        return verification

    def _look(self, verification: Verification, person: Person) -> None:
        if person.does("list_by_number"):
            self.list_own(verification)
        if person.does("status_polling"):
            self.look_at(verification, "pending")

    def _type(self, verification: Verification, person: Person) -> None:
        if person.does("double_submit"):
            self.sleep(person.typing_time_s)
            self.attempt_twice_at_once(verification, person.attempts[0].code)
            return
        for attempt in person.attempts:
            self.sleep(person.typing_time_s)
            self.attempt(verification, attempt, by_number=person.does("by_number"))
        if person.does("status_polling") and person.attempts[-1].expected == "accepted":
            self.look_at(verification, "accepted")
