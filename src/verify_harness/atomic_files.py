"""Files that are whole or not there: a reader, or a crash, meets the old content or the new one."""

import os
from collections.abc import Iterable
from pathlib import Path


def replace_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write `path` by a draft beside it and a rename; raises OSError, and leaves no draft then.

    A draft that a killed process left is overwritten by the next one, so only one process may
    write a path at a time.
    """
    draft = path.with_name(f".{path.name}.draft")
    pieces = (content,) if isinstance(content, bytes) else content
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
