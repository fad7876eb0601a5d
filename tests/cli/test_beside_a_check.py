"""What no check of a selection looks at is found all the same, by the model beside them."""

from tests.cli.conftest import sandbox_with
from tests.program import Harness


def test_a_selection_finds_what_its_checks_do_not_ask(harness: Harness) -> None:
    with sandbox_with("second-trigger-leaves-the-first") as url:
        ended = harness("contract", "run", "VFY-TRIG-009", "--target", url)
    assert ended.code == 1, ended.err
    assert ended.status("VFY-TRIG-009") == "pass"
    assert ended.status("VFY-LIFE-005") == "fail"
    found = ended.run_json["findings"][0]
    assert found["title"].startswith("ListVerifications: status is 'pending', acceptable: ")
    assert "/verifications/by_phone_number/" in found["exchange"]["request"]["url"]


def test_what_a_check_finds_itself_is_told_in_its_own_words_only(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url:
        ended = harness("contract", "run", "VFY-CODE-004", "--target", url)
    assert {each["requirement"] for each in ended.run_json["findings"]} == {"VFY-CODE-004"}
