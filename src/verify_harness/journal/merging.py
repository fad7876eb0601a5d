"""Puts the parts of a journal together; lines are copied as they stand."""

from pathlib import Path

from verify_harness.journal.files import MERGED, part, parts
from verify_harness.journal.reader import lines
from verify_harness.journal.records import Record


def merge(directory: Path) -> Path:
    """Merge the parts by (check, sequence) into `journal.ndjson` and remove them."""
    written = parts(directory)
    merged = directory / MERGED
    draft = merged.with_suffix(".draft")
    draft.write_bytes(b"".join(line + b"\n" for line, _ in lines(directory)))
    draft.replace(merged)
    for path in written:
        path.unlink()
    return merged


def keep_only(directory: Path, kind: type[Record]) -> None:
    """Begin the journal of a run again, with only the records of one kind that it held."""
    kept = [line for line, entry in lines(directory) if isinstance(entry, kind)]
    for old in directory.glob("journal*.ndjson"):
        old.unlink()
    part(directory, "kept").write_bytes(b"".join(line + b"\n" for line in kept))
