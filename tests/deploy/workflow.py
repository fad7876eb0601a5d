"""The steps of an action or a workflow, run one by one as GitHub's runner does it."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.program import environment

_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


@dataclass
class Runner:
    """A working directory with the files that a runner gives to a step."""

    home: Path
    inputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""

    def __post_init__(self) -> None:
        """Put the program where the step `Install` would put it."""
        program = self.home / "temp" / "verify-harness" / "bin" / "verify-harness"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m verify_harness "$@"\n')
        program.chmod(0o700)

    @property
    def summary(self) -> str:
        """What stands on the page of the job."""
        path = self.home / "summary"
        return path.read_text() if path.exists() else ""

    def resolved(self, value: str) -> str:
        """A value of `env` with its expressions replaced; an unknown one is empty, as on GitHub."""
        return _EXPRESSION.sub(lambda found: self._value(found[1]), str(value))

    def _value(self, path: str) -> str:
        match path.split("."):
            case ["inputs", name]:
                return self.inputs.get(name, "")
            case ["steps", step, "outputs", name]:
                return self.steps.get(step, {}).get(name, "")
        return ""

    def run(self, step: dict[str, Any], **extra: str) -> int:
        """The exit code of a step that has a script; its outputs are kept under its id."""
        outputs = self.home / f"outputs-{len(self.steps)}"
        outputs.touch()
        told = {name: self.resolved(value) for name, value in step.get("env", {}).items()}
        files = {
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "RUNNER_TEMP": str(self.home / "temp"),
        }
        path = f"{self.home / 'temp' / 'verify-harness' / 'bin'}:{os.environ['PATH']}"
        ended = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.home,
            env=environment(**files, PATH=path) | extra | told,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        self.log += ended.stdout
        lines = outputs.read_text().splitlines()
        self.steps[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        return ended.returncode
