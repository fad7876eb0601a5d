"""The table of what was exercised: every hole has a reason, and every reason its hole."""

from typing import Any

from bench.exercised import Excuse, as_markdown, excuses, exercised, unexplained
from verify_harness import catalogue

SMS, CALL = "CreateVerificationSms", "CreateVerificationCall"
OTHERS = ("CreateFlashcallVerification", "CreateWhatsappVerification")


def lines(*operations: str, requirement: str = "VFY-CODE-004") -> list[dict[str, Any]]:
    """The journal of one check that sent these requests."""
    sent = [{"kind": "exchange", "check": "a", "operation_id": each} for each in operations]
    return [{"kind": "check-started", "check": "a", "requirements": [requirement]}, *sent]


def test_a_channel_that_is_left_out_is_a_hole() -> None:
    table = exercised(lines(SMS, CALL))
    assert sorted(unexplained(table, ())) == [
        "VFY-CODE-004 is not exercised on flashcall",
        "VFY-CODE-004 is not exercised on whatsapp",
    ]
    assert "| VFY-CODE-004 | ● | ● | **hole** | **hole** |" in as_markdown(table, ())


def test_a_reason_closes_a_hole_and_nothing_else() -> None:
    table = exercised(lines(SMS, CALL, OTHERS[0]))
    known = (Excuse(("VFY-CODE-004",), ("whatsapp", "sms"), "It is closed."),)
    assert list(unexplained(table, known)) == ["VFY-CODE-004 needs no reason for sms"]
    assert "| ● | ● | ● | 1 |" in as_markdown(table, known)


def test_what_concerns_no_channel_has_no_hole() -> None:
    assert list(unexplained(exercised(lines("ListProfiles")), ())) == []
    told = exercised(lines("ListProfiles", requirement="VFY-AUTH-004"))
    assert len(list(unexplained(told, ()))) == 2


def test_reasons_are_about_requirements_that_exist() -> None:
    named = {name for each in excuses() for name in each.requirements}
    assert named <= catalogue.load().keys()
    assert all(each.reason.endswith(".") for each in excuses())
