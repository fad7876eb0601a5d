"""Random sequences with the reference model as the judge: silent where nothing is wrong."""

import pytest

from tests.cli.conftest import sandbox_with
from tests.program import Ended, Harness

ONLY = ("contract", "run", "--only", "test_sequences_go_as_the_model_says")
LONGEST_STORY = 40
"""Exchanges of a sequence that was cut down; a whole one has hundreds."""


def exchanges(ended: Ended) -> int:
    return sum(line["kind"] == "exchange" for line in ended.journal)


def test_a_sequence_that_went_wrong_is_cut_down_and_told(harness: Harness) -> None:
    with sandbox_with("one-mistake-locks") as url:
        ended = harness(*ONLY, "--target", url)
    assert ended.code == 1, ended.out + ended.err
    finding = ended.run_json["findings"][0]
    assert finding["requirement"] in {"VFY-LIFE-004", "VFY-CODE-001"}
    assert "; after: " in finding["title"]
    assert 0 < exchanges(ended) < LONGEST_STORY


def test_the_model_alone_finds_faults_of_each_kind(harness: Harness) -> None:
    faults = (
        *(
            "code-works-twice",
            "patch-of-whatsapp-drops-flash-calls",
            "page-number-corrected-in-meta",
        ),
        *("app-name-not-filled-in", "islands-look-up-as-american"),
    )
    ended = harness(
        "prove", "--model-only", *(word for each in faults for word in ("--fault", each))
    )
    caught = {each["id"]: each["caught"] for each in ended.run_json["faults"]}
    assert caught == dict.fromkeys(faults, True)
    assert ended.code == 0


@pytest.mark.long
@pytest.mark.parametrize("dialect", ["documented", "observed"])
@pytest.mark.parametrize("seed", range(4))
def test_the_model_is_silent_on_a_clean_sandbox(harness: Harness, dialect: str, seed: int) -> None:
    ended = harness(*ONLY, "--level", "deep", "--seed", str(seed), "--dialect", dialect)
    assert ended.code == 0, ended.out


@pytest.mark.long
def test_the_model_finds_nine_of_ten_faults_that_sequences_can_show(harness: Harness) -> None:
    ended = harness("prove", "--model-only", "--seed", "7")
    caught = [each["caught"] for each in ended.run_json["faults"]]
    assert len(caught) > 200
    assert sum(caught) >= 0.9 * len(caught)


def test_who_selects_a_requirement_does_not_get_the_sequences(harness: Harness) -> None:
    ended = harness("contract", "run", "VFY-PROF-001")
    assert {entry["id"] for entry in ended.run_json["requirements"]} == {"VFY-PROF-001"}


def test_what_silent_sequences_sent_is_counted(harness: Harness) -> None:
    ended = harness(*ONLY)
    assert exchanges(ended) == 0  # nothing went wrong, so nothing is kept
    assert ended.run_json["spend"]["triggers"] > 10
    assert sum(each["exchanges"] for each in ended.run_json["operations"]) > 100
