"""Reads the records of a run; what is no record becomes an `Unreadable`, never an exception.

Unknown fields and unknown kinds of this version are passed over: a later release may add some. A
line of another version is unreadable.
"""

from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from verify_harness.errors import UsageError
from verify_harness.journal.checksums import is_damaged
from verify_harness.journal.files import MERGED, parts
from verify_harness.journal.records import VERSION, AnyRecord, CheckRecord, RunFinished, RunStarted

MAX_LINE_BYTES = 16 * 1024 * 1024
"""The longest line that is read; ours are far shorter."""


class Unreadable(msgspec.Struct, frozen=True):
    """A line that holds no record; `position` is `<file>:<line>`."""

    position: str
    reason: str


class _Head(msgspec.Struct):
    v: Any = None
    kind: Any = None


Entry = AnyRecord | Unreadable

_DECODER = msgspec.json.Decoder(AnyRecord)
_HEAD = msgspec.json.Decoder(_Head)
_KINDS = frozenset(kind.__struct_config__.tag for kind in AnyRecord.__args__)


def read(directory: Path) -> Iterator[Entry]:
    """The records of a run, parts in order where they are not merged yet.

    Raises UsageError where there is no journal.
    """
    return (entry for _, entry in lines(directory) if entry is not None)


def lines(directory: Path) -> Iterator[tuple[bytes, Entry | None]]:
    """Each line as it stands, with what it says; None for a kind that a later release added."""
    merged = directory / MERGED
    if merged.is_file():
        return _lines(merged)
    found = parts(directory)
    if not found:
        raise UsageError(
            f"{directory} {'holds no run' if directory.exists() else 'does not exist'}.",
            hint="name a run directory, such as reports/<time>-check",
        )
    ranked = ((_rank(entry), line, entry) for path in found for line, entry in _lines(path))
    return ((line, entry) for _, line, entry in sorted(ranked, key=itemgetter(0)))


def decode(line: bytes, position: str) -> Entry | None:
    """One line; None for a kind that a later release added."""
    if is_damaged(line):
        return Unreadable(position, "its checksum does not match: it was damaged, or changed")
    try:
        record: AnyRecord = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _explained(line, position, error)
    return record


class Follower:
    """Reads a part that is still being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_bytes = 0

    def new(self) -> Iterator[Entry]:
        """What was added since the last time; a line that is half written comes later."""
        with self._path.open("rb") as file:
            file.seek(self._read_bytes)
            whole, end, _ = file.read().rpartition(b"\n")
        at = self._read_bytes
        self._read_bytes += len(whole) + len(end)
        for line in whole.splitlines():
            entry = decode(line, f"{self._path.name} after byte {at}")
            if entry is not None:
                yield entry


def _lines(path: Path) -> Iterator[tuple[bytes, Entry | None]]:
    with path.open("rb") as file:
        rows = iter(partial(file.readline, MAX_LINE_BYTES + 1), b"")
        for number, line in enumerate(rows, start=1):
            position = f"{path.name}:{number}"
            if len(line) > MAX_LINE_BYTES:
                _skip_line(file)
                yield b"", Unreadable(position, f"it is longer than {MAX_LINE_BYTES} bytes")
            else:
                yield line.rstrip(b"\n"), decode(line, position)


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass


def _explained(line: bytes, position: str, error: Exception) -> Unreadable | None:
    try:
        head = _HEAD.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unreadable(position, str(error))
    if head.v not in (VERSION, None):
        reason = f"it is of journal version {head.v}; this release reads version {VERSION}"
        return Unreadable(position, reason)
    if isinstance(head.kind, str) and head.kind not in _KINDS:
        return None
    return Unreadable(position, str(error))


def _rank(entry: Entry | None) -> tuple[int, str, int, float]:
    match entry:
        case RunStarted():
            return 0, "", 0, entry.t
        case RunFinished():
            return 2, "", 0, entry.t
        case CheckRecord():
            return 1, entry.check, entry.seq, entry.t
        case Unreadable() | None:
            return 1, "", 0, 0.0
    return 1, "", 0, entry.t
