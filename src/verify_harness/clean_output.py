"""What a child prints, written to a file without secrets."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from verify_harness.safety.redaction import Redactor

_FAREWELL_SECS = 5.0
"""How long what children of a child still print is waited for."""


@contextmanager
def clean_output(path: Path, redactor: Redactor) -> Iterator[BinaryIO]:
    """A pipe to print into; each line is redacted before it is in the file."""
    read_end, write_end = os.pipe()
    writer = Thread(target=_copy, args=(read_end, path, redactor), daemon=True)
    writer.start()
    try:
        with os.fdopen(write_end, "wb") as pipe:
            yield pipe
    finally:
        writer.join(_FAREWELL_SECS)


def _copy(read_end: int, path: Path, redactor: Redactor) -> None:
    with os.fdopen(read_end, "rb") as lines, path.open("w", encoding="utf-8") as log:
        for line in lines:
            log.write(redactor.text(line.decode("utf-8", errors="replace")))
            log.flush()
