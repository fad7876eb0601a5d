"""A run in progress: what was asked for, and what is known by now."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path

from verify_harness.spec import Spec
from verify_harness.targets import Target
from verify_harness.waivers import Waiver


@dataclass(frozen=True)
class Options:
    """What the common flags said."""

    target: str | None
    spec: Path | None
    allow_remote: tuple[str, ...]
    ca_file: str | None
    proxy: str | None
    api_key_file: Path | None
    output: Path | None
    seed: int
    dialect: str
    json: bool
    quiet: bool
    color: bool
    resumes: bool = False
    waivers: Path | None = None
    """A file of tolerated failures; None means ./waivers.toml, if there is one."""
    faults_from: Path | None = None
    """Faults of the user's own for the embedded sandbox."""


@dataclass
class Run:
    """A run in progress."""

    command: str
    options: Options
    directory: Path
    target: Target
    spec: Spec
    environment: dict[str, str]
    waivers: tuple[Waiver, ...] = ()
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    level: str = "standard"
    jobs: int = 1
    selected: tuple[str, ...] = ()
    judges_all: bool = False

    @property
    def replay(self) -> str:
        """The command that repeats one requirement of this run; holds `{requirement}`."""
        target = f" --target {self.options.target}" if self.options.target else ""
        dialect = "" if target else f" --dialect {self.options.dialect}"
        dialect = "" if self.options.dialect == "documented" else dialect
        seed = self.options.seed
        return f"verify-harness contract run {{requirement}} --seed {seed}{dialect}{target}"
