"""A sample of the journeys under load, whose answers are held against the spec and the model."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from verify_harness.load.client.answer import Answer
from verify_harness.load.client.api_steps import Step
from verify_harness.load.engine.journey_model import JourneyModel
from verify_harness.model.accounts import Profile
from verify_harness.safety.redaction import CODE_FIELDS
from verify_harness.spec import Operation, Spec, judge

Broken = Callable[[str, str], None]
"""Is told the requirement and what is wrong."""


class Witness:
    """Looks at the answers of one journey; a 429 is left alone, since it is a class of its own."""

    def __init__(
        self,
        operations: Mapping[str, Operation],
        model: JourneyModel | None,
        broken: Broken,
        unannounced: frozenset[str],
        judged: Counter[str],
    ) -> None:
        self._operations = operations
        self._model = model
        self._broken = broken
        self._unannounced = unannounced
        self._judged = judged
        self.told: set[str] = set()
        """The requirements that the journey was seen to break."""

    def saw(
        self, step: Step, arguments: Sequence[str], body: Mapping[str, Any] | None, answer: Answer
    ) -> None:
        """Judge an answer; what is wrong is reported, nothing is raised."""
        self._hold_against_spec(step, answer)
        if self._model is None:
            return
        divergences = self._model.follow(step, arguments, body, answer)
        self._judged["model"] += divergences is not None
        for divergence in divergences or ():
            is_code = divergence.field in CODE_FIELDS
            told = "the code is another one" if is_code else str(divergence)
            self._tell(divergence.requirement, f"{step.name}: {told}")

    def lose(self) -> None:
        """Things happen at the same moment now: the model cannot tell what must come of them."""
        if self._model is not None:
            self._model.lose()

    def _hold_against_spec(self, step: Step, answer: Answer) -> None:
        operation = self._operations.get(step.operation_id)
        if operation is None or answer.status is None or answer.status == 429:
            return  # a spec of the user's own may leave the operation out
        self._judged["spec"] += 1
        for violation in judge(operation, answer.status, answer.headers, answer.content):
            self._tell(violation.requirement, f"{step.name} answered {answer.status}: {violation}")

    def _tell(self, requirement: str, message: str) -> None:
        if requirement not in self._unannounced:
            self.told.add(requirement)
            self._broken(requirement, message)


class Sampling:
    """Draws the journeys that are looked at."""

    def __init__(
        self, spec: Spec, percent: float, seed: int, unannounced: frozenset[str] = frozenset()
    ) -> None:
        """`unannounced`: requirements of our choice that the target does not claim to keep."""
        self._operations = {item.operation_id: item for item in spec.operations}
        self._share = percent / 100
        self._random = Random(f"inspection:{seed}").random
        self._unannounced = unannounced
        self._judged: Counter[str] = Counter()

    @property
    def health(self) -> dict[str, int]:
        """How many answers were held against the spec, and how many against the model."""
        return {
            "answers_held_against_spec": self._judged["spec"],
            "against_model": self._judged["model"],
        }

    def draw(self, profile: Profile | None, broken: Broken) -> Witness | None:
        """Who looks at the next journey; None where nobody does.

        `profile` is the load's verify profile; without it no answer is held against the model.
        """
        if self._random() >= self._share:
            return None
        model = None if profile is None else JourneyModel(profile)
        return Witness(self._operations, model, broken, self._unannounced, self._judged)
