"""Writing every report of a run directory."""

from dataclasses import replace
from pathlib import Path

from verify_harness import journal
from verify_harness.atomic_files import replace_file
from verify_harness.errors import CannotWrite
from verify_harness.report import seconds
from verify_harness.report.renderers import known_formats
from verify_harness.report.seconds import histogram_lines
from verify_harness.results.build import build_view
from verify_harness.results.comparison import Comparison
from verify_harness.results.model import RunView


def write_all(run_directory: Path, changes: Comparison | None = None) -> RunView:
    """Write run.json, junit.xml, summary.md and report.html from the directory's journal.

    And histograms.ndjson, where there was load. `changes` since an earlier run are shown too.

    Raises UsageError where there is no journal, and CannotWrite where there is no room.
    """
    view = replace(build_view(journal.read(run_directory)), changes=changes)
    for one in known_formats().values():
        if one.file is not None:
            _write(run_directory / one.file, one.render(view))
    if view.load is not None:
        told = histogram_lines(journal.read(run_directory))
        _write(run_directory / seconds.FILE, "".join(told))
    return view


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise CannotWrite(path, error) from None
