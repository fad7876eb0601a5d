"""What the processes of a contract run have to do: one document, read by each of them."""

import hashlib
from pathlib import Path

import msgspec

from verify_harness.contract.levels import Level


class Shard(msgspec.Struct, frozen=True):
    """One of several runs that share the checks of a suite: number `index` of `count`, from 1."""

    index: int = 1
    count: int = 1

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def takes(self, check_id: str) -> bool:
        """Whether a check belongs to this one; it belongs to the same one on every machine."""
        digest = hashlib.sha256(check_id.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index - 1


WHOLE = Shard()


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """Which checks run, and how."""

    level: Level = "standard"
    jobs: int = 1
    selected: tuple[str, ...] = ()
    """Requirement ids, areas and operationIds; empty means all."""
    only: tuple[str, ...] = ()
    """Names of single checks, as reports print them; empty means all."""
    checks: tuple[Path, ...] = ()
    """Folders with checks of the user's own."""
    fail_fast: bool = False
    max_secs: int | None = None
    """No check begins later; None sets no limit."""
    shard: Shard = WHOLE

    @property
    def judges_all(self) -> bool:
        """Whether every requirement of the catalogue has to be judged."""
        is_whole = self.shard.count == 1 and not self.selected and not self.only
        return self.level != "smoke" and is_whole


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the suite against one target; keys are not part of it."""

    target: str
    """Base URL."""
    suite: Suite = Suite()
    seed: int = 0
    run_id: str = ""
    spec: Path | None = None
    """The user's own OpenAPI document; None means the bundled one."""
    allow_remote: tuple[str, ...] = ()
    allow_plain_text: bool = False
    ca_file: str | None = None
    proxy: str | None = None
    directory: Path | None = None
    """The run directory, where each process writes its part of the journal; None: no journal."""
    tolerated: frozenset[str] = frozenset()
    """Requirements whose failure a waiver covers: it does not end a fail-fast run."""
    tenant_faults: tuple[str, ...] = ()
    """Faults of the sandbox that every check's tenants have."""
    shows_progress: bool = False
    progress_columns: int | None = None
    """How wide the terminal is on which progress is one line; None: progress goes to a log."""

    ends_at: float | None = None
    """When no check begins any more, in seconds since 1970."""

    @property
    def time_file(self) -> Path | None:
        """Exists once some process has said that the time is over."""
        return self.directory / ".time" if self.directory else None

    @property
    def stop_file(self) -> Path | None:
        """Exists once a fail-fast run has its first failure; no process starts a check after it."""
        return self.directory / ".stop" if self.suite.fail_fast and self.directory else None

    @property
    def problems_file(self) -> Path | None:
        """Where the processes write why a check of the user's own cannot be used, a line each."""
        return self.directory / ".problems" if self.directory else None


def write_task(task: Task, path: Path) -> Path:
    """Write the document; returns its path."""
    path.write_bytes(msgspec.json.encode(task, enc_hook=str))
    return path


def read_task(path: Path) -> Task:
    """Read what `write_task` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Task, dec_hook=lambda kind, text: kind(text))
