"""Listing by number: that number's verifications, however its plus sign is written."""

from verify_harness.contract import current, requirement
from verify_harness.contract.api import Api
from verify_harness.contract.verifications import Opener


@requirement("VFY-LIST-001", operations=["ListVerifications"])
def test_a_numbers_list_holds_that_numbers_verifications(api: Api, channel: str) -> None:
    opener = Opener(api, channel, "by_id")
    number = current().number()
    ids = {opener(number=number).id for _ in range(3)}
    other = opener()
    listed = api.call("ListVerifications", phone_number=number)
    assert sorted(row["id"] for row in listed.data) == sorted(ids)
    assert {row["phone_number"] for row in listed.data} == {number}
    assert listed.json["meta"]["total_results"] == 3
    assert [row["id"] for row in api.call("ListVerifications", phone_number=other.number).data] == [
        other.id
    ]


@requirement("VFY-NUM-002", operations=["ListVerifications", "LookupNumber"])
def test_the_plus_sign_may_be_encoded(api: Api) -> None:
    verification = Opener(api, "sms", "by_id")()
    encoded = verification.number.replace("+", "%2B")
    for operation_id in ("ListVerifications", "LookupNumber"):
        plain = api.call(operation_id, phone_number=verification.number)
        same = api.call(operation_id, phone_number=encoded)
        assert plain.status == 200
        assert same.json == plain.json
