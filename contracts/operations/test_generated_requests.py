"""Generated requests against every operation: right and wrong, judged by the spec."""

from hypothesis import assume

from verify_harness.checks import current, requirement
from verify_harness.contract.api import Api
from verify_harness.contract.case_preparation import may_be_sent, use_existing_ids
from verify_harness.contract.existing_objects import existing_objects
from verify_harness.contract.generated import AnyCase, broken, every_operation, operation_of, send


@requirement(
    "VFY-SPEC-001",
    "VFY-SPEC-002",
    "VFY-SPEC-003",
    "VFY-SPEC-004",
    "VFY-SPEC-005",
    "VFY-SPEC-006",
    "VFY-SPEC-007",
)
@every_operation
def test_every_operation_keeps_the_spec(case: AnyCase, api: Api) -> None:
    check = current()
    operation_id = operation_of(case, api.spec)
    use_existing_ids(case, operation_id, existing_objects(api))
    assume(may_be_sent(case))
    exchange = api.answered(send(case, operation_id, f"Bearer {api.key}"))
    for requirement_id, sentence in broken(case, exchange, api.spec.operation(operation_id)):
        check.findings.report_once(requirement_id, sentence)
    check.findings.reached(operation_id, exchange)
