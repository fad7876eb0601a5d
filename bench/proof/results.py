"""What was measured, kept in a file so that a run can go on where it stopped."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Result:
    """One tool against one sandbox."""

    tool: str
    fault: str | None
    """None is the clean sandbox."""
    seed: int
    failures: tuple[str, ...]
    seconds: float
    cpu_seconds: float
    """Of the tool and its children, without the sandbox."""
    requests: int
    """Counted by the sandbox."""
    timed_out: bool = False


def read(path: Path) -> Iterator[Result]:
    """All results so far."""
    if path.exists():
        for line in path.read_text().splitlines():
            found = json.loads(line)
            yield Result(**found | {"failures": tuple(found["failures"])})


def add(path: Path, result: Result) -> None:
    """Write one result to the end of the file."""
    with path.open("a") as lines:
        lines.write(json.dumps(asdict(result)) + "\n")
