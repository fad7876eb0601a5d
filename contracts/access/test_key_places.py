"""Keys: where one is looked for, how its scheme is spelt, and that it never comes back."""

import pytest

from verify_harness.checks import OPERATIONS, Api, Exchange, call_plainly, current, requirement

WRONG = "Bearer KEY00000000000000000000000000000000_wrong"
IN_ADDRESSES = ("api_key", "apikey", "key", "token", "access_token", "Authorization")


LISTS = ("ListProfiles", "ListVerifications", "ListProfileMessageTemplates")
NUMBER = {"phone_number": "+13035550142"}
"""For the list by number; the others have no place for it."""


def listed_with(api: Api, operation_id: str, *authorizations: str) -> Exchange:
    """Read a list with these Authorization headers."""
    operation = api.spec.operation(operation_id)
    headers = tuple(("Authorization", value) for value in authorizations)
    return api.send(operation, url=api.url(operation, NUMBER), headers=headers, content=None)


@requirement("VFY-AUTH-004", operations=LISTS)
@pytest.mark.parametrize("operation_id", LISTS)
@pytest.mark.parametrize("name", IN_ADDRESSES)
def test_a_key_in_the_address_opens_nothing(api: Api, name: str, operation_id: str) -> None:
    for value in (api.key, f"Bearer {api.key}"):
        answer = api.call(operation_id, query={name: value}, authorization=None, path=NUMBER)
        assert 400 <= answer.status < 500
    assert api.call(operation_id, path=NUMBER).status == 200


@requirement("VFY-AUTH-005", operations=LISTS)
@pytest.mark.parametrize("operation_id", LISTS)
def test_the_schemes_case_does_not_matter(api: Api, operation_id: str) -> None:
    for scheme in ("bearer", "BEARER", "bEARER"):
        assert listed_with(api, operation_id, f"{scheme} {api.key}").status == 200
        assert 400 <= listed_with(api, operation_id, f"{scheme}{api.key}").status < 500


@requirement("VFY-AUTH-006", operations=LISTS)
@pytest.mark.parametrize("operation_id", LISTS)
def test_two_keys_are_no_key(api: Api, operation_id: str) -> None:
    right = f"Bearer {api.key}"
    for pair in ((right, WRONG), (WRONG, right), (right, right)):
        assert 400 <= listed_with(api, operation_id, *pair).status < 500
        assert 400 <= listed_with(api, operation_id, ", ".join(pair)).status < 500
    assert listed_with(api, operation_id, right).status == 200


@requirement("VFY-AUTH-007", operations=LISTS)
@pytest.mark.parametrize("operation_id", LISTS)
def test_bad_keys_are_refused_alike(api: Api, operation_id: str) -> None:
    given = (WRONG, "Bearer x", f"Bearer {api.key}x", "Basic dXNlcjpwYXNz")
    refusals = [listed_with(api, operation_id, each) for each in given]
    current().levers.revoke_key()
    refusals.append(listed_with(api, operation_id, f"Bearer {api.key}"))
    assert {each.status for each in refusals} <= {401, 403}
    assert len({(each.status, *each.error_codes) for each in refusals}) == 1


@requirement("VFY-AUTH-008")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_a_key_never_comes_back(api: Api, operation_id: str) -> None:
    for authorization in ("", f"Bearer {api.key}x", f"Basic {api.key}", f"Bearer {api.key}, x"):
        answer = call_plainly(api, operation_id, authorization=authorization)
        assert not answer.mentions(api.key), "the key is in an answer"
