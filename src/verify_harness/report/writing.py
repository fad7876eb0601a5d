"""Writing every report of a run directory."""

import os
from pathlib import Path

from verify_harness import journal
from verify_harness.errors import CannotWrite
from verify_harness.report import seconds
from verify_harness.report.renderers import known_formats
from verify_harness.report.seconds import histogram_lines
from verify_harness.results.build import build_view
from verify_harness.results.model import RunView


def write_all(run_directory: Path) -> RunView:
    """Write run.json, junit.xml, summary.md and report.html from the directory's journal.

    And histograms.ndjson, where there was load.

    Raises UsageError where there is no journal, and CannotWrite where there is no room.
    """
    view = build_view(journal.read(run_directory))
    for one in known_formats().values():
        if one.file is not None:
            replace_file(run_directory / one.file, one.render(view))
    if view.load is not None:
        told = histogram_lines(journal.read(run_directory))
        replace_file(run_directory / seconds.FILE, "".join(told))
    return view


def replace_file(path: Path, text: str) -> None:
    """Write `path` so that a reader, or a crash, meets the old file or the new one, never half.

    Raises CannotWrite.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise CannotWrite(path, error) from None
    finally:
        draft.unlink(missing_ok=True)
