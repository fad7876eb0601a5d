"""What a child prints, passed on without secrets: to a file, or to our own stderr."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import BinaryIO, TextIO

from verify_harness.safety.redaction import Redactor

_FAREWELL_SECS = 5.0
"""How long what children of a child still print is waited for."""

_CHUNK_BYTES = 64 * 1024
"""What is read at once, and the longest piece without an end that is kept back."""

_ENDED = re.compile(rb"(?s).*[\r\n]")
"""All lines that have an end; a progress line ends where it goes back to its beginning."""


@contextmanager
def clean_output(path: Path, redactor: Redactor) -> Iterator[BinaryIO]:
    """A pipe to print into; each line is redacted before it is in the file."""
    with path.open("w", encoding="utf-8") as log, _piped(log, redactor) as pipe:
        yield pipe


@contextmanager
def clean_stderr(redactor: Redactor) -> Iterator[BinaryIO]:
    """A pipe into our own stderr; each line is redacted before it is printed."""
    with _piped(sys.stderr, redactor) as pipe:
        yield pipe


@contextmanager
def _piped(place: TextIO, redactor: Redactor) -> Iterator[BinaryIO]:
    read_end, write_end = os.pipe()
    writer = Thread(target=_copy, args=(read_end, place, redactor), daemon=True)
    writer.start()
    try:
        with os.fdopen(write_end, "wb") as pipe:
            yield pipe
    finally:
        writer.join(_FAREWELL_SECS)


def _copy(read_end: int, place: TextIO, redactor: Redactor) -> None:
    """Pass on what comes; once the place takes no more, go on reading: the child must not wait."""
    takes_more = True
    with os.fdopen(read_end, "rb", buffering=0) as pipe:
        for piece in _pieces(pipe):
            takes_more = takes_more and _written(redactor.text(piece), place)


def _pieces(pipe: BinaryIO) -> Iterator[str]:
    """Whole lines, as soon as they are there."""
    kept = b""
    while chunk := pipe.read(_CHUNK_BYTES):
        kept += chunk
        ended = _ENDED.match(kept)
        size = ended.end() if ended else len(kept) if len(kept) >= _CHUNK_BYTES else 0
        for line in kept[:size].splitlines(keepends=True):
            yield line.decode("utf-8", errors="replace")
        kept = kept[size:]
    if kept:
        yield kept.decode("utf-8", errors="replace")


def _written(text: str, place: TextIO) -> bool:
    try:
        place.write(text)
        place.flush()
    except (OSError, ValueError):  # full, or closed
        return False
    return True
