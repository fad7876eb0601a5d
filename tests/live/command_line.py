"""The command line in this process, with a live service that the test declares."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from verify_harness.cli import cli
from verify_harness.errors import HarnessError
from verify_harness.keys import KEY_VARIABLE, read_keys
from verify_harness.live.consent import VARIABLE
from verify_harness.live.service import LiveService

__all__ = ["KEY_VARIABLE", "CommandLine"]


@dataclass(frozen=True)
class CommandLine:
    """`smoke --live` with its options."""

    service: LiveService
    options: dict[str, str]
    directory: Path
    ledger: Path

    def with_options(self, **changes: str | None) -> "CommandLine":
        """The same with other options; None leaves one out."""
        named = {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
        merged = {**self.options, **named}
        return replace(self, options={k: v for k, v in merged.items() if v is not None})

    def run(self, *flags: str, confirmed: bool = True) -> int:
        """The exit code; an error that a person can mend is the code that `main` gives it."""
        if confirmed:
            os.environ[VARIABLE] = read_keys(None).fingerprint
        try:
            words = [word for option in self.options.items() for word in option]
            arguments = ["smoke", "--live", *words, *flags]
            code = cli(arguments, "verify-harness", obj=self.service, standalone_mode=False)
        except HarnessError as error:
            click.echo(f"{error.label}: {error}\ntry: {error.hint}", err=True)
            return int(error.exit_code)
        finally:
            os.environ.pop(VARIABLE, None)
        return int(code)

    @property
    def run_json(self) -> dict[str, Any]:
        """The machine-readable report of the run."""
        found: dict[str, Any] = json.loads((self.directory / "run.json").read_text())
        return found

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each requirement."""
        return {each["id"]: each["status"] for each in self.run_json["requirements"]}

    @property
    def charged(self) -> list[tuple[str, str, bool]]:
        """What was charged, the price, and whether it counts as spent, in order."""
        lines = [json.loads(line) for line in self.ledger.read_text().splitlines()]
        free = {each["id"] for each in lines if each["kind"] == "outcome" and not each["spent"]}
        charges = [each for each in lines if each["kind"] == "charge"]
        return [(each["what"], each["usd"], each["id"] not in free) for each in charges]
