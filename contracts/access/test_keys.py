"""Keys: without one, or with a wrong one, no operation answers."""

import pytest

from verify_harness.contract import current, requirement
from verify_harness.contract.api import Api
from verify_harness.contract.samples import OPERATIONS, call_plainly

WRONG_KEY = "Bearer KEY00000000000000000000000000000000_wrong"


@requirement("VFY-AUTH-001", "VFY-AUTH-003", level="smoke")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_no_key_no_answer(api: Api, operation_id: str) -> None:
    answer = call_plainly(api, operation_id, authorization=None)
    code = answer.error_codes[:1]
    assert answer.status == 401 or (answer.status, code) == (404, ["10005"])
    current().observe("C8", str(answer.status), operation_id)
    names_scheme = (answer.header("www-authenticate") or "").lower().startswith("bearer")
    if answer.status == 401 and not names_scheme:
        current().report("VFY-AUTH-003", "401 without WWW-Authenticate: Bearer")


@requirement("VFY-AUTH-002", level="smoke")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_a_wrong_key_opens_nothing(api: Api, operation_id: str) -> None:
    answer = call_plainly(api, operation_id, authorization=WRONG_KEY)
    assert answer.status in {401, 403}
