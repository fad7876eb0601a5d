"""Verifications that a check opens, with the code that their owner would receive."""

from dataclasses import dataclass, replace
from typing import Any

from verify_harness.contract.answer_errors import reads_answers
from verify_harness.contract.api import TRIGGERS, Api
from verify_harness.contract.check_exceptions import Blocked, NotObservable
from verify_harness.contract.context import current
from verify_harness.exchange import Exchange, Purpose
from verify_harness.worst_inputs import ABSENT

WAYS = ("by_id", "by_number")
_REFUSING = frozenset({"rejected", "expired", "max_attempts_exceeded"})
"""The words for a code that opens nothing (facts.md#c3)."""
"""The two ways of checking a code."""


@reads_answers
@dataclass(frozen=True)
class OpenVerification:
    """A pending verification: its data, its code, and the way its code is checked."""

    api: Api
    way: str
    data: dict[str, Any]
    code: str

    def as_tenant(self, api: Api) -> "OpenVerification":
        """The same verification, called with another tenant's key."""
        return replace(self, api=api)

    def checked(self, way: str) -> "OpenVerification":
        """The same verification, checked `by_id` or `by_number`."""
        return replace(self, way=way)

    @property
    def id(self) -> str:
        """The verification's id."""
        return str(self.data["id"])

    @property
    def number(self) -> str:
        """The number that it was sent to."""
        return str(self.data["phone_number"])

    @property
    def profile_id(self) -> str:
        """The profile that it belongs to."""
        return str(self.data["verify_profile_id"])

    def submit(self, code: Any, *, purpose: Purpose | None = None) -> Exchange:
        """Check a code, or any other value; returns the exchange."""
        operation_id, body, path = self._request(code)
        return self.api.call(operation_id, body, path=path, purpose=purpose)

    def submit_together(self, code: str, times: int) -> list[str]:
        """Check the same code several times at once; returns the verdicts."""
        operation_id, body, path = self._request(code)
        return [
            self._verdict(exchange)
            for exchange in self.api.call_together(operation_id, [body] * times, **path)
        ]

    def _request(self, code: Any) -> tuple[str, dict[str, Any], dict[str, str]]:
        """The operation, body and path parameters of a check."""
        given = {} if code is ABSENT else {"code": code}
        if self.way == "by_id":
            return "VerifyVerificationCodeById", given, {"verification_id": self.id}
        body = {**given, "verify_profile_id": self.profile_id}
        return "VerifyVerificationCodeByPhoneNumber", body, {"phone_number": self.number}

    def opens(self, code: Any) -> bool:
        """Whether a code is accepted; every other answer keeps everybody out.

        How it is worded is observed: no source says how a code that was used, locked or replaced
        is refused, with a word or with a status.
        """
        exchange = self.submit(code)
        verdict = self._verdict(exchange)
        if verdict not in {"accepted", "rejected"}:
            current().findings.observe("C26", verdict, exchange.operation_id)
        return verdict == "accepted"

    def check(self, code: str) -> str:
        """The verdict on a code: `accepted`, `rejected` or another response code.

        facts.md#c3: `expired` and `max_attempts_exceeded` are other words for rejected. A refusal
        (4xx) lets nobody in either; it reads `refused 404` and the like.
        """
        return self._verdict(self.submit(code))

    def _verdict(self, exchange: Exchange) -> str:
        if not exchange.succeeded:
            return f"refused {exchange.status}"
        verdict = exchange.data.get("response_code") if isinstance(exchange.data, dict) else None
        if verdict not in _REFUSING:
            return str(verdict)
        current().findings.observe("C3", str(verdict), exchange.operation_id)
        return "rejected"

    def accept(self) -> None:
        """Set-up: check the right code; raises Blocked if it is not accepted."""
        if self.check(self.code) != "accepted":
            raise Blocked("VFY-CODE-001", "set-up: the right code was not accepted")

    def spend_attempts(self, count: int) -> None:
        """Set-up: check wrong codes, `count` times; raises Blocked if one is accepted."""
        for _ in range(count):
            if self.check(wrong_for(self.code)) == "accepted":
                raise Blocked("VFY-CODE-002", "set-up: a wrong code was accepted")

    def read(self) -> dict[str, Any]:
        """Read the verification."""
        found: dict[str, Any] = self.api.set_up(
            "VFY-SPEC-007", "RetrieveVerification", verification_id=self.id
        )
        return found

    @property
    def status(self) -> str:
        """Read the verification's status."""
        return str(self.read().get("status"))


@reads_answers
@dataclass(frozen=True)
class Opener:
    """Opens verifications on one channel; their codes are checked in one way."""

    api: Api
    channel: str
    way: str

    def on(self, channel: str) -> "Opener":
        """The same on another channel."""
        return replace(self, channel=channel)

    def __call__(
        self,
        *,
        generated: bool = False,
        profile: dict[str, Any] | None = None,
        number: str | None = None,
        **fields: Any,
    ) -> OpenVerification:
        """Trigger a verification whose code is known.

        The code is the caller's own (`custom_code`) unless `generated` or a flash call, where it
        comes from the outbox. Raises NotObservable without one, Blocked if the trigger fails.
        """
        check = current()
        generated = generated or self.channel == "flashcall"
        if generated and not check.target.offers("outbox"):
            raise NotObservable("outbox")
        profile = profile or self.api.profile()
        body = {"phone_number": number or check.number(), "verify_profile_id": profile["id"]}
        if not generated:
            body["custom_code"] = fields.pop("custom_code", None) or new_code()
        data = self.api.set_up("VFY-LIFE-001", TRIGGERS[self.channel], body | fields)
        code = sent_code(self.api, data) if generated else body["custom_code"]
        return OpenVerification(self.api, self.way, data, code)


@reads_answers
def sent_code(api: Api, verification: dict[str, Any]) -> str:
    """The code in the message of a trigger; raises Blocked if none was sent."""
    for message in reversed(current().levers.messages(api.tenant)):
        if message["verification_id"] == verification.get("id"):
            return str(message["code"])
    raise Blocked("VFY-TRIG-003", "set-up: nothing was sent for this verification")


def new_code(length: int = 6) -> str:
    """A random code without a leading zero."""
    return str(current().random.randrange(10 ** (length - 1) + 1, 10**length - 1))


@reads_answers
def wrong_for(code: str) -> str:
    """A code of the same length that differs in its last digit."""
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"
