"""The journal: one NDJSON file per writing process, merged into `journal.ndjson` (design §3).

Everything passes the redactor before it is written; every report is a function of what is here.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from verify_harness.errors import UsageError
from verify_harness.safety.redaction import Redactor

VERSION = 1
MERGED = "journal.ndjson"
_PART = "journal-part-{name}.ndjson"
_FIRST = ("run-started",)
_LAST = ("run-finished",)

Line = Mapping[str, Any]


class Pen(Protocol):
    """What lines can be written with where there is no file; each `write` is a whole line."""

    def write(self, text: str, /) -> object: ...  # noqa: D102 - like a file
    def flush(self) -> None: ...  # noqa: D102 - like a file
    def close(self) -> None: ...  # noqa: D102 - like a file


class Journal:
    """Writes the lines of one process, each flushed as it is written."""

    def __init__(self, place: Path | Pen, redactor: Redactor | None = None) -> None:
        self._redactor = redactor or Redactor()
        self._file = place.open("a", encoding="utf-8") if isinstance(place, Path) else place

    def write(self, kind: str, *, redactor: Redactor | None = None, **fields: Any) -> None:
        """Write one line; `redactor` replaces the journal's own for this line."""
        clean = (redactor or self._redactor).tree(fields)
        line = {"v": VERSION, "t": round(time.time(), 6), "kind": kind, **clean}
        self._file.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file; writing after this raises ValueError."""
        self._file.close()


def part(directory: Path, name: str) -> Path:
    """Where the process called `name` writes its lines in a run directory."""
    return directory / _PART.format(name=name)


def parts(directory: Path) -> list[Path]:
    """What the processes of a run wrote that is not merged yet."""
    return sorted(directory.glob(_PART.format(name="*")))


def read(directory: Path) -> Iterator[Line]:
    """The lines of a run, merged if need be; raises UsageError where there is no journal."""
    merged = directory / MERGED
    if merged.is_file():
        return _lines(merged)
    found = parts(directory)
    if not found:
        raise UsageError(
            f"{directory} holds no journal.",
            hint="name a run directory, such as reports/<time>-check",
        )
    return iter(_in_order(line for path in found for line in _lines(path)))


def merge(directory: Path) -> Path:
    """Merge the parts by (check, sequence) into `journal.ndjson` and remove them."""
    written = parts(directory)
    merged = directory / MERGED
    lines = [json.dumps(line, separators=(",", ":")) for line in read(directory)]
    draft = merged.with_suffix(".draft")
    draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    draft.replace(merged)
    for path in written:
        path.unlink()
    return merged


def keep_only(directory: Path, kind: str) -> None:
    """Begin the journal of a run again, with only the lines of one kind that it held."""
    kept = [line for line in read(directory) if line["kind"] == kind]
    for old in directory.glob("journal*.ndjson"):
        old.unlink()
    text = "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in kept)
    part(directory, "kept").write_text(text, encoding="utf-8")


def _lines(path: Path) -> Iterator[Line]:
    """Each whole line of a file; a last line cut short by a killed process is left out."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            try:
                line = json.loads(text)
            except ValueError:
                line = None
            if not isinstance(line, dict):
                line = {
                    "v": VERSION,
                    "t": 0.0,
                    "kind": "note",
                    "message": f"unreadable: {path.name}",
                }
            yield line


def _in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=_rank)


def _rank(line: Line) -> tuple[int, str, int, float]:
    kind = line["kind"]
    place = 0 if kind in _FIRST else 2 if kind in _LAST else 1
    return place, str(line.get("check", "")), int(line.get("seq", 0)), float(line["t"])
