"""`init` and `completion`: what a new user's repository and shell get."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import sandbox_with
from tests.deploy.workflow import Runner
from tests.program import Harness, environment
from verify_harness import __version__

KEY = "KEY_of_a_new_user"
FILES = ["verify-harness.toml", "waivers.toml", "verify-load.toml"]
PLACES = {
    "github": ".github/workflows/verify-contract.yml",
    "gitlab": "verify-harness.gitlab-ci.yml",
    "jenkins": "Jenkinsfile.verify",
}


def found(directory: Path) -> list[str]:
    return sorted(
        str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("service", [*PLACES, "none"])
def test_what_was_announced_is_written_and_nothing_else(
    harness: Harness, tmp_path: Path, service: str
) -> None:
    wanted = sorted([*FILES, *([PLACES[service]] if service in PLACES else [])])
    planned = harness("init", "--ci", service, "--dry-run", output=False)
    assert (planned.code, found(tmp_path)) == (0, [])
    told = [line.split()[1] for line in planned.out.splitlines()]
    assert sorted(told) == wanted
    assert harness("init", "--ci", service, output=False).code == 0
    assert found(tmp_path) == wanted
    assert all("@VERSION@" not in (tmp_path / name).read_text() for name in wanted)


def test_what_is_there_stays(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").write_text("# mine\n")
    (tmp_path / "verify-load.toml").symlink_to("nowhere")
    ended = harness("init", output=False)
    assert "kept  waivers.toml" in ended.out
    assert "kept  verify-load.toml" in ended.out
    assert (tmp_path / "waivers.toml").read_text() == "# mine\n"
    assert not (tmp_path / "nowhere").exists()


def test_the_written_settings_mean_what_they_say(harness: Harness, tmp_path: Path) -> None:
    harness("init", "--ci", "none", output=False)
    settings = tmp_path / "verify-harness.toml"
    live = [line.removeprefix("# ") for line in settings.read_text().splitlines() if " = " in line]
    (tmp_path / "openapi.yaml").touch()
    settings.write_text("\n".join(live) + "\n")
    assert harness("--config", str(settings), "contract", "list", output=False).code == 0
    settings.unlink()
    waivers = tmp_path / "waivers.toml"
    marked = [line.removeprefix("# ") for line in waivers.read_text().splitlines() if line]
    waivers.write_text("\n".join(line for line in marked if "=" in line or "[[" in line))
    ended = harness("contract", "run", "VFY-CODE-004", "--target", "http://127.0.0.1:1/v2")
    assert ended.code == 3, "the waivers are readable, so that the run begins"


@pytest.mark.parametrize("faults, code", [((), 0), (("code-works-twice",), 1)])
def test_the_steps_of_the_written_workflow(
    harness: Harness, tmp_path: Path, faults: tuple[str, ...], code: int
) -> None:
    harness("init", output=False)
    workflow = yaml.safe_load((tmp_path / PLACES["github"]).read_text())
    steps = {step["name"]: step for step in workflow["jobs"]["contract"]["steps"] if "run" in step}
    assert steps.pop("Install")["run"].endswith(f'"verify-harness=={__version__}"')
    (tmp_path / "runner").mkdir()
    runner = Runner(tmp_path / "runner")
    for name in FILES:
        shutil.copy(tmp_path / name, runner.home)
    with sandbox_with(*faults, TELNYX_API_KEY=KEY) as url:
        (runner.home / "verify-harness.toml").write_text(f'target = "{url}"\n')
        runner.resolved = lambda value: KEY if "VERIFY_API_KEY" in value else ""  # type: ignore[method-assign]  # the secrets
        assert runner.run(steps["Contract"]) == code, runner.log
    assert runner.run(steps["Annotations and summary"]) == 0, runner.log
    assert ("FAIL" if code else "PASS") in runner.summary
    uploaded = workflow["jobs"]["contract"]["steps"][-1]["with"]["path"]
    assert (runner.home / uploaded / "report.html").is_file()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_what_its_shell_reads(harness: Harness, shell: str) -> None:
    ended = harness("completion", shell, output=False)
    assert ended.code == 0
    assert "verify-harness" in ended.out
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=ended.out, text=True, check=True)


def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    program = tmp_path / "verify-harness"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m verify_harness "$@"\n')
    program.chmod(0o700)
    script = """eval "$(verify-harness completion bash)"
    COMP_WORDS=(verify-harness co); COMP_CWORD=1; _verify_harness_completion verify-harness
    printf '%s ' "${COMPREPLY[@]}"
    COMPREPLY=(); COMP_WORDS=(verify-harness contract run --see); COMP_CWORD=3
    _verify_harness_completion verify-harness; printf '%s ' "${COMPREPLY[@]}\""""
    done = subprocess.run(
        ["bash", "-c", script],
        env=environment(PATH=f"{tmp_path}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["compare", "completion", "contract", "--seed"]
