"""The target and the model side by side: each call goes to both."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from verify_harness import phone_numbers
from verify_harness.contract.api import JSON_HEADERS, Api
from verify_harness.contract.context import CheckContext
from verify_harness.contract.passive_oracle import as_answer, oracle_for
from verify_harness.contract.sequences.draws import Step
from verify_harness.model.accounts import Account
from verify_harness.model.calls import Answer, Call, Divergence, Message
from verify_harness.model.oracle import Oracle
from verify_harness.model.trigger_answers import CHANNEL_OF

_VARIABLE = re.compile(r"\{[a-z_]+\}")


class Diverged(Exception):
    """The target answered what the model does not allow."""

    def __init__(self, call: Call, divergences: Sequence[Divergence]) -> None:
        super().__init__(str(divergences[0]))
        self.call = call
        self.divergences = tuple(divergences)


@dataclass(slots=True)
class World:
    """A pair of tenants, and what the model believes about them."""

    check: CheckContext
    api: Api
    oracle: Oracle = field(init=False)
    numbers: tuple[str, ...] = field(init=False)
    """The few numbers that most steps are about, so that they meet."""
    origins: dict[str, str] = field(default_factory=dict)
    """By id, the step that a thing comes from."""
    ahead_secs: float = 0.0
    """How far the clock was moved."""
    step: Step | None = None
    """The one that is taken; what it makes comes from it."""
    _seen: list[int] = field(default_factory=lambda: [0, 0])

    def __post_init__(self) -> None:
        """The model knows nothing yet; what a sandbox announces it may rely on."""
        self.oracle = oracle_for(self.check.target)
        self._seen = [self._sent(tenant) for tenant in self.tenants]
        areas = [phone_numbers.in_country(each)[0] for each in ("US", "GB", "DE", "CA")]
        first = self.check.seed
        self.numbers = tuple(
            area.number((first + index) % area.size)
            for index, area in enumerate([*areas, areas[0]])
        )

    @property
    def tenants(self) -> tuple[int, ...]:
        """The tenants that calls can be made as."""
        return (0, 1) if self.check.target.offers("second-key") else (0,)

    @property
    def now(self) -> float:
        """The time on the caller's clock, its steps included; Unix seconds."""
        return time.time() + self.ahead_secs

    def account(self, tenant: int) -> Account:
        """What the model believes that a tenant has."""
        return self.oracle.accounts[tenant]

    def wait(self, secs: float) -> None:
        """Move the clock of both tenants."""
        self.check.levers.advance_clock(secs)
        self.ahead_secs += secs

    def limit_requests(self, per_minute: int | None) -> None:
        """Limit the requests of the first tenant's key."""
        self.check.levers.limit(requests_per_minute=per_minute)
        self.account(0).key_limit.set(per_minute)

    def limit_numbers(self, triggers: int | None) -> None:
        """Limit the first tenant's triggers for one number."""
        self.check.levers.limit_numbers(triggers)
        self.account(0).number_limit.set(triggers)

    def call(
        self,
        operation: str,
        body: Any = None,
        *,
        tenant: int = 0,
        variable: str = "",
        spelled: str | None = None,
        query: Sequence[tuple[str, str]] = (),
    ) -> Answer:
        """Send a call and have the model judge its answer, and the messages of a trigger.

        `spelled` is how the path writes its variable, where that is not the usual way. Raises
        Diverged, NoAnswer.
        """
        is_plain = spelled in {None, quote(variable, safe="")}
        call = Call(operation, tenant, variable, is_plain, tuple(query), body)
        answer = self._answer(call, spelled or quote(variable, safe="+"))
        self.check.judged_by_model += 1
        self._judge(call, self.oracle.judge(call, answer))
        if operation in CHANNEL_OF and self.check.target.offers("outbox"):
            sent = self._new_messages(tenant)
            self._judge(call, self.oracle.judge_messages(call, answer, sent))
        self._note_origin(answer)
        return answer

    def _answer(self, call: Call, segment: str) -> Answer:
        operation = self.api.spec.operation(call.operation)
        query = f"?{urlencode(call.query)}" if call.query else ""
        path = _VARIABLE.sub(lambda _: segment, operation.path)
        api = Api(self.api.spec, call.tenant)
        sent_at = self.now
        exchange = api.send(
            operation,
            url=f"{self.check.target.url}{path}{query}",
            headers=(*JSON_HEADERS, ("Authorization", f"Bearer {api.key}")),
            content=None if call.body is None else _json(call.body),
        )
        return as_answer(exchange, sent_at, self.now)

    def _judge(self, call: Call, divergences: Sequence[Divergence]) -> None:
        if divergences:
            raise Diverged(call, divergences)

    def _note_origin(self, answer: Answer) -> None:
        identity = answer.data.get("id") if isinstance(answer.data, dict) else None
        if isinstance(identity, str) and self.step is not None:
            place = sum(each.startswith(f"{self.step.seed}.") for each in self.origins.values())
            self.origins.setdefault(identity, f"{self.step.seed}.{place}")

    def _sent(self, tenant: int) -> int:
        if not self.check.target.offers("outbox"):
            return 0
        return len(self.check.levers.messages(tenant))

    def _new_messages(self, tenant: int) -> list[Message]:
        found = self.check.levers.messages(tenant)
        new, self._seen[tenant] = found[self._seen[tenant] :], len(found)
        return [_as_message(each) for each in new]


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _as_message(shown: Mapping[str, Any]) -> Message:
    return Message(
        channel=shown["channel"],
        to=shown["to"],
        code=shown["code"],
        verification_id=shown["verification_id"],
        profile_id=shown["verify_profile_id"],
        text=shown["text"],
        caller=shown.get("caller"),
        extension=shown.get("extension"),
    )
