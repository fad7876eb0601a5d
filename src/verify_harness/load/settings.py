"""What the runner tells the load process, carried by environment variables (never by argv)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from verify_harness.errors import UsageError
from verify_harness.safety.addresses import base_url

PREFIX = "VERIFY_HARNESS_LOAD_"
_REQUIRED = ("TARGET_URL", "API_KEY", "PROFILE", "SEED", "JOURNAL")


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """One load process; each field is the variable `VERIFY_HARNESS_LOAD_<FIELD>`."""

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
    """The OpenAPI document that a sample of the answers is held against; None is ours."""
    has_chosen_rules: bool = False
    """Whether the target announces our own bounds on top of the documented ones."""
    ca_file: str | None = None
    """Certificates to trust instead of the system's; None trusts the system's."""

    def to_environment(self) -> dict[str, str]:
        """The variables that `from_environment` reads back."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            PREFIX + name.upper(): str(value) for name, value in values.items() if value is not None
        }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "LoadSettings":
        """Read the variables; raises UsageError naming the ones that are missing or wrong."""
        values = {
            name.removeprefix(PREFIX): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and value
        }
        missing = [PREFIX + name for name in _REQUIRED if name not in values]
        if missing:
            raise UsageError(
                f"the load process is not configured: {', '.join(missing)} not set.",
                hint="run it by `verify-harness load run smoke`, or set the variables",
            )
        return cls(
            target_url=base_url(values["TARGET_URL"]),
            api_key=values["API_KEY"],
            profile=values["PROFILE"],
            seed=int(_number(values, "SEED")),
            journal=Path(values["JOURNAL"]),
            run_id=values.get("RUN_ID", "direct"),
            duration_s=_number(values, "DURATION_S") if "DURATION_S" in values else None,
            parent_pid=int(_number(values, "PARENT_PID")) if "PARENT_PID" in values else None,
            rate_per_s=_number(values, "RATE_PER_S") if "RATE_PER_S" in values else None,
            drain_secs=_number(values, "DRAIN_SECS") if "DRAIN_SECS" in values else 60.0,
            processes=int(_number(values, "PROCESSES")) if "PROCESSES" in values else 1,
            is_remote=values.get("IS_REMOTE") == "True",
            spec=Path(values["SPEC"]) if "SPEC" in values else None,
            has_chosen_rules=values.get("HAS_CHOSEN_RULES") == "True",
            ca_file=values.get("CA_FILE"),
        )


def _number(values: Mapping[str, str], name: str) -> float:
    try:
        return float(values[name])
    except ValueError:
        raise UsageError(
            f"{PREFIX}{name} must be a number, not {values[name]!r}.",
            hint=f"for example {PREFIX}{name}=7",
        ) from None
