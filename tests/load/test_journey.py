"""What a journey asks, measures and finds broken; the service's answers are given."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from verify_harness import bundled
from verify_harness.errors import ContentError
from verify_harness.journal import Journal
from verify_harness.load.client.answer import Answer, failure_of
from verify_harness.load.client.api_steps import Step
from verify_harness.load.engine.recorder import Recorder
from verify_harness.load.journey import GaveUp, Journey, JourneyContext, JourneyFailed
from verify_harness.load.person import LATE_TIMEOUT_SECS, Attempt, Person
from verify_harness.load.scenario_loader import load_scenario
from verify_harness.results import histograms
from verify_harness.tracing import trace_id

NUMBER = "+12015550123"
OTHER = "+12015550199"
ID = "12ade33a-21c0-473b-b055-b3c836e1c292"
Body = Mapping[str, Any]


@dataclass
class Service:
    """Answers every step as it should, but for what a test changes."""

    changes: Mapping[str, Body] = field(default_factory=dict)
    """By step: what is different in its `data`."""
    statuses: list[int] = field(default_factory=list)
    """Of the next answers; 200 when they are used up."""
    headers: bytes = b""
    now: float = 10.0
    code: str | None = None
    used: bool = False
    asked: list[tuple[str, tuple[str, ...], Body | None]] = field(default_factory=list)
    traces: set[str] = field(default_factory=set)

    def send(self, step: Step, arguments: tuple[str, ...], body: Body | None, trace: str) -> Answer:
        self.asked.append((step.name, arguments, body))
        self.traces.add(trace)
        sent, self.now = self.now, self.now + 0.5
        status = self.statuses.pop(0) if self.statuses else 200
        if status != 200:
            head = b"HTTP/1.1 %d\r\n%s\r\n\r\n" % (status, self.headers)
            return Answer(status, b"", failure_of(status), sent, self.now, head)
        data = {**self._data(step.name, body or {}), **self.changes.get(step.name, {})}
        content = {"data": [data] if step.name == "list" else data}
        return Answer(200, json.dumps(content).encode(), None, sent, self.now)

    def _data(self, step: str, body: Body) -> Body:
        known = {"id": ID, "phone_number": NUMBER}
        match step:
            case "trigger":
                self.code, self.used = body.get("custom_code"), False
                return {**body, "id": ID}
            case "check" | "check-by-number":
                right = body["code"] == self.code and not self.used
                self.used = self.used or right
                return {**known, "response_code": "accepted" if right else "rejected"}
            case "status":
                return {**known, "status": "accepted" if self.used else "pending"}
            case "create-profile" | "read-profile":
                return {"id": ID, "name": "verify-harness person 3", "language": "en-US", **body}
            case "rename-profile":
                return {"id": ID, "language": "en-US", **body}
        return known

    def sleep(self, secs: float) -> None:
        self.now += secs


def _person(
    *attempts: Attempt, code: str | None = "12345", channel: str = "sms", does: str = ""
) -> Person:
    habits = frozenset(does.split())
    return Person(3, channel, NUMBER, code, attempts or (RIGHT,), 2.0, 1.0, habits)


RIGHT = Attempt("12345", "accepted", "VFY-CODE-001")
WRONG = Attempt("12346", "rejected", "VFY-CODE-002")
AGAIN = Attempt("12345", "rejected", "VFY-CODE-004")


def _run_journey(
    service: Service, person: Person, directory: Path, planned: float = 10.0
) -> list[dict[str, Any]]:
    """Run the bundled scenario; gives the journal's lines."""
    path = directory / "journal.ndjson"
    with closing(Journal(path)) as journal:
        _take(service, person, Recorder(journal, 0.0), planned)
    return [json.loads(line) for line in path.read_text().splitlines()]


def _take(
    service: Service, person: Person, recorder: Recorder, planned: float, witness: Any = None
) -> None:
    gear = JourneyContext(
        send=service.send,
        sleep=service.sleep,
        clock=lambda: service.now,
        together=lambda tasks: [task() for task in tasks],
        recorder=recorder,
        draw_witness=lambda _broken: witness,
        verify_profile_id=ID,
        run_id="run-1",
    )
    scenario: type[Journey] = load_scenario(bundled.loadtests() / "scenarios" / "verify_journey.py")
    try:
        scenario(gear, planned, person.index).run(person)
    finally:
        recorder.flush(float("inf"))


