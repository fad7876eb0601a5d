"""Child processes that end when their parent does, even when it is killed."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

_PARENT = "VERIFY_HARNESS_PARENT_PID"
_PR_SET_PDEATHSIG = 1
_POLL_SECS = 0.5


_INHERITED = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "NO_COLOR"),
        *("TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        *("VIRTUAL_ENV", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
    )
)
"""What children need of the environment. Anything else may change what they do: PYTEST_ADDOPTS
deselects checks, LOCUST_* replaces settings, PYTHONPATH and SSL_CERT_FILE replace what is trusted.
"""


def clean_environment() -> dict[str, str]:
    """The part of our environment that no child of ours can be misled by."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith("LC_")
    }
    return {**ours, "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}


def spawn(
    arguments: Sequence[str], environment: Mapping[str, str], **options: Any
) -> subprocess.Popen[bytes]:
    """Start one of our own programs; it has to call `tie_to_parent` first thing."""
    env = {**environment, _PARENT: str(os.getpid())}
    return subprocess.Popen(list(arguments), env=env, **options)


def tie_to_parent() -> None:
    """End this process when the one that spawned it is gone; nothing if it was not spawned."""
    parent = os.environ.pop(_PARENT, None)
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(int(parent),), daemon=True).start()
    if os.getppid() != int(parent):  # it died before we asked to be told
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_SECS)
    os._exit(1)


def stop(process: subprocess.Popen[bytes], grace_secs: float = 5.0) -> int:
    """Ask a child to end, then make it; returns its exit status."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(grace_secs)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
