"""A finding as a story: its sentence, its steps, its probable cause, a script that repeats it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.cli.conftest import sandbox_with
from tests.program import environment
from tests.report.journals import Journal, request, response
from verify_harness import journal as journals
from verify_harness.journal import records
from verify_harness.results import RunView, build_view, story
from verify_harness.results.causes import causes
from verify_harness.safety.code_relations import related

CODE = "VFY-CODE-004"
KEY = "KEY0123456789-for-the-sandbox"
SLUGGISH = ("code-works-twice", "leading-zeros-ignored", "late-code-accepted")


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunView, Path]:
    """A run against a sandbox with three faults."""
    directory = tmp_path_factory.mktemp("run") / "run"
    wanted = ("VFY-CODE-002", CODE, "VFY-CODE-005", "VFY-CODE-007", "VFY-CODE-016")
    with sandbox_with(*SLUGGISH) as url:
        words = ("contract", "run", *wanted, "--target", url, "-o", str(directory))
        subprocess.run(
            [sys.executable, "-m", "verify_harness", *words],
            env=environment(),
            check=False,
            capture_output=True,
        )
    return build_view(journals.read(directory)), directory


def finding(view: RunView, requirement: str) -> Any:
    (item,) = [item for item in view.requirements if item.id == requirement]
    return item.findings[0]


def test_the_sentence_says_what_was_answered_and_what_is_required(
    failing: tuple[RunView, Path],
) -> None:
    told = finding(failing[0], CODE).sentence
    assert "answered 200, response_code accepted. Required: After a check was answered" in told
    assert "assert" not in told


@pytest.mark.parametrize(
    "condition, told",
    [
        ("required: 'GET' in answer.header_items('allow')", "answered 405 (allow: POST). Required"),
        (
            "required: answer.header('x-one') == answer.header('allow')",
            "answered 405 (without x-one; allow: POST). Required",
        ),
        ("required: answer.status == 200", "answered 405. Required"),
    ],
)
def test_the_sentence_shows_the_headers_that_the_check_is_about(condition: str, told: str) -> None:
    answer = response(405, headers={"Allow": "POST", "Date": "now"}, body="")
    shown = {"check": "c", "seq": 1, "operation_id": "ListProfiles", "purpose": "measure"}
    exchange = msgspec.convert(
        {**shown, "request": request(), "response": answer, "failure": None, "elapsed_ms": 1.0},
        records.Exchange,
    )
    broken = records.Finding(
        check="c", seq=2, requirement="VFY-HTTP-001", severity="fail", message=condition
    )
    assert told in story.sentence(broken, "It names its methods.", exchange)


def test_steps_lead_from_the_set_up_to_the_finding(failing: tuple[RunView, Path]) -> None:
    steps = finding(failing[0], CODE).steps
    assert [step.number for step in steps] == [1, 2, 3, 4]
    assert [step.is_set_up for step in steps] == [True, True, False, False]
    assert steps[2].done == steps[3].done
    assert steps[3].answer == "200, response_code accepted"


def test_the_clock_is_a_step(failing: tuple[RunView, Path]) -> None:
    steps = finding(failing[0], "VFY-CODE-005").steps
    assert any("the clock was moved" in step.done for step in steps)


def test_codes_are_told_by_how_they_differ(failing: tuple[RunView, Path]) -> None:
    assert finding(failing[0], "VFY-CODE-007").codes == {
        "code-2": "code-1 without its leading zeros"
    }


def test_three_faults_are_three_causes(failing: tuple[RunView, Path]) -> None:
    groups = [{item.id for item in cause.requirements} for cause in causes(failing[0].broken)]
    assert {CODE, "VFY-CODE-016"} in groups
    assert {"VFY-CODE-002", "VFY-CODE-007"} in groups
    assert {"VFY-CODE-005"} in groups


@pytest.mark.parametrize("requirement", [CODE, "VFY-CODE-007"])
def test_the_script_shows_the_fault_on_a_fresh_system(
    failing: tuple[RunView, Path], requirement: str, tmp_path: Path
) -> None:
    script = tmp_path / "steps.sh"
    script.write_text(finding(failing[0], requirement).script)
    with sandbox_with(*SLUGGISH, TELNYX_API_KEY=KEY) as url:
        assert _last_answer(script, url).endswith('"response_code":"accepted"}}')
    with sandbox_with(TELNYX_API_KEY=KEY) as url:
        assert _last_answer(script, url).endswith('"response_code":"rejected"}}')


def _last_answer(script: Path, url: str) -> str:
    ended = subprocess.run(
        ["bash", str(script)],
        env=environment(TELNYX_API_KEY=KEY, BASE=url),
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.splitlines()[-1].replace(" ", "")


def test_a_long_check_is_told_from_its_ends() -> None:
    journal = Journal().start(CODE).begin("a", CODE)
    for _ in range(40):
        last = journal.exchange("a")
    lines = journal.finding("a", CODE, exchange_seq=last).end("a", "fail").finish().lines
    shown = finding(build_view(lines), CODE)
    assert [step.number for step in shown.steps] == [*range(1, 5), *range(29, 41)]
    assert shown.script is None


@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", "'; touch pwned; '", "\n x"])
def test_no_text_of_a_run_is_run_by_the_script(text: str, tmp_path: Path) -> None:
    journal = Journal().start(CODE, target={"url": f"http://127.0.0.1:1/{text}"}).begin("a", CODE)
    body = '{"code": "' + text.replace("\n", "\\n") + '"}'
    asked = request(url=f"http://127.0.0.1:1/{text}/x", body=body)
    last = journal.exchange("a", operation_id=text, request=asked, response=response(body=text))
    lines = journal.finding("a", CODE, exchange_seq=last).end("a", "fail").finish().lines
    script = finding(build_view(lines), CODE).script
    subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment(TELNYX_API_KEY="KEY"),
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "code, words",
    [
        ("1234", "without its first digit"),
        ("0123", "without its last digit"),
        ("001234", "with a zero before it"),
        ("01235", "with one digit changed"),
        ("43210", "backwards"),
        (" 01234 ", "with spaces around it"),
        ("٠١٢٣٤", "in other digits than ASCII's"),
    ],
)
def test_relations_of_codes(code: str, words: str) -> None:
    assert related({"01234": "code-1", code: "code-2"}) == {"code-2": f"code-1 {words}"}


def test_codes_without_a_relation_are_not_told() -> None:
    assert related({"01234": "code-1", "98765": "code-2"}) == {}
