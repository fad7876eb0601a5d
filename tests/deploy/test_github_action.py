"""action.yml, its scripts run as GitHub's runner runs them, against sandboxes of our own."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import sandbox_with
from tests.deploy.workflow import Runner

ROOT = Path(__file__).parents[2]
KEY = "KEY_of_the_action"
ONE = "VFY-CODE-004"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
SCRIPTED = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}
WORKFLOWS = (
    ROOT / "action.yml",
    ROOT / ".github/workflows/ci.yml",
    ROOT / "src/verify_harness/starter/files/github.yml",
)


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    with sandbox_with("code-works-twice", TELNYX_API_KEY=KEY) as url:
        yield url


def acted(home: Path, **inputs: str) -> tuple[Runner, int]:
    """The action with these inputs: the runner afterwards, and how the action ended."""
    defaults = {name: item["default"] for name, item in ACTION["inputs"].items()}
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    assert given.keys() <= defaults.keys()
    runner = Runner(home, defaults | given)
    place = {"GITHUB_ACTION_PATH": str(ROOT), "TELNYX_API_KEY": KEY}
    assert runner.run(SCRIPTED["Run"], **place) == 0, runner.log
    return runner, runner.run(SCRIPTED["Verdict"], **place)


def outputs(runner: Runner) -> dict[str, str]:
    """The outputs that action.yml declares."""
    return {name: runner.resolved(item["value"]) for name, item in ACTION["outputs"].items()}


def test_a_run_that_passes(tmp_path: Path) -> None:
    runner, code = acted(tmp_path, requirements=ONE, sarif="true")
    told = outputs(runner)
    assert code == 0
    assert (told["verdict"], told["exit-code"], told["failed"]) == ("pass", "0", "")
    assert json.loads(Path(told["sarif"]).read_text())["version"] == "2.1.0"
    assert all(Path(told[name]).is_file() for name in ("report", "junit"))
    assert "::notice title=verify-harness contract run" in runner.log
    assert "PASS" in runner.summary


@pytest.mark.parametrize("fail_on, code", [("fail", 1), ("no-verdict", 1), ("never", 0), ("no", 2)])
def test_a_run_that_fails(tmp_path: Path, broken: str, fail_on: str, code: int) -> None:
    runner, ended = acted(tmp_path, requirements=ONE, target=broken, fail_on=fail_on)
    told = outputs(runner)
    assert ended == code
    assert (told["verdict"], told["exit-code"], told["failed"]) == ("fail", "1", ONE)
    assert f"::error title={ONE}" in runner.log
    assert ONE in runner.summary


@pytest.mark.parametrize("fail_on, code", [("fail", 0), ("no-verdict", 3)])
def test_a_run_without_a_verdict(tmp_path: Path, dead_url: str, fail_on: str, code: int) -> None:
    runner, ended = acted(tmp_path, requirements=ONE, target=dead_url, fail_on=fail_on)
    assert ended == code
    assert outputs(runner)["exit-code"] == "3"


def test_what_is_off_stays_away(tmp_path: Path) -> None:
    runner, _ = acted(tmp_path, requirements=ONE, summary="false", annotations="false")
    assert runner.summary == ""
    assert "::" not in runner.log
    assert outputs(runner)["sarif"] == ""


def test_a_run_is_compared_with_its_baseline(tmp_path: Path, broken: str) -> None:
    for name in ("before", "after", "never"):
        (tmp_path / name).mkdir()
    before, _ = acted(tmp_path / "before", requirements=ONE)
    baseline = outputs(before)["run-dir"]
    after, code = acted(tmp_path / "after", requirements=ONE, target=broken, baseline=baseline)
    assert (outputs(after)["comparison"], code) == ("worse", 1)
    assert "Worse: VFY-CODE-004" in Path(outputs(after)["report"]).read_text()
    never, code = acted(tmp_path / "never", requirements=ONE, baseline=str(tmp_path))
    assert (outputs(never)["comparison"], code) == ("impossible", 3)


def test_load_gives_its_percentile(tmp_path: Path) -> None:
    profile = tmp_path / "short.toml"
    text = (ROOT / "loadtests/profiles/smoke.toml").read_text()
    profile.write_text(text.replace("duration_s = 6", "duration_s = 1"))
    runner, code = acted(tmp_path, command="load run", profile=str(profile))
    assert code == 0, runner.log
    assert float(outputs(runner)["p99-ms"]) > 0


@pytest.mark.parametrize(
    "hostile",
    ["$(touch pwned)", '"; touch pwned; "', "`touch pwned`", "x\n::set-output name=verdict::pass"],
)
@pytest.mark.parametrize("name", ["target", "requirements", "command", "args", "baseline"])
def test_no_input_becomes_part_of_a_script(tmp_path: Path, name: str, hostile: str) -> None:
    wanted = {"requirements": ONE, name: hostile}
    runner, code = acted(tmp_path, **wanted)
    assert code == (3 if name == "baseline" else 2), runner.log
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_script_holds_an_expression_and_each_action_is_pinned(path: Path) -> None:
    document = yaml.safe_load(path.read_text())
    jobs = document.get("jobs", {"action": document.get("runs")}).values()
    steps = [step for job in jobs for step in job["steps"]]
    assert not [step for step in steps if "${{" in step.get("run", "")]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert not [name for name in used if name != "./" and not re.search(r"@[0-9a-f]{40}$", name)]
