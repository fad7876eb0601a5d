"""Listing by number: that number's verifications, however its plus sign is written."""

from verify_harness.checks import Api, Opener, current, requirement


def listed(api: Api, number: str) -> list[str]:
    """The ids of a number's verifications; targets of their own may hold older ones."""
    answer = api.call("ListVerifications", phone_number=number)
    return [row["id"] for row in answer.data] if answer.succeeded else []


@requirement("VFY-LIST-001", operations=["ListVerifications"])
def test_a_numbers_list_holds_that_numbers_verifications(api: Api, channel: str) -> None:
    opener, number, others = Opener(api, channel, "by_id"), current().number(), current().number()
    older, elsewhere = listed(api, number), listed(api, others)
    ids = {opener(number=number).id for _ in range(3)}
    other = opener(number=others)
    answer = api.call("ListVerifications", phone_number=number)
    assert sorted(row["id"] for row in answer.data) == sorted({*older, *ids})
    assert {row["phone_number"] for row in answer.data} == {number}
    assert answer.json["meta"]["total_results"] == len(older) + 3
    assert sorted(listed(api, others)) == sorted([*elsewhere, other.id])


@requirement(
    "VFY-NUM-002",
    operations=["ListVerifications", "LookupNumber", "VerifyVerificationCodeByPhoneNumber"],
)
def test_the_plus_sign_may_be_encoded(api: Api, channel: str) -> None:
    verification = Opener(api, channel, "by_id")()
    encoded = verification.number.replace("+", "%2B")
    for operation_id in ("ListVerifications", "LookupNumber"):
        plain = api.call(operation_id, phone_number=verification.number)
        same = api.call(operation_id, phone_number=encoded)
        for form, answer in (("plain", plain), ("encoded", same)):
            if answer.succeeded:
                current().findings.observe("C13", form, operation_id)
        assert plain.status == 200
        assert same.json == plain.json
    body = {"code": verification.code, "verify_profile_id": verification.profile_id}
    checked = api.call("VerifyVerificationCodeByPhoneNumber", body, phone_number=encoded)
    assert checked.status == 200
    assert checked.data["response_code"] == "accepted"
