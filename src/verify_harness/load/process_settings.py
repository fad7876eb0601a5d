"""What the runner tells the load process: one JSON document in its environment (never in argv)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from verify_harness.errors import UsageError
from verify_harness.safety.guard import Guard
from verify_harness.safety.permission import LOOPBACK_ONLY, NO_CEILING, Ceiling, Permission

VARIABLE = "VERIFY_HARNESS_LOAD"
_EXAMPLE = (
    '{"target_url": "http://127.0.0.1:8080/v2", "api_key": "…", "profile": "smoke", "seed": 7,'
    ' "journal": "journal.ndjson"}'
)


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """One load process."""

    target_url: str
    """With the base path, such as http://127.0.0.1:8080/v2."""
    api_key: str = field(repr=False)
    profile: str
    """A bundled profile's name, or a path."""
    seed: int
    journal: Path
    """The journal part this process appends to."""
    run_id: str = "direct"
    duration_s: float | None = None
    """Cuts the profile's schedule short; None means all of it."""
    parent_pid: int | None = None
    """The process that started this one: when it is gone, this one ends too."""
    rate_per_s: float | None = None
    """Journeys start evenly at this rate for `duration_s` instead of as the profile plans."""
    drain_secs: float = 60.0
    """How long journeys may go on after the last start."""
    processes: int = 1
    """How many processes share the journeys; a worker learns that from its master."""
    is_remote: bool = False
    """Whether this is a worker that was started by itself, perhaps on another machine."""
    spec: Path | None = None
    """The OpenAPI document that the answers of some journeys are held against; None is ours."""
    has_chosen_rules: bool = False
    """Whether the target announces our own bounds on top of the documented ones."""
    ca_file: str | None = None
    """Certificates to trust instead of the system's; None trusts the system's."""
    permission: Permission = LOOPBACK_ONLY
    """What may be called off loopback."""
    ceiling: Ceiling = NO_CEILING
    """What all processes of the load together may trigger."""

    @property
    def guard(self) -> Guard:
        """The gate in front of every connection of the process; raises UsageError."""
        return Guard.for_load(permission=self.permission, ceiling=self.ceiling)

    def to_environment(self) -> dict[str, str]:
        """The variable that `from_environment` reads back."""
        return {VARIABLE: msgspec.json.encode(self, enc_hook=str).decode()}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "LoadSettings":
        """Read the variable; raises UsageError naming what is missing or wrong in it."""
        try:
            return msgspec.json.decode(environment.get(VARIABLE, ""), type=cls, dec_hook=_path)
        except msgspec.DecodeError as error:
            raise UsageError(
                f"the load process is not configured: {VARIABLE} holds no settings: {error}.",
                hint=f"run it by `verify-harness load run smoke`, or set {VARIABLE}='{_EXAMPLE}'",
            ) from None


def _path(kind: type, value: Any) -> Any:
    return kind(value)
