"""A target's levers, applied to the tenants of one check."""

import time
from typing import Any

from verify_harness.contract.check_exceptions import NotObservable
from verify_harness.contract.check_journal import CheckJournal
from verify_harness.contract.passive_oracle import PassiveOracle
from verify_harness.targets import Levers, Target, Tenant

_WEBHOOKS_SETTLE_WITHIN_SECS = 3.0


class CheckLevers:
    """Clock, outbox, limits, keys and webhooks of a check's tenants; the first unless named."""

    def __init__(
        self,
        levers: Levers,
        target: Target,
        tenants: tuple[Tenant, ...],
        journal: CheckJournal | None = None,
        oracle: PassiveOracle | None = None,
    ) -> None:
        self._oracle = oracle
        self._journal = journal
        self._levers = levers
        self._target = target
        self._tenants = tenants

    def advance_clock(self, secs: float) -> None:
        """Move the clock of both tenants forward."""
        for tenant in self._tenants:
            self._levers.call(tenant, "POST", "/clock", {"advance_secs": secs})
        if self._oracle is not None:
            self._oracle.clock_moved(secs)
        self._tell(f"the clock was moved {secs:g} s forward", advance_secs=secs)

    def limit(self, *, requests_per_minute: int | None) -> None:
        """Limit the requests per minute of the first tenant's key; None removes the limit."""
        self._lose()
        self._call("PUT", "/limits", {"requests_per_minute": requests_per_minute})
        self._tell(
            f"the key was limited to {requests_per_minute or 'any number of'} requests a minute"
        )

    def limit_numbers(self, triggers: int | None) -> None:
        """Limit the triggers for one number in ten minutes; None removes the limit."""
        self._lose()
        self._call("PUT", "/limits", {"triggers_per_number": triggers})
        self._tell(f"a number was limited to {triggers or 'any number of'} triggers in ten minutes")

    def revoke_key(self) -> None:
        """Revoke the key of the first tenant."""
        self._lose()
        self._call("POST", "/revoke-key")
        self._tell("the key was revoked")

    def webhooks(self) -> list[dict[str, Any]]:
        """All delivery attempts, once every webhook is settled or three seconds have passed."""
        deadline = time.monotonic() + _WEBHOOKS_SETTLE_WITHIN_SECS
        while True:
            answer = self._call("GET", "/webhooks")
            if not answer["waiting"] or time.monotonic() > deadline:
                attempts: list[dict[str, Any]] = answer["webhooks"]
                return attempts
            time.sleep(0.02)

    def messages(self, tenant: int = 0) -> list[dict[str, Any]]:
        """All messages sent for a tenant so far; raises NotObservable without an outbox."""
        if not self._target.offers("outbox"):
            raise NotObservable("outbox")
        messages: list[dict[str, Any]] = self._call("GET", "/outbox", tenant=tenant)["messages"]
        if self._oracle is not None:
            self._oracle.codes_seen(tenant, messages)
        return messages

    def messages_to(self, number: str) -> list[dict[str, Any]]:
        """The messages sent to one number."""
        return [message for message in self.messages() if message["to"] == number]

    def sent_nothing(self) -> bool:
        """Whether neither tenant sent a message; True without an outbox."""
        if not self._target.offers("outbox"):
            return True
        return not any(self.messages(index) for index in range(len(self._tenants)))

    def _lose(self) -> None:
        """Tell the model that follows the check that it cannot follow what is done here."""
        if self._oracle is not None:
            self._oracle.lose()

    def _tell(self, done: str, advance_secs: float | None = None) -> None:
        if self._journal is not None:
            self._journal.lever_used(done, advance_secs)

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, tenant: int = 0
    ) -> Any:
        return self._levers.call(self._tenants[tenant], method, path, body)
