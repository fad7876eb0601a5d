"""Where the code of a verification comes from: our own, an inbox, or the person at the prompt."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from verify_harness.errors import NoVerdict
from verify_harness.keys import without_keys

NUMBER_VARIABLE = "VERIFY_HARNESS_NUMBER"
"""Where the inbox command finds the number: arguments could be read by all of this machine."""
ARRIVAL_SECS = 60.0
_POLL_SECS = 1.0
_COMMAND_SECS = 20.0
_CODE = re.compile(r"(?<![0-9])[0-9]{4,10}(?![0-9])", re.ASCII)


class Codes(Protocol):
    """A source of codes that the service made."""

    def before_trigger(self, number: str) -> None:
        """Get ready: what is there now is not the code."""

    def received(self, number: str, digits: int | None, /) -> str | None:
        """The code that arrived, of so many digits where that is known; None if none did."""


@dataclass
class Inbox:
    """A command of the user's that prints the newest message for a number."""

    command: Sequence[str]
    arrival_secs: float = ARRIVAL_SECS
    poll_secs: float = _POLL_SECS
    _seen: str = field(default="", repr=False)

    def before_trigger(self, number: str) -> None:
        """Remember the newest message; raises NoVerdict where the command cannot be used."""
        self._seen = self._newest(number)

    def received(self, number: str, digits: int | None, /) -> str | None:
        """The code in the first new message; None if none comes within a minute."""
        ends = time.monotonic() + self.arrival_secs
        while True:
            message = self._newest(number)
            if message != self._seen and (found := _CODE.findall(message)):
                return next((code for code in found if len(code) == digits), str(found[0]))
            if time.monotonic() >= ends:
                return None
            time.sleep(self.poll_secs)

    def _newest(self, number: str) -> str:
        environment = without_keys(os.environ) | {NUMBER_VARIABLE: number}
        try:
            ended = subprocess.run(
                self.command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                timeout=_COMMAND_SECS,
                check=False,
            )
        except OSError as error:
            raise _unusable(error.strerror or type(error).__name__) from None
        except subprocess.TimeoutExpired:
            raise _unusable(f"it did not end within {_COMMAND_SECS:g} s") from None
        if ended.returncode != 0:
            raise _unusable(f"it ended with status {ended.returncode}")
        return ended.stdout.decode(errors="replace")


@dataclass(frozen=True)
class Prompt:
    """The person at the terminal, who has the telephone."""

    ask: Callable[[str], str]

    def before_trigger(self, number: str) -> None:
        """Nothing: people know what is new."""

    def received(self, number: str, _digits: int | None, /) -> str | None:
        """What the person types; None for an empty line."""
        return self.ask(f"Code that reached ..{number[-2:]} (empty if none did)").strip() or None


def _unusable(reason: str) -> NoVerdict:
    return NoVerdict(
        f"the --inbox command cannot be used: {reason}.",
        hint=f"it has to print the newest message for the number in ${NUMBER_VARIABLE}",
    )
