"""What the model follows of a journey under load, and where it says nothing."""

import json
from typing import Any

import pytest

from verify_harness import catalogue
from verify_harness.load.client.answer import Answer
from verify_harness.load.client.api_steps import CHECK, LIST, STATUS, TRIGGERS
from verify_harness.load.engine.journey_model import JourneyModel, VerifyProfile
from verify_harness.load.engine.response_sampling import Sampling
from verify_harness.model.accounts import Profile
from verify_harness.spec import Spec, contract

PROFILE_ID = "12ade33a-21c0-473b-b055-b3c836e1c292"
ID = "12ade33a-21c0-473b-b055-b3c836e1c293"
NUMBER = "+12025550123"
TIME = "2026-11-30T18:00:00.000000"
CREATED = {"id": PROFILE_ID, "name": "load", "language": "en-US", "created_at": TIME}
OPENED: dict[str, Any] = {
    "id": ID,
    "type": "sms",
    "record_type": "verification",
    "phone_number": NUMBER,
    "verify_profile_id": PROFILE_ID,
    "timeout_secs": 300,
    "custom_code": "12345",
    "status": "pending",
    "created_at": TIME,
    "updated_at": TIME,
}
ASKED = {"phone_number": NUMBER, "verify_profile_id": PROFILE_ID, "custom_code": "12345"}


def answered(data: Any, status: int = 200) -> Answer:
    """An answer of the service."""
    head = f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n\r\n".encode()
    return Answer(status, json.dumps({"data": data}).encode(), None, 1.0, 1.1, head)


@pytest.fixture(scope="module")
def spec() -> Spec:
    return contract(None, chosen=False)


@pytest.fixture
def model() -> JourneyModel:
    journey = JourneyModel(Profile(PROFILE_ID, CREATED, "VFY-PROF-001", 0.0))
    assert journey.follow(TRIGGERS["sms"], (), ASKED, answered(OPENED)) == []
    return journey


def read(model: JourneyModel, **changes: Any) -> list[str]:
    """What a read of the verification breaks."""
    found = model.follow(STATUS, (ID,), None, answered(OPENED | changes))
    return [each.requirement for each in found or ()]


def check(model: JourneyModel, code: str, answer: Answer) -> list[str]:
    """What a check breaks."""
    found = model.follow(CHECK, (ID,), {"code": code}, answer)
    return [each.requirement for each in found or ()]


def test_an_answer_is_judged_by_those_before_it(model: JourneyModel) -> None:
    assert read(model) == []
    assert read(model, created_at="2026-11-30T18:00:01.000000") == ["VFY-LIFE-012"]
    assert read(model, status="accepted") == [], "one divergence is told, not its echoes"


def test_a_check_decides_what_is_read_later(model: JourneyModel) -> None:
    accepted = answered({"phone_number": NUMBER, "response_code": "accepted"})
    assert check(model, "12345", accepted) == []
    assert read(model, status="pending") == ["VFY-LIFE-002"]


def test_a_throttled_check_was_not_made(model: JourneyModel) -> None:
    assert check(model, "12345", answered({}, 429)) == []
    assert read(model, status="accepted") == ["VFY-LIFE-001"]


def test_nothing_is_said_after_a_failure_that_may_have_done_something(model: JourneyModel) -> None:
    assert check(model, "12345", answered({}, 503)) == []
    assert read(model, status="accepted") == []


def test_a_failed_read_changes_nothing(model: JourneyModel) -> None:
    assert model.follow(STATUS, (ID,), None, answered({}, 503)) is None
    assert read(model, status="accepted") == ["VFY-LIFE-001"]


def test_nothing_is_said_where_things_happen_at_once(model: JourneyModel) -> None:
    model.lose()
    assert read(model, status="accepted") == []


def test_nothing_is_said_about_what_others_did(model: JourneyModel) -> None:
    others = OPENED | {"id": PROFILE_ID, "status": "accepted"}
    assert model.follow(STATUS, (PROFILE_ID,), None, answered(others)) is None
    assert model.follow(LIST, (NUMBER,), None, answered([others])) is None
    assert read(model) == []


def test_a_profile_that_is_not_as_documented_is_not_modelled() -> None:
    asked = {"name": "load"}
    answer = answered(CREATED | {"name": "another"}, 200)
    assert VerifyProfile(PROFILE_ID, asked, answer).as_modelled() is None


@pytest.mark.parametrize("unannounced", [(), ("VFY-LIFE-001",)])
def test_what_the_target_does_not_announce_it_may_break(spec: Spec, unannounced: Any) -> None:
    told: list[str] = []
    sampling = Sampling(spec, 100, 0, frozenset(unannounced))
    profile = Profile(PROFILE_ID, CREATED, "VFY-PROF-001", 0.0)
    witness = sampling.draw(profile, lambda requirement, _: told.append(requirement))
    assert witness is not None
    witness.saw(TRIGGERS["sms"], (), ASKED, answered(OPENED | {"status": "accepted"}))
    assert ("VFY-LIFE-001" in told) is not bool(unannounced)


def test_what_was_chosen_is_known() -> None:
    assert {"VFY-LIFE-005", "VFY-TRIG-009"} <= catalogue.chosen()
    assert not {"VFY-CODE-004", "VFY-LIFE-001"} & catalogue.chosen()
