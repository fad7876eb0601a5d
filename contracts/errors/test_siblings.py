"""What an operation has in common with its siblings: how HEAD answers, and how long it takes."""

from statistics import median

import pytest

from verify_harness.checks import OPERATIONS, Api, Exchange, call_plainly, current, requirement

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
READS = {
    "RetrieveVerification": {"verification_id": UNKNOWN_ID},
    "GetVerifyProfile": {"verify_profile_id": UNKNOWN_ID},
    "ListVerifications": {"phone_number": "12"},
    "LookupNumber": {"phone_number": "+1"},
    "ListProfiles": {},
    "ListProfileMessageTemplates": {},
}
"""Every GET, with a path that leads nowhere where it has one."""
ROUNDS = 5
FAR_SLOWER = 10
TOLERATED_MS = 400.0
"""Less than that is no matter, whatever the siblings take."""


def ask(api: Api, operation_id: str, method: str, *, with_key: bool) -> Exchange:
    """A request of a read's address with this method."""
    operation = api.spec.operation(operation_id)
    url = api.url(operation, READS[operation_id])
    headers = (("Authorization", f"Bearer {api.key}"),) if with_key else ()
    return api.send(operation, url=url, headers=headers, content=None, method=method)


@requirement("VFY-HTTP-006")
@pytest.mark.parametrize("operation_id", READS)
@pytest.mark.parametrize("with_key", [True, False], ids=["with a key", "without"])
def test_head_is_refused_where_get_is(api: Api, operation_id: str, *, with_key: bool) -> None:
    get, head = (ask(api, operation_id, each, with_key=with_key) for each in ("GET", "HEAD"))
    assert head.status == get.status
    assert head.header("content-type") == get.header("content-type")
    assert head.response is not None
    assert head.response.body == b""


def is_far_slower(api: Api, operation_id: str, sibling: str) -> bool:
    """Whether an operation takes far longer than a sibling asked right after it, each time."""
    for _ in range(ROUNDS):
        took, usual = (call_plainly(api, each).elapsed_ms for each in (operation_id, sibling))
        if took < max(FAR_SLOWER * usual, usual + TOLERATED_MS):
            return False
    return True


@requirement("VFY-HTTP-011")
def test_no_operation_is_far_slower_than_its_siblings(api: Api) -> None:
    took = {each: call_plainly(api, each).elapsed_ms for each in OPERATIONS}
    typical = median(took.values())
    sibling = min(took, key=lambda each: abs(took[each] - typical))
    for operation_id, once in took.items():
        if once >= typical + TOLERATED_MS and is_far_slower(api, operation_id, sibling):
            told = f"{operation_id} took {once:.0f} ms where {sibling} took {typical:.0f} ms"
            current().findings.report("VFY-HTTP-011", told)
