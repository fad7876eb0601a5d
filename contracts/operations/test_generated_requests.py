"""Generated requests against every operation: right and wrong, judged by the spec."""

import pytest
from hypothesis import assume

from verify_harness.checks import OPERATIONS, Api, current, requirement
from verify_harness.contract.case_preparation import may_be_sent, use_existing_ids
from verify_harness.contract.existing_objects import existing_objects
from verify_harness.contract.generated import AnyCase, broken, each_case, send


@requirement(
    "VFY-SPEC-001",
    "VFY-SPEC-002",
    "VFY-SPEC-003",
    "VFY-SPEC-004",
    "VFY-SPEC-005",
    "VFY-SPEC-006",
    "VFY-SPEC-007",
)
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_keeps_the_spec(operation_id: str, api: Api) -> None:
    check, operation = current(), api.spec.operation(operation_id)

    def judge_case(case: AnyCase) -> None:
        use_existing_ids(case, operation_id, existing_objects(api))
        assume(may_be_sent(case))
        exchange = api.answered(send(case, operation_id, f"Bearer {api.key}"))
        for requirement_id, sentence in broken(case, exchange, operation):
            check.findings.report_once(requirement_id, sentence)
        check.findings.reached(operation_id, exchange)

    each_case(operation, api.spec, judge_case)
