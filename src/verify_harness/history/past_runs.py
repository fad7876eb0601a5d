"""What a folder of runs holds, read from each run's own run.json."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from verify_harness.errors import UsageError
from verify_harness.journal.files import is_run

UNFINISHED = "unfinished"
_MOST_BYTES = 64 * 1024 * 1024


class PastRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run in brief; what its run.json does not tell is None."""

    name: str
    path: str
    command: str = ""
    target: str = ""
    kind: str = ""
    started_at: str = ""
    duration_s: float | None = None
    verdict: str = UNFINISHED
    exit_code: int | None = None
    partial: bool = True
    counts: dict[str, int] = {}
    """How many requirements have each status."""
    profile: str | None = None
    """Of the load, like all that follows."""
    p95_ms: float | None = None
    p99_ms: float | None = None
    """From the planned start, of the step that was slowest."""
    journeys_per_s: float | None = None
    capacity_per_s: float | None = None


def past_runs(folder: Path) -> list[PastRun]:
    """Every run of a folder, the oldest first; raises UsageError where there is no folder."""
    if not folder.is_dir():
        raise UsageError(f"no folder {folder}.", hint="name the folder that holds your runs")
    found = [_read(path) for path in _run_directories(folder)]
    return sorted(found, key=lambda run: (run.started_at or run.name, run.name))


def _run_directories(folder: Path) -> Iterator[Path]:
    """The directories that a run wrote: they have a journal. Links are not followed."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink() and is_run(path):
            yield path


class _RunJson(msgspec.Struct, frozen=True):
    """The part of run.json that a list needs; other versions may have more, or less."""

    command: str = ""
    started_at: str = ""
    duration_s: float | None = None
    verdict: str = UNFINISHED
    exit_code: int | None = None
    partial: bool = True
    target: dict[str, Any] = {}
    requirements: list[dict[str, Any]] = []
    load: dict[str, Any] | None = None


def _read(path: Path) -> PastRun:
    found = _decoded(path / "run.json")
    counts: dict[str, int] = {}
    for item in found.requirements:
        status = str(item.get("status", ""))
        counts[status] = counts.get(status, 0) + 1
    return PastRun(
        name=path.name,
        path=str(path),
        command=found.command,
        target=str(found.target.get("url", "")),
        kind=str(found.target.get("kind", "")),
        started_at=found.started_at,
        duration_s=found.duration_s,
        verdict=found.verdict,
        exit_code=found.exit_code,
        partial=found.partial,
        counts=counts,
        **_load(found.load or {}),
    )


def _decoded(path: Path) -> _RunJson:
    """The file; an empty one where it is missing or damaged: then the run is unfinished."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return _RunJson()
        return msgspec.json.decode(path.read_bytes(), type=_RunJson)
    except (OSError, msgspec.MsgspecError):
        return _RunJson()


def _load(load: dict[str, Any]) -> dict[str, Any]:
    steps = [step for step in load.get("steps") or () if isinstance(step, dict)]
    capacity = load.get("capacity")
    return {
        "profile": load.get("profile"),
        "p95_ms": _slowest(steps, "p95"),
        "p99_ms": _slowest(steps, "p99"),
        "journeys_per_s": load.get("achieved_per_s"),
        "capacity_per_s": capacity.get("low_per_s") if isinstance(capacity, dict) else None,
    }


def _slowest(steps: list[dict[str, Any]], name: str) -> float | None:
    known = [(step.get("response_ms") or {}).get(name) for step in steps]
    return max((float(value) for value in known if value is not None), default=None)
