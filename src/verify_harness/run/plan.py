"""What a run is asked to do: frozen, and complete before anything starts."""

import shlex
from pathlib import Path

import msgspec

from verify_harness.contract.task import Suite
from verify_harness.errors import UsageError
from verify_harness.keys import Keys
from verify_harness.live.plan import LivePlan
from verify_harness.load.profile import Profile
from verify_harness.load.roles import Master, Worker
from verify_harness.safety.permission import NO_CEILING, Ceiling, Permission
from verify_harness.waivers import Waiver

_DIALECT = "documented"
LOOPBACK = "127.0.0.1"
PROOF = "prove"
"""The command whose runs can be resumed."""


class LivePage(msgspec.Struct, frozen=True, kw_only=True):
    """Where the page of a running load is served."""

    port: int
    """0 is any free one."""
    bind: str = LOOPBACK


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Which load is driven."""

    profile: Profile
    processes: int = 1
    role: Master | Worker | None = None
    ceiling: Ceiling = NO_CEILING
    web: LivePage | None = None
    """Where the load can be watched while it runs; None: on the terminal only."""
    otlp: str | None = None
    """The collector that its metrics are sent to."""


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A run, as the command line asked for it."""

    command: str
    target: str | None = None
    """Base URL; None means the embedded sandbox."""
    spec: Path | None = None
    allow_remote: tuple[str, ...] = ()
    allow_plain_text: bool = False
    ca_file: str | None = None
    proxy: str | None = None
    words: tuple[str, ...] = ()
    """What else the command line named: requirements, a profile, options of the command."""
    seed: int = 0
    dialect: str = _DIALECT
    output: Path | None = None
    """The run directory; None means a new one below `reports/`."""
    resumes: bool = False
    """Whether `output` holds a run that goes on."""
    keys: Keys = Keys()
    waivers: tuple[Waiver, ...] = ()
    faults_from: Path | None = None
    """Faults of the user's own for the embedded sandbox."""
    suite: Suite = Suite()
    load: Load | None = None
    live: LivePlan | None = None
    """What is sent to the live service, in a run against it."""
    judges_all: bool = False
    """Whether a requirement without any check is missed in the result."""
    is_quiet: bool = False

    @property
    def permission(self) -> Permission:
        """What may be called off loopback."""
        return Permission(self.allow_remote, self.allow_plain_text)

    def with_load(self, load: Load) -> "RunPlan":
        """The same run with a load; raises UsageError where it would have to go through a proxy."""
        if self.proxy is not None:
            raise UsageError("load does not go through a proxy.", hint="leave --proxy out")
        return msgspec.structs.replace(self, load=load)

    def resumed_by(self, directory: Path) -> str:
        """The command that goes on with this run once it was interrupted; empty if none can."""
        if self.command != PROOF:
            return ""
        seed = ("--seed", str(self.seed)) if self.seed else ()
        words = ("verify-harness", PROOF, "--resume", str(directory), *seed, *self.repeats_with)
        return shlex.join(words)

    @property
    def repeats_with(self) -> tuple[str, ...]:
        """The options without which a repeated command would test something else.

        Permissions are left out: who repeats a command gives them anew.
        """
        told = (
            ("--target", None if self.live else self.target),
            ("--spec", self.spec),
            ("--ca-file", self.ca_file),
            ("--proxy", self.proxy),
            ("--dialect", self.dialect if self.dialect != _DIALECT else None),
            ("--faults-from", self.faults_from),
            *(("--checks", folder) for folder in self.suite.checks),
        )
        words = tuple(part for name, value in told if value for part in (name, str(value)))
        return words + (self.live.options if self.live else ())
