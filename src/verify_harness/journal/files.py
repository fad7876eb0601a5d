"""Where the journal of a run lies: one part for each writing process, merged at its end."""

from pathlib import Path

MERGED = "journal.ndjson"
_PART = "journal-part-{name}.ndjson"


def part(directory: Path, name: str) -> Path:
    """Where the process called `name` writes its lines in a run directory."""
    return directory / _PART.format(name=name)


def parts(directory: Path) -> list[Path]:
    """What the processes of a run wrote that is not merged yet."""
    return sorted(directory.glob(_PART.format(name="*")))


def is_run(directory: Path) -> bool:
    """Whether a run wrote its journal there, or is writing it."""
    return (directory / MERGED).is_file() or bool(parts(directory))
