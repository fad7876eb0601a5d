"""Puts the parts of a journal together; lines are copied as they stand."""

from pathlib import Path

from verify_harness.atomic_files import replace_file
from verify_harness.journal.files import MERGED, part, parts
from verify_harness.journal.reader import lines
from verify_harness.journal.records import Record


def merge(directory: Path) -> Path:
    """Merge the parts by (check, sequence) into `journal.ndjson` and remove them.

    A journal that is merged already stays as it is; parts beside it are in it, and go.
    """
    written = parts(directory)
    merged = directory / MERGED
    if not merged.is_file():
        replace_file(merged, (line + b"\n" for line, _ in lines(directory)))
    for path in written:
        path.unlink()
    return merged


def keep_only(directory: Path, *kinds: type[Record]) -> None:
    """Begin the journal of a run again, with only the records of some kinds that it held.

    A crash at any moment leaves the journal before or the one after: each step is one rename.
    """
    merged = merge(directory)
    kept = [line for line, entry in lines(directory) if isinstance(entry, kinds)]
    replace_file(merged, (line + b"\n" for line in kept))
    merged.rename(part(directory, "kept"))
