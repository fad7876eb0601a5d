"""Ctrl-C and SIGTERM: the first ends the run in order, a second one at once."""

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from pathlib import Path  # a tenth of what `--help` takes


class Terminated(BaseException):
    """SIGTERM came; like KeyboardInterrupt, it is no Exception."""


@contextmanager
def announced() -> Iterator[None]:
    """Say at once that Ctrl-C was noticed: ending the children takes seconds."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # in the background, SIGINT is ignored
        yield
        return
    signal.signal(signal.SIGINT, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def naming_next_command(directory: "Path") -> Iterator[None]:
    """Say how to get the reports of a run that is left before it has written them."""
    try:
        yield
    except (KeyboardInterrupt, Terminated):
        command = shlex.join(["verify-harness", "report", str(directory)])
        sys.stderr.write(f"stopped before the reports were written\ntry: {command}\n")
        raise


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stderr.write("\nstopping; press Ctrl-C again to leave at once\n")
    raise KeyboardInterrupt


def terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    """The handler of SIGTERM."""
    raise Terminated
