"""The token without which a sandbox's levers stay shut, and how programs of its user find it.

A started sandbox prints it and puts it into a file that only its user can read, by port; a run
hands it to its children in the environment. It never stands in a command line.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from verify_harness.atomic_files import replace_file

VARIABLE = "VERIFY_HARNESS_SANDBOX_TOKEN"
HEADER = "x-verify-harness-token"

_MOST_BYTES = 4096


def new() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def known(port: int, environment: Mapping[str, str] = os.environ) -> str:
    """The token of the sandbox on a port of this machine; empty where we know none."""
    if token := environment.get(VARIABLE):
        return token
    with suppress(OSError):
        path = _file(port)
        if _is_private(path.parent) and path.stat().st_size <= _MOST_BYTES:
            return path.read_text(encoding="ascii", errors="replace")
    return ""


@contextmanager
def published(port: int, token: str) -> Iterator[bool]:
    """Let programs of this user find a token while its sandbox runs; False where that fails."""
    path = _file(port)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_published = _is_private(path.parent)
        if is_published:
            replace_file(path, token.encode())
            path.chmod(0o600)
    except OSError:
        is_published = False
    try:
        yield is_published
    finally:
        if is_published and known(port, {}) == token:
            path.unlink(missing_ok=True)


def _file(port: int) -> Path:
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"verify-harness-{os.getuid()}" / f"sandbox-{port}.token"


def _is_private(folder: Path) -> bool:
    """Whether a folder is ours alone: another user could have made it before us."""
    found = folder.lstat()
    return folder.is_dir() and found.st_uid == os.getuid() and not found.st_mode & 0o077