def _broken(service: Service, person: Person, directory: Path) -> str:
    with pytest.raises(JourneyFailed):
        _run_journey(service, person, directory)
    lines = map(json.loads, (directory / "journal.ndjson").read_text().splitlines())
    (finding,) = [line for line in lines if line["kind"] == "finding"]
    return str(finding["requirement"])


def test_a_journey_is_one_trace_and_what_it_finds_broken_names_it(tmp_path: Path) -> None:
    service = Service(changes={"check": {"phone_number": "+12025550199"}})
    (tmp_path / "one").mkdir()
    with pytest.raises(JourneyFailed):
        _run_journey(service, _person(), tmp_path / "one")
    (trace,) = service.traces
    assert trace == trace_id("run-1", "journey 3")
    told = (tmp_path / "one" / "journal.ndjson").read_text()
    assert f" (journey 3, trace {trace})" in told


class Witness:
    """Has seen a check name another number."""

    told = frozenset({"VFY-CODE-003"})

    def saw(self, *_exchange: object) -> None:
        """Look on."""


def test_what_a_witness_has_told_is_not_told_again(tmp_path: Path) -> None:
    service = Service(changes={"check": {"response_code": 7}})
    with closing(Journal(tmp_path / "journal.ndjson")) as journal, pytest.raises(JourneyFailed):
        _take(service, _person(), Recorder(journal, 0.0), 10.0, Witness())
    assert '"finding"' not in (tmp_path / "journal.ndjson").read_text()


def _steps(service: Service) -> list[str]:
    return [step for step, _, _ in service.asked]


def test_a_journey_triggers_on_its_channel_and_checks_each_typed_code(tmp_path: Path) -> None:
    service = Service()

    _run_journey(service, _person(WRONG, RIGHT), tmp_path)

    trigger = {"phone_number": NUMBER, "verify_profile_id": ID, "custom_code": "12345"}
    assert service.asked == [
        ("trigger", (), trigger),
        ("check", (ID,), {"code": "12346"}),
        ("check", (ID,), {"code": "12345"}),
    ]


def test_a_flashcall_brings_no_code_and_its_rejection_is_right(tmp_path: Path) -> None:
    service = Service()
    guess = Attempt("0000000000", "rejected", "VFY-CODE-002")

    lines = _run_journey(service, _person(guess, code=None, channel="flashcall"), tmp_path)

    assert "custom_code" not in (service.asked[0][2] or {})
    assert [(line["kind"], line["channel"]) for line in lines] == [("load-second", "flashcall")] * 2


@pytest.mark.parametrize(
    "does, steps",
    [
        ("resend", ["trigger", "trigger", "check"]),
        ("by_number", ["trigger", "check-by-number"]),
        ("status_polling", ["trigger", "status", "check", "status"]),
        ("list_by_number", ["trigger", "list", "check"]),
        ("lookup", ["lookup", "trigger", "check"]),
        ("double_submit", ["trigger", "check", "check"]),
        (
            "profile_admin",
            [
                *("create-profile", "read-profile", "rename-profile", "delete-profile"),
                *("trigger", "check"),
            ],
        ),
    ],
)
def test_a_share_adds_its_steps(tmp_path: Path, does: str, steps: list[str]) -> None:
    service = Service()

    lines = _run_journey(service, _person(does=does), tmp_path)

    assert _steps(service) == steps
    assert {line["kind"] for line in lines} == {"load-second"}


def test_who_abandons_leaves_after_the_trigger(tmp_path: Path) -> None:
    service = Service()

    with pytest.raises(GaveUp):
        _run_journey(service, _person(does="abandon"), tmp_path)

    assert _steps(service) == ["trigger"]


def test_who_is_late_types_after_the_codes_life(tmp_path: Path) -> None:
    service = Service()
    late = Attempt("99999", "rejected", "VFY-CODE-005")

    _run_journey(service, _person(late, does="late_code"), tmp_path)

    assert (service.asked[0][2] or {})["timeout_secs"] == LATE_TIMEOUT_SECS
    assert service.now > 10.0 + LATE_TIMEOUT_SECS + 2.0 + 1.0


