"""The reference model beside one journey: all its answers in their order, each by what was before.

The model knows the verify profile of the load and what the journey made itself, and says nothing
about anything else. A refusal is no divergence here: a busy service may refuse, and the limits on
errors judge that.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from verify_harness.load.client.answer import Answer
from verify_harness.load.client.api_steps import Step
from verify_harness.model import calls
from verify_harness.model.accounts import Profile
from verify_harness.model.calls import Call, Divergence
from verify_harness.model.judgement import Settings
from verify_harness.model.oracle import OPERATIONS, Oracle
from verify_harness.model.trigger_answers import CHANNEL_OF

_SETTINGS = Settings(is_documented=False, is_closed=False)
"""Whatever the target is: a conflict of the sources is for the contract checks to observe."""
_OF_OTHERS_TOO = frozenset({"ListVerifications", "ListProfiles", "ListProfileMessageTemplates"})
"""Their answers show what other journeys did."""
_REFUSED_AS_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class VerifyProfile:
    """The verify profile of a load: what was asked for, and the answer."""

    id: str
    asked: Mapping[str, Any]
    answer: Answer

    def as_modelled(self) -> Profile | None:
        """What the model knows of it; None where its answer is not as the facts say."""
        oracle = Oracle(_SETTINGS)
        call = Call("CreateVerifyProfile", body=self.asked)
        divergences = oracle.judge(call, _as_judged(self.answer))
        return None if divergences else oracle.accounts[0].profile(self.id)


class JourneyModel:
    """Follows one journey, until something happens that it cannot follow."""

    def __init__(self, profile: Profile) -> None:
        self._oracle = Oracle(_SETTINGS)
        self._account = self._oracle.accounts[0]
        self._account.profiles[profile.id] = replace(profile, sent_at=[])
        self._is_lost = False

    def lose(self) -> None:
        """Say nothing more."""
        self._is_lost = True

    def follow(
        self, step: Step, arguments: Sequence[str], body: Mapping[str, Any] | None, answer: Answer
    ) -> list[Divergence] | None:
        """What the facts do not allow about an answer, after all that the journey did before.

        None where the model says nothing about it.
        """
        if self._is_lost or answer.status == _REFUSED_AS_TOO_MANY:
            return None
        call = Call(step.operation_id, variable="".join(arguments), body=body)
        if not answer.succeeded or not self._knows(call, step, arguments):
            self._is_lost = step.method != "GET"
            return None
        divergences = self._oracle.judge(call, _as_judged(answer))
        self._is_lost = bool(divergences)
        return divergences

    def _knows(self, call: Call, step: Step, arguments: Sequence[str]) -> bool:
        """Whether a call is about what the journey made, or about nothing that is kept."""
        account, name = self._account, call.operation
        if name not in OPERATIONS - _OF_OTHERS_TOO or len(arguments) > 1 or "?" in step.path:
            return False
        if name in CHANNEL_OF:
            return account.profile(call.fields.get("verify_profile_id")) is not None
        if name == "VerifyVerificationCodeByPhoneNumber":
            return bool(account.of_number(call.variable, call.fields.get("verify_profile_id")))
        if name in {"RetrieveVerification", "VerifyVerificationCodeById"}:
            return call.variable in account.verifications
        is_new = name in {"CreateVerifyProfile", "LookupNumber"}
        return is_new or account.profile(call.variable) is not None


def _as_judged(answer: Answer) -> calls.Answer:
    """An answer of the load as the model judges it."""
    headers = {name.lower(): value for name, value in answer.headers}
    ahead_secs = time.time() - time.perf_counter()
    sent_at, received_at = answer.sent + ahead_secs, answer.finished + ahead_secs
    return calls.Answer(answer.status or 0, answer.json, sent_at, received_at, headers)
