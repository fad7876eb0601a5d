"""The directory of a run: new for each, never shared, gone again if nothing was tested."""

import os
import shutil
from datetime import UTC, datetime
from errno import EACCES
from itertools import count
from pathlib import Path

from verify_harness.errors import UsageError
from verify_harness.run.directory_lock import refuse_if_in_use

_REPORTS = Path("reports")


def new_directory(wanted: Path | None, command: str) -> Path:
    """Make a fresh run directory; raises UsageError where that fails or the place is in use."""
    if wanted is None:
        return _named_by_time(command.replace(" ", "-"))
    if wanted.is_symlink():
        raise UsageError(
            f"the output directory {wanted} is a symbolic link.", hint=f"-o {wanted.resolve()}"
        )
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        taken = any(wanted.iterdir())
        if not os.access(wanted, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
    except FileExistsError:
        raise UsageError(f"the output directory {wanted} is a file.") from None
    except OSError as error:
        raise _cannot_write(wanted, error) from None
    if taken:
        refuse_if_in_use(wanted)
        raise UsageError(
            f"the output directory {wanted} is not empty.", hint="name a new directory with -o"
        )
    _close_to_others(wanted)
    return wanted


def _close_to_others(directory: Path) -> None:
    """Let only its owner into a directory that was there before; another's stays as it is."""
    if os.name == "posix" and directory.stat().st_uid == os.getuid():
        directory.chmod(0o700)


def _named_by_time(command: str) -> Path:
    """`reports/<utc time>-<command>`, with a number behind it where that is taken."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    for number in count(1):
        path = _REPORTS / f"{stamp}-{command}{'' if number == 1 else f'-{number}'}"
        try:
            path.mkdir(parents=True)
        except FileExistsError as error:
            if not _REPORTS.is_dir():
                raise _cannot_write(path, error) from None
        except OSError as error:
            raise _cannot_write(path, error) from None
        else:
            return path
    raise AssertionError  # count() has no end


def discard(directory: Path) -> None:
    """Remove a run directory in which nothing was tested."""
    shutil.rmtree(directory, ignore_errors=True)


def _cannot_write(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"cannot write reports into {path}: {error.strerror}.", hint="name a directory with -o"
    )
