"""An exception that nobody expected: its traceback goes to a file, without secrets."""

import os
import tempfile
import traceback
from pathlib import Path

from verify_harness.errors import HarnessError
from verify_harness.keys import known_secrets
from verify_harness.safety.redaction import Redactor

FILE = "crash.txt"


class HarnessBug(HarnessError):
    """The harness itself failed."""

    label = "bug in the harness"


def reported(error: BaseException, directory: Path | None = None) -> HarnessBug:
    """Write a traceback into a run directory, and sum it up in one line for the user.

    It goes to the system's folder for temporary files where there is no run directory, or where
    that takes no file.
    """
    redactor = Redactor(known_secrets())
    text = redactor.text("".join(traceback.format_exception(error)))
    summary = " ".join(redactor.text(f"{type(error).__name__}: {error}").split())
    try:
        place = f"see {_written(text, directory)}"
    except OSError as reason:
        place = f"its traceback could not be written: {reason.strerror}"
    return HarnessBug(f"{summary[:_LONGEST]}; {place}", hint="please report it with that file")


_LONGEST = 300


def _written(text: str, directory: Path | None) -> Path:
    if directory is not None:
        try:
            return _write(directory / FILE, text)
        except OSError:
            pass  # the folder of temporary files may still take it
    descriptor, name = tempfile.mkstemp(prefix="verify-harness-crash-", suffix=".txt")
    os.close(descriptor)
    return _write(Path(name), text)


def _write(path: Path, text: str) -> Path:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return path
