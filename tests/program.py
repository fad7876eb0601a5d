"""The program as its user runs it: a process of its own, in a directory of its own."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify_harness import bundled
from verify_harness.spec import load
from verify_harness.spec.unreachable import unreachable

Harness = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended."""

    code: int
    out: str
    err: str
    directory: Path

    @property
    def run_json(self) -> dict[str, Any]:
        """The run's machine-readable report."""
        found: dict[str, Any] = json.loads((self.directory / "run.json").read_text())
        return found

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The lines of the run's journal."""
        lines = (self.directory / "journal.ndjson").read_text().splitlines()
        return [json.loads(line) for line in lines]

    @property
    def unexplained(self) -> dict[str, list[str]]:
        """By operation, the documented statuses that were never answered, for no listed reason.

        Those that were answered although `specs/unreachable.toml` lists them, too.
        """
        dialect = self.run_json["dialect"]
        spec = load(overlay=bundled.specs() / "chosen.overlay.yaml")
        listed = unreachable(spec, dialect)
        told = {
            item["operation_id"]: set(item["statuses"]["unreached"])
            for item in self.run_json["coverage"]["operations"]
        }
        odd = {name: sorted(never ^ listed.get(name, {}).keys()) for name, never in told.items()}
        return {name: statuses for name, statuses in odd.items() if statuses}

    def status(self, requirement: str) -> str | None:
        """What the run says of one requirement; None if it says nothing."""
        entries = self.run_json["requirements"]
        return next((entry["status"] for entry in entries if entry["id"] == requirement), None)


def environment(**extra: str) -> dict[str, str]:
    """The test's environment without anything that would configure the program."""
    ours = ("TELNYX_", "VERIFY_HARNESS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **extra}
