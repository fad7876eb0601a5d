"""What one person does, step by step, and what must hold however busy the service is."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from verify_harness.load.client import api_steps
from verify_harness.load.client.answer import Answer
from verify_harness.load.client.api_steps import Step
from verify_harness.load.client.trigger_gate import TriggerWithheld
from verify_harness.load.engine.recorder import Recorder, Sample
from verify_harness.load.engine.response_sampling import Broken, Witness
from verify_harness.load.person import Attempt, Person
from verify_harness.tracing import trace_id
from verify_harness.transport.retry_after import wait_secs

_MOST_WAITS = 2
"""How often a person who was throttled waits and asks again."""
_LONGEST_WAIT_SECS = 10.0
_UNFINISHED = "no answer before the end of the run"

Body = Mapping[str, Any]
Send = Callable[[Step, tuple[str, ...], Body | None, str], Answer]
Task = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Verification:
    """A verification that was triggered."""

    id: str
    phone_number: str


@dataclass(frozen=True, slots=True)
class JourneyContext:
    """What all journeys of a process share."""

    send: Send
    """Sends a step with its path's arguments, body and trace; once, whatever the answer is."""
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    together: Callable[[Sequence[Task]], list[Any]]
    """Does several things at the same moment; gives their results."""
    recorder: Recorder
    draw_witness: Callable[[Broken], Witness | None]
    """Who looks at the answers of the next journey, if it is drawn."""
    verify_profile_id: str
    run_id: str


class JourneyFailed(Exception):
    """The journey cannot go on; what happened is recorded already."""


class GaveUp(Exception):
    """The person went away, as planned."""


