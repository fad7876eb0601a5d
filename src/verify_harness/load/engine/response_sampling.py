"""A sample of the answers under load, held in full against the spec."""

from collections.abc import Callable
from random import Random

from verify_harness.load.client.answer import Answer
from verify_harness.load.client.api_steps import Step
from verify_harness.spec import Spec, judge


class Inspector:
    """Looks at a share of the answers; a 429 is left alone, since it is a class of its own."""

    def __init__(
        self, spec: Spec, percent: float, seed: int, broken: Callable[[str, str], None]
    ) -> None:
        """`broken` is told the requirement and what is wrong."""
        self._operations = {item.operation_id: item for item in spec.operations}
        self._share = percent / 100
        self._random = Random(f"inspection:{seed}").random
        self._broken = broken
        self.inspected = 0

    def __call__(self, step: Step, answer: Answer) -> None:
        """Judge the answer if it is drawn; what is wrong is reported, nothing is raised."""
        if self._random() >= self._share or answer.status is None or answer.status == 429:
            return
        operation = self._operations.get(step.operation_id)
        if operation is None:
            return  # a spec of the user's own may leave it out
        self.inspected += 1
        for violation in judge(operation, answer.status, answer.headers, answer.content):
            told = f"{step.name} answered {answer.status}: {violation}"
            self._broken(violation.requirement, told)