@pytest.mark.parametrize(
    "step, change, attempt, requirement",
    [
        ("check", {"response_code": "rejected"}, RIGHT, "VFY-CODE-001"),
        ("check", {"response_code": "accepted"}, WRONG, "VFY-CODE-002"),
        ("check", {"phone_number": OTHER}, RIGHT, "VFY-CODE-001"),
        ("check", {"phone_number": OTHER}, WRONG, "VFY-CODE-003"),
        ("check", {"response_code": None}, WRONG, "VFY-CODE-003"),
        ("trigger", {"phone_number": OTHER}, RIGHT, "VFY-TRIG-001"),
        ("trigger", {"custom_code": None}, RIGHT, "VFY-TRIG-001"),
        ("trigger", {"id": None}, RIGHT, "VFY-TRIG-001"),
    ],
)
def test_a_broken_invariant_is_a_finding_of_its_requirement(
    tmp_path: Path, step: str, change: Body, attempt: Attempt, requirement: str
) -> None:
    assert _broken(Service({step: change}), _person(attempt), tmp_path) == requirement


@pytest.mark.parametrize(
    "does, step, change, requirement",
    [
        ("status_polling", "status", {"status": "accepted"}, "VFY-LIFE-001"),
        ("status_polling", "status", {"phone_number": OTHER}, "VFY-LIFE-001"),
        ("list_by_number", "list", {"phone_number": OTHER}, "VFY-LIST-001"),
        ("list_by_number", "list", {"id": "another"}, "VFY-LIST-001"),
        ("lookup", "lookup", {"phone_number": OTHER}, "VFY-LOOK-001"),
        ("profile_admin", "create-profile", {"name": "another"}, "VFY-PROF-001"),
        ("profile_admin", "read-profile", {"language": "de-DE"}, "VFY-PROF-001"),
        ("profile_admin", "rename-profile", {"language": "de-DE"}, "VFY-PROF-002"),
        ("profile_admin", "delete-profile", {"id": "another"}, "VFY-PROF-003"),
        ("double_submit", "check", {"response_code": "accepted"}, "VFY-CODE-004"),
        ("double_submit", "check", {"response_code": "rejected"}, "VFY-CODE-001"),
    ],
)
def test_every_extra_answer_must_be_about_the_right_thing(
    tmp_path: Path, does: str, step: str, change: Body, requirement: str
) -> None:
    assert _broken(Service({step: change}), _person(does=does), tmp_path) == requirement


def test_a_code_accepted_a_second_time_is_a_finding(tmp_path: Path) -> None:
    service = Service({"check": {"response_code": "accepted"}})

    assert _broken(service, _person(RIGHT, AGAIN), tmp_path) == "VFY-CODE-004"


def test_an_error_ends_the_journey_without_a_finding(tmp_path: Path) -> None:
    service = Service(statuses=[500])

    with pytest.raises(JourneyFailed):
        _run_journey(service, _person(), tmp_path)

    assert _steps(service) == ["trigger"]
    assert "finding" not in (tmp_path / "journal.ndjson").read_text()


@pytest.mark.parametrize(
    "headers, waited_s", [(b"Retry-After: 3", 3.0), (b"x-ratelimit-reset: 7", 7.0), (b"", 1.0)]
)
def test_who_is_throttled_waits_as_told_and_asks_again(
    tmp_path: Path, headers: bytes, waited_s: float
) -> None:
    service = Service(statuses=[429], headers=headers)

    lines = _run_journey(service, _person(), tmp_path)

    assert _steps(service) == ["trigger", "trigger", "check"]
    assert service.now == pytest.approx(10 + 3 * 0.5 + waited_s + 2.0 + 1.0)
    assert sum(line["throttled"] for line in lines) == 1
    assert sum(line["errors"] for line in lines) == 0


def test_who_is_throttled_again_and_again_fails(tmp_path: Path) -> None:
    service = Service(statuses=[429] * 9)

    with pytest.raises(JourneyFailed):
        _run_journey(service, _person(), tmp_path)

    assert _steps(service) == ["trigger"] * 3


def test_a_late_start_counts_as_response_but_not_as_service_latency(tmp_path: Path) -> None:
    lines = _run_journey(Service(now=11.0), _person(), tmp_path, planned=10.0)

    latest = {
        (line["step"], name): histograms.merged([line[name]]).get_max_value() / 1e6
        for line in lines
        for name in ("service", "response")
    }
    assert latest["trigger", "service"] == pytest.approx(0.5, rel=0.001)
    assert latest["trigger", "response"] == pytest.approx(1.5, rel=0.001)
    assert latest["check", "response"] == pytest.approx(0.5, rel=0.001)  # waiting is no latency


@pytest.mark.parametrize("source", ["", "answer = 42\n"])
def test_a_scenario_without_a_journey_is_refused(tmp_path: Path, source: str) -> None:
    path = tmp_path / "empty.py"
    path.write_text(source)

    with pytest.raises(ContentError, match="this has 0"):
        load_scenario(path)