class Journey(ABC):
    """One arrival; a scenario is a subclass with `run`."""

    def __init__(self, gear: JourneyContext, planned: float, index: int) -> None:
        """`planned` is when journey number `index` was to start, on the gear's clock."""
        self._gear = gear
        self._due = planned
        self._index = index
        self._channel: str | None = None
        self._trace = trace_id(gear.run_id, f"journey {index}")
        self._witness = gear.draw_witness(self._tell)

    @abstractmethod
    def run(self, person: Person) -> None:
        """What the person does."""

    def sleep(self, secs: float) -> None:
        """Let time pass for the person; oversleeping counts as latency of the next step."""
        self._due += secs
        if (rest := self._due - self._gear.clock()) > 0:
            self._gear.sleep(rest)

    def give_up(self) -> NoReturn:
        """Leave without another request; the journey counts as abandoned, not as failed."""
        raise GaveUp

    def trigger(
        self,
        channel: str,
        number: str,
        custom_code: str | None = None,
        timeout_secs: int | None = None,
    ) -> Verification:
        """Start a verification; raises JourneyFailed where there is none to go on with."""
        self._channel = channel
        asked: dict[str, Any] = {
            "phone_number": number,
            "verify_profile_id": self._gear.verify_profile_id,
        }
        if custom_code is not None:
            asked["custom_code"] = custom_code
        if timeout_secs is not None:
            asked["timeout_secs"] = timeout_secs
        data = self.ask(api_steps.TRIGGERS[channel], body=asked)
        if wrong := differing(asked, data):
            self.broken("VFY-TRIG-001", f"a {channel} trigger answered another {', '.join(wrong)}")
        if not isinstance(data.get("id"), str):
            self.broken("VFY-TRIG-001", f"a {channel} trigger answered without an id")
        return Verification(data["id"], number)

    def check(self, verification: Verification, code: str, *, by_number: bool = False) -> str:
        """Check a code; gives the `response_code`, raises JourneyFailed where there is none."""
        if by_number:
            body = {"code": code, "verify_profile_id": self._gear.verify_profile_id}
            data = self.ask(api_steps.CHECK_BY_NUMBER, verification.phone_number, body=body)
        else:
            data = self.ask(api_steps.CHECK, verification.id, body={"code": code})
        response_code = data.get("response_code")
        requirement = "VFY-CODE-001" if response_code == "accepted" else "VFY-CODE-003"
        if not isinstance(response_code, str):
            self.broken(requirement, "a check answered without a response_code")
        if data.get("phone_number") != verification.phone_number:
            self.broken(requirement, f"a check answered {response_code} about another number")
        return response_code

    def attempt(self, verification: Verification, it: Attempt, *, by_number: bool = False) -> None:
        """Type a code and hold the answer against what must be answered."""
        answer = self.check(verification, it.code, by_number=by_number)
        if answer != it.expected:
            told = f"a code that must be {it.expected} was answered {answer}"
            self.broken(it.requirement, told)

    def attempt_twice_at_once(self, verification: Verification, code: str) -> None:
        """Check the right code twice at the same moment; it may be accepted only once."""

        def one() -> str | JourneyFailed:
            try:
                return self.check(verification, code)
            except JourneyFailed as failure:
                return failure

        if self._witness is not None:
            self._witness.lose()
        answers = self._gear.together([one, one])
        if failed := [answer for answer in answers if isinstance(answer, JourneyFailed)]:
            raise failed[0]
        if answers.count("accepted") > 1:
            self.broken("VFY-CODE-004", "one code was accepted twice at the same moment")
        if "accepted" not in answers:
            self.broken("VFY-CODE-001", "the right code, sent twice at once, was never accepted")

    def look_at(self, verification: Verification, status: str) -> None:
        """Read the verification, which must have this status."""
        requirement = "VFY-LIFE-002" if status == "accepted" else "VFY-LIFE-001"
        data = self.ask(api_steps.STATUS, verification.id)
        wanted = {"id": verification.id, "phone_number": verification.phone_number}
        if wrong := differing({**wanted, "status": status}, data):
            told = f"the verification, {status} by rights, reads another {', '.join(wrong)}"
            self.broken(requirement, told)

    def list_own(self, verification: Verification) -> None:
        """List the verifications of the number: this one is there, and no other number's."""
        items = self.ask_for_list(api_steps.LIST, verification.phone_number)
        if any(item.get("phone_number") != verification.phone_number for item in items):
            self.broken("VFY-LIST-001", "the list by number holds another number's verification")
        if all(item.get("id") != verification.id for item in items):
            self.broken("VFY-LIST-001", "the list by number misses a verification just triggered")

    def look_up(self, number: str) -> None:
        """Look a number up; the answer must be about it."""
        if self.ask(api_steps.LOOKUP, number).get("phone_number") != number:
            self.broken("VFY-LOOK-001", "a lookup answered about another number")

    def administer_profile(self, name: str) -> None:
        """Create a verify profile, read it, rename it, delete it."""
        created = self.ask(api_steps.CREATE_PROFILE, body={"name": name, "language": "en-US"})
        profile_id = created.get("id")
        if not isinstance(profile_id, str) or created.get("name") != name:
            self.broken("VFY-PROF-001", "a created profile was answered without its id or name")
        read = self.ask(api_steps.READ_PROFILE, profile_id)
        if wrong := differing({"id": profile_id, "name": name, "language": "en-US"}, read):
            self.broken("VFY-PROF-001", f"a created profile reads another {', '.join(wrong)}")
        renamed = self.ask(api_steps.RENAME_PROFILE, profile_id, body={"name": f"{name} renamed"})
        if wrong := differing({"name": f"{name} renamed", "language": "en-US"}, renamed):
            self.broken("VFY-PROF-002", f"a renamed profile has another {', '.join(wrong)}")
        if self.ask(api_steps.DELETE_PROFILE, profile_id).get("id") != profile_id:
            self.broken("VFY-PROF-003", "a deleted profile was not answered")

    def ask(self, step: Step, *arguments: str, body: Body | None = None) -> Mapping[str, Any]:
        """Send a step and give its `data`; raises JourneyFailed unless it is answered by a 2xx."""
        return self._answered(step, arguments, body).data

    def ask_for_list(self, step: Step, *arguments: str) -> list[Mapping[str, Any]]:
        """Send a step whose `data` is a list of objects; the list is empty where it is none."""
        body = self._answered(step, arguments, None).json
        items = body.get("data") if isinstance(body, dict) else None
        return [item for item in items or () if isinstance(item, dict)]

    def broken(self, requirement: str, message: str) -> NoReturn:
        """Report a broken invariant; the journey ends, since what follows would only echo it."""
        if self._witness is None or requirement not in self._witness.told:
            self._tell(requirement, message)
        raise JourneyFailed(message)

    def _tell(self, requirement: str, message: str) -> None:
        where = f"(journey {self._index}, trace {self._trace})"
        self._gear.recorder.broken(requirement, f"{message} {where}")

    def _answered(self, step: Step, arguments: tuple[str, ...], body: Body | None) -> Answer:
        answer = self._sent(step, arguments, body)
        for _ in range(_MOST_WAITS):
            if answer.status != 429:
                break
            self.sleep(told_wait_secs(answer))
            answer = self._sent(step, arguments, body)  # it was refused, not done
        if not answer.succeeded:
            raise JourneyFailed(step.name)
        return answer

    def _sent(self, step: Step, arguments: tuple[str, ...], body: Body | None) -> Answer:
        begun = self._gear.clock()
        try:
            answer = self._gear.send(step, arguments, body, self._trace)
        except TriggerWithheld:
            raise  # nothing was sent
        except BaseException:  # the run ends before the answer came: that must not go uncounted
            self._record(step, Answer(None, b"", _UNFINISHED, begun, self._gear.clock()))
            raise
        self._record(step, answer)
        self._due = answer.finished
        if self._witness is not None:
            self._witness.saw(step, arguments, body, answer)
        return answer

    def _record(self, step: Step, answer: Answer) -> None:
        sent, finished = answer.sent, answer.finished
        self._gear.recorder.record(
            Sample(
                step.name,
                self._channel,
                finished,
                finished - sent,
                finished - min(self._due, sent),
                answer.status,
                answer.failure,
            )
        )


def told_wait_secs(answer: Answer) -> float:
    """How long a throttled answer asks us to wait, within reason; a second if it does not say."""
    return wait_secs(
        answer.header("retry-after"),
        answer.header("x-ratelimit-reset"),
        now=time.time(),
        longest_secs=_LONGEST_WAIT_SECS,
    )


def differing(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """The members that are not as they should be."""
    return [name for name, value in wanted.items() if found.get(name) != value]
