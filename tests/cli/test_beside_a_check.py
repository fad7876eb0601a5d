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


def test_what_every_answer_shows_is_told_a_few_times_only(harness: Harness) -> None:
    with sandbox_with("number-shown-without-its-plus") as url:
        ended = harness("contract", "run", "ISO", "TMPL", "--target", url, "--jobs", "1")
    found = [each for each in ended.run_json["findings"] if each["requirement"] == "VFY-TRIG-001"]
    operations = {each["title"].partition(":")[0] for each in found}
    assert 0 < len(found) <= 3 * len(operations)


def test_what_is_seen_again_at_level_deep_is_not_called_chance(harness: Harness) -> None:
    options = ("--level", "deep", "--jobs", "1")
    with sandbox_with("second-trigger-leaves-the-first") as url:
        ended = harness("contract", "run", "VFY-TRIG-009", "--target", url, *options)
    assert ended.status("VFY-LIFE-005") == "fail"


def test_a_service_that_refuses_unknown_fields_is_no_broken_one(harness: Harness) -> None:
    with sandbox_with(options=("--strict",)) as url:
        ended = harness("contract", "run", "HTTP", "VFY-SPEC-006", "PROF", "--target", url)
    assert ended.code == 0, ended.out
