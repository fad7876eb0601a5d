"""Removes old runs; nothing that a run did not write is ever touched."""

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from verify_harness.errors import CannotWrite, DirectoryInUse
from verify_harness.history.past_runs import PastRun, past_runs
from verify_harness.run.directory_lock import refuse_if_in_use

_NAMED_BY_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[a-z-]+(-\d+)?", re.ASCII)


def prune(
    folder: Path, *, keep: int, older_than_days: float | None = None, dry_run: bool = False
) -> Sequence[PastRun]:
    """Remove all runs but the newest `keep`, or of those only the ones of a certain age.

    A directory that somebody named (`-o`) stays, and so does a run that goes on in this moment.
    Raises UsageError where there is no folder, and CannotWrite where a run cannot be removed.
    """
    runs = [run for run in past_runs(folder) if _NAMED_BY_TIME.fullmatch(run.name)]
    old = [run for run in runs[: max(0, len(runs) - keep)] if _is_old(run, older_than_days)]
    removed = [run for run in old if not _goes_on(Path(run.path))]
    for run in removed if not dry_run else ():
        try:
            shutil.rmtree(run.path)
        except OSError as error:
            raise CannotWrite(Path(run.path), error) from None
    return removed


def _goes_on(directory: Path) -> bool:
    try:
        refuse_if_in_use(directory)
    except DirectoryInUse:
        return True
    return False


def _is_old(run: PastRun, days: float | None) -> bool:
    if days is None:
        return True
    return _began(run) < datetime.now(UTC) - timedelta(days=days)


def _began(run: PastRun) -> datetime:
    """When a run began: as it says, or else when its directory was last changed."""
    try:
        return datetime.fromisoformat(run.started_at).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(Path(run.path).stat().st_mtime, UTC)
