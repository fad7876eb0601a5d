"""What one person does, step by step, and what must hold however busy the service is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from verify_harness.load.person import Person
from verify_harness.load.recorder import Recorder, Sample


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request: a status with a JSON body, or a failure."""

    status: int | None
    body: Any = None
    failure: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the status is a 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def data(self) -> Mapping[str, Any]:
        """The body's `data` object; empty where there is none."""
        data = self.body.get("data") if isinstance(self.body, dict) else None
        return data if isinstance(data, dict) else {}


@dataclass(frozen=True, slots=True)
class Verification:
    """A verification that was triggered."""

    id: str
    phone_number: str


@dataclass(frozen=True, slots=True)
class Gear:
    """What all journeys of a process share."""

    send: Callable[[str, str, Mapping[str, Any]], Answer]
    """Posts a body: step, path below the base URL, body; sent once, never raises for an answer."""
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    recorder: Recorder
    verify_profile_id: str


class JourneyFailed(Exception):
    """The journey cannot go on; what happened is recorded already."""


class Journey(ABC):
    """One arrival; a scenario is a subclass with `run`."""

    def __init__(self, gear: Gear, planned: float, index: int) -> None:
        """`planned` is when journey number `index` was to start, on the gear's clock."""
        self._gear = gear
        self._due = planned
        self._index = index

    @abstractmethod
    def run(self, person: Person) -> None:
        """What the person does."""

    def sleep(self, secs: float) -> None:
        """Let time pass for the person; oversleeping counts as latency of the next step."""
        self._due += secs
        self._gear.sleep(max(0.0, self._due - self._gear.clock()))

    def trigger(self, channel: str, number: str, custom_code: str | None) -> Verification:
        """Start a verification; raises JourneyFailed where there is none to go on with."""
        asked = {"phone_number": number, "verify_profile_id": self._gear.verify_profile_id}
        if custom_code is not None:
            asked["custom_code"] = custom_code
        answer = self._post("trigger", f"/verifications/{channel}", asked)
        wrong = differing_echoes(asked, answer.data)
        if wrong:
            self._break("VFY-TRIG-001", f"a {channel} trigger answered another {', '.join(wrong)}")
        if not isinstance(answer.data.get("id"), str):
            self._break("VFY-TRIG-001", f"a {channel} trigger answered without an id")
        return Verification(answer.data["id"], number)

    def check(self, verification: Verification, code: str) -> str:
        """Check a code; gives the `response_code`, raises JourneyFailed where there is none."""
        path = f"/verifications/{verification.id}/actions/verify"
        answer = self._post("check", path, {"code": code})
        response_code = answer.data.get("response_code")
        requirement = "VFY-CODE-001" if response_code == "accepted" else "VFY-CODE-003"
        if not isinstance(response_code, str):
            self._break(requirement, "a check answered without a response_code")
        if answer.data.get("phone_number") != verification.phone_number:
            self._break(requirement, f"a check answered {response_code} about another number")
        return response_code

    def expect(self, answer: str, acceptable: frozenset[str]) -> None:
        """Hold the answer of a check against the acceptable ones."""
        if answer in acceptable:
            return
        if "accepted" in acceptable:
            self._break("VFY-CODE-001", f"the right code was answered {answer}")
        self._break("VFY-CODE-002", f"a wrong code was answered {answer}")

    def _post(self, step: str, path: str, body: Mapping[str, Any]) -> Answer:
        sent = self._gear.clock()
        answer = self._gear.send(step, path, body)
        finished = self._gear.clock()
        self._gear.recorder.record(
            Sample(
                step=step,
                finished=finished,
                service_s=finished - sent,
                response_s=finished - min(self._due, sent),
                status=answer.status,
                failure=answer.failure,
            )
        )
        self._due = finished
        if not answer.succeeded:
            raise JourneyFailed(step)
        return answer

    def _break(self, requirement: str, message: str) -> NoReturn:
        """Report a broken invariant; the journey ends, since what follows would only echo it."""
        self._gear.recorder.broken(requirement, f"journey {self._index}: {message}")
        raise JourneyFailed(message)


def differing_echoes(asked: Mapping[str, Any], answered: Mapping[str, Any]) -> list[str]:
    """The members of a trigger that its answer does not repeat (VFY-TRIG-001)."""
    return [name for name, value in asked.items() if answered.get(name) != value]
