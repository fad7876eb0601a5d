"""A pytest plugin for other people's tests: the fixture `verify_sandbox` is a Verify API.

One sandbox serves a whole session; each test gets accounts of its own in it.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from verify_harness.targets.embedded_sandbox import Embedded
    from verify_harness.targets.levers import Levers
    from verify_harness.targets.target import Tenant

_PAUSE_SECS = 0.02
_SEED = 0


@dataclass(frozen=True)
class VerifySandbox:
    """Two accounts that share nothing; messages, time and faults are those of the first one."""

    base_url: str
    """What a client takes as the address of the API, with `/v2`."""
    api_key: str
    second_api_key: str
    _levers: "Levers" = field(repr=False)
    _tenant: "Tenant" = field(repr=False)

    def messages(self, to: str | None = None) -> list[dict[str, Any]]:
        """What was sent, oldest first; `to` leaves the messages to one number."""
        sent = self._levers.call(self._tenant, "GET", "/outbox")["messages"]
        return [message for message in sent if to in (None, message["to"])]

    def code(self, to: str, *, wait_secs: float = 5.0) -> str:
        """The code last sent to a number; waits for it, and raises TimeoutError if none comes."""
        until = time.monotonic() + wait_secs
        while not (sent := self.messages(to)):
            if time.monotonic() > until:
                raise TimeoutError(f"nothing was sent to {to} within {wait_secs:g} s")
            time.sleep(_PAUSE_SECS)
        return str(sent[-1]["code"])

    def advance(self, secs: float) -> None:
        """Let time pass for this account, so that codes expire without waiting."""
        self._levers.call(self._tenant, "POST", "/clock", {"advance_secs": secs})

    def break_with(self, *faults: str) -> None:
        """Turn these faults on and all others off; `sandbox --list-faults` has their names."""
        self._levers.call(self._tenant, "PUT", "/faults", {"faults": list(faults)})


@pytest.fixture(scope="session")
def _sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Embedded"]:
    from verify_harness.targets.embedded_sandbox import sandbox  # noqa: PLC0415 - few sessions use it

    with sandbox("documented", 0, tmp_path_factory.mktemp("verify-sandbox")) as embedded:
        yield embedded


@pytest.fixture
def verify_sandbox(_sandbox_process: "Embedded") -> Iterator[VerifySandbox]:
    """Fresh accounts in a sandbox on this machine.

    Certain numbers decide what becomes of a trigger: `verify-harness sandbox --outcome-numbers`
    lists them.
    """
    from verify_harness.client import Client  # noqa: PLC0415 - as above
    from verify_harness.safety.guard import Guard  # noqa: PLC0415
    from verify_harness.targets.levers import Levers  # noqa: PLC0415
    from verify_harness.targets.target import Target  # noqa: PLC0415

    target = Target(_sandbox_process.url, control_token=_sandbox_process.control_token)
    with Client(Guard(), run_id="pytest") as client:
        levers = Levers(client, target)
        first, second = levers.mint(_SEED, outcome_numbers=True)
        yield VerifySandbox(target.url, first.key, second.key, levers, first)
        levers.drop(first)
