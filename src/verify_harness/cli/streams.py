"""Standard streams that print what they can: an odd encoding or a closed pipe is no verdict."""

import codecs
import os
import sys
from typing import TextIO

_PLAIN = {
    "✓": "+",
    "✗": "x",
    "○": "o",
    "·": "-",
    "…": "...",
    "\u2013": "-",
    "\u2014": "-",
    "\u00d7": "x",
    "≥": ">=",
}
_HANDLER = "verify-harness-plain"


def prepare() -> None:
    """Open what is closed, and spell out what an encoding cannot print.

    A closed stream's number would otherwise be given to the next file that is opened, and a child
    would print into the journal.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdout = sys.stdout or _null()
    sys.stderr = sys.stderr or _null()
    codecs.register_error(_HANDLER, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a test's stream may not have it
            stream.reconfigure(errors=_HANDLER)


def silence(stream: TextIO) -> None:
    """Let the interpreter's last flush go nowhere: nobody reads, or there is no room."""
    with open(os.devnull, "wb") as null:  # noqa: PTH123 - a device
        os.dup2(null.fileno(), stream.fileno())


def _null() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - lives with the process


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in text), error.end
