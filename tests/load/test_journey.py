"""What a journey asks, measures and finds broken; the service's answers are given."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from verify_harness import content
from verify_harness.errors import ContentError
from verify_harness.journal import Journal
from verify_harness.load import histograms
from verify_harness.load.journey import Answer, Gear, Journey, JourneyFailed
from verify_harness.load.person import Person
from verify_harness.load.recorder import Recorder
from verify_harness.load.scenario import load_scenario

NUMBER = "+12015550123"
ID = "12ade33a-21c0-473b-b055-b3c836e1c292"
Body = Mapping[str, Any]


@dataclass
class Service:
    """Answers triggers and checks as it should, but for what a test changes."""

    trigger: Body = field(default_factory=dict)
    check: Body = field(default_factory=dict)
    status: int = 200
    now: float = 10.0
    asked: list[tuple[str, str, Body]] = field(default_factory=list)

    def send(self, step: str, path: str, body: Body) -> Answer:
        self.asked.append((step, path, body))
        self.now += 0.5
        if self.status != 200:
            return Answer(self.status, failure=f"HTTP {self.status}")
        if step == "trigger":
            return Answer(200, {"data": {**body, "id": ID, **self.trigger}})
        right = body["code"] == self.asked[0][2].get("custom_code")
        verdict = "accepted" if right else "rejected"
        data = {"phone_number": NUMBER, "response_code": verdict, **self.check}
        return Answer(200, {"data": data})

    def sleep(self, secs: float) -> None:
        self.now += secs


def _person(*typed: str, code: str | None = "12345", channel: str = "sms") -> Person:
    return Person(3, channel, NUMBER, code, typed, delivery_delay_s=2.0, typing_time_s=1.0)


def _travel(
    service: Service, person: Person, directory: Path, planned: float = 10.0
) -> list[dict[str, Any]]:
    """Run the bundled scenario; gives the journal's lines."""
    path = directory / "journal.ndjson"
    with closing(Journal(path)) as journal:
        _take(service, person, Recorder(journal, 0.0, "replay"), planned)
    return [json.loads(line) for line in path.read_text().splitlines()]


def _take(service: Service, person: Person, recorder: Recorder, planned: float) -> None:
    gear = Gear(service.send, service.sleep, lambda: service.now, recorder, ID)
    scenario: type[Journey] = load_scenario(content.loadtests() / "scenarios" / "verify_journey.py")
    try:
        scenario(gear, planned, person.index).run(person)
    finally:
        recorder.flush(float("inf"))


def _broken(service: Service, person: Person, directory: Path) -> str:
    with pytest.raises(JourneyFailed):
        _travel(service, person, directory)
    lines = map(json.loads, (directory / "journal.ndjson").read_text().splitlines())
    (finding,) = [line for line in lines if line["kind"] == "finding"]
    return str(finding["requirement"])


def test_a_journey_triggers_on_its_channel_and_checks_each_typed_code(tmp_path: Path) -> None:
    service = Service()

    _travel(service, _person("12346", "12345"), tmp_path)

    trigger = {"phone_number": NUMBER, "verify_profile_id": ID, "custom_code": "12345"}
    check = f"/verifications/{ID}/actions/verify"
    assert service.asked == [
        ("trigger", "/verifications/sms", trigger),
        ("check", check, {"code": "12346"}),
        ("check", check, {"code": "12345"}),
    ]


def test_a_flashcall_brings_no_code_and_its_rejection_is_right(tmp_path: Path) -> None:
    service = Service()

    lines = _travel(service, _person("0000000000", code=None, channel="flashcall"), tmp_path)

    assert "custom_code" not in service.asked[0][2]
    assert [line["kind"] for line in lines] == ["load-second", "load-second"]


@pytest.mark.parametrize(
    "service, typed, requirement",
    [
        (Service(check={"response_code": "rejected"}), "12345", "VFY-CODE-001"),
        (Service(check={"response_code": "accepted"}), "12346", "VFY-CODE-002"),
        (Service(check={"phone_number": "+12015550199"}), "12345", "VFY-CODE-001"),
        (Service(check={"phone_number": "+12015550199"}), "12346", "VFY-CODE-003"),
        (Service(check={"response_code": None}), "12346", "VFY-CODE-003"),
        (Service(trigger={"phone_number": "+12015550199"}), "12345", "VFY-TRIG-001"),
        (Service(trigger={"custom_code": None}), "12345", "VFY-TRIG-001"),
        (Service(trigger={"id": None}), "12345", "VFY-TRIG-001"),
    ],
)
def test_a_broken_invariant_is_a_finding_of_its_requirement(
    tmp_path: Path, service: Service, typed: str, requirement: str
) -> None:
    assert _broken(service, _person(typed), tmp_path) == requirement


@pytest.mark.parametrize("status", [429, 500])
def test_an_unanswered_trigger_ends_the_journey_without_a_finding(
    tmp_path: Path, status: int
) -> None:
    service = Service(status=status)

    with pytest.raises(JourneyFailed):
        _travel(service, _person("12345"), tmp_path)

    assert len(service.asked) == 1
    assert "finding" not in (tmp_path / "journal.ndjson").read_text()


def test_a_late_start_counts_as_response_but_not_as_service_latency(tmp_path: Path) -> None:
    lines = _travel(Service(now=11.0), _person("12345"), tmp_path, planned=10.0)

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
