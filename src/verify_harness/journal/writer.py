"""Writes records: each is redacted, then encoded, and flushed as one line."""

import io
import os
import time
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from verify_harness.journal.checksums import sealed
from verify_harness.journal.encoding import ascii_json, well_formed
from verify_harness.journal.records import AnyRecord
from verify_harness.safety.redaction import Redactor

_Record = TypeVar("_Record", bound=AnyRecord)


class Pen(Protocol):
    """What lines can be written with where there is no file; each `write` is a whole line."""

    def write(self, text: str, /) -> object: ...  # noqa: D102 - like a file
    def flush(self) -> None: ...  # noqa: D102 - like a file
    def close(self) -> None: ...  # noqa: D102 - like a file


class Journal:
    """Writes the lines of one process."""

    def __init__(self, place: Path | Pen, redactor: Redactor | None = None) -> None:
        self._redactor = redactor or Redactor()
        self._file = place.open("a", encoding="utf-8") if isinstance(place, Path) else place

    def write(self, record: AnyRecord, *, redactor: Redactor | None = None) -> None:
        """Write a record now; `redactor` replaces the journal's own for this one."""
        stamped = msgspec.structs.replace(record, t=round(time.time(), 6))
        clean = (redactor or self._redactor).tree(msgspec.to_builtins(stamped))
        self._file.write(sealed(ascii_json(well_formed(clean))) + "\n")
        self._file.flush()

    def sync(self) -> None:
        """Wait until the disk holds what was written; for what must survive a power cut.

        The leading process of a run syncs all parts each second (`syncing.synced`).
        """
        if isinstance(self._file, io.TextIOBase):
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; writing after this raises ValueError."""
        self._file.close()


def redacted(record: _Record, redactor: Redactor) -> _Record:
    """The same record without secrets."""
    clean = well_formed(redactor.tree(msgspec.to_builtins(record)))
    return msgspec.convert(clean, type(record))
