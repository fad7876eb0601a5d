"""One number, written in other ways."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from verify_harness.checks import Api, Opener, current, damaged_ids, requirement, worst_inputs

SPELLINGS: dict[str, Callable[[str], str]] = {
    "spaces": lambda number: f"{number[:2]} {number[2:5]} {number[5:]}",
    "hyphens": lambda number: f"{number[:2]}-{number[2:5]}-{number[5:]}",
    "brackets": lambda number: f"{number[:2]}({number[2:5]}){number[5:]}",
    "tel": lambda number: f"tel:{number}",
    "extension": lambda number: f"{number};ext=123",
    "x": lambda number: f"{number}x123",
    "exit code": lambda number: f"00{number[1:]}",
    "no plus": lambda number: number[1:],
}


@requirement("VFY-NUM-003", operations=["ListVerifications", "VerifyVerificationCodeByPhoneNumber"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_is_no_other_number(api: Api, channel: str, spelling: str) -> None:
    verification = Opener(api, channel, "by_number")(number=current().number_in("US"))
    spelt = SPELLINGS[spelling](verification.number)
    listed = api.call("ListVerifications", phone_number=spelt)
    assert listed.status >= 400 or [row["id"] for row in listed.data] == [verification.id]
    body = {"code": verification.code, "verify_profile_id": verification.profile_id}
    answer = api.call("VerifyVerificationCodeByPhoneNumber", body, phone_number=spelt)
    same = answer.succeeded and answer.data["response_code"] == "accepted"
    assert same or 400 <= answer.status < 500
    assert verification.status == ("accepted" if same else "pending")


@requirement("VFY-NUM-004", operations=["ListVerifications", "VerifyVerificationCodeByPhoneNumber"])
def test_no_spelling_reaches_another_number(api: Api, channel: str) -> None:
    profile = api.profile()
    opener = Opener(api, channel, "by_number")
    own = opener(profile=profile, number=current().number_in("US"))
    other = opener(profile=profile, number=current().number_in("GB"))
    body = {"code": other.code, "verify_profile_id": other.profile_id}
    for each in worst_inputs.of_kind("number"):
        number = own.number
        spelt = each.filled(number=number, digits=number[1:], start=number[:-1])
        if not isinstance(spelt, str) or not spelt.strip():
            continue  # a path without a number is another path
        path = {"phone_number": quote(spelt, safe="+")}
        listed = api.call("ListVerifications", path=path)
        rows = listed.data if listed.succeeded and isinstance(listed.data, list) else []
        assert other.id not in [row["id"] for row in rows], each.name
        checked = api.call("VerifyVerificationCodeByPhoneNumber", body, path=path)
        assert (checked.data or {}).get("response_code") != "accepted", each.name
    assert other.opens(other.code)


@requirement("VFY-CODE-018", operations=["VerifyVerificationCodeByPhoneNumber"])
def test_a_check_by_number_names_its_profile(api: Api, channel: str) -> None:
    verification, elsewhere = Opener(api, channel, "by_number")(), api.profile()["id"]
    path = {"phone_number": verification.number}
    for profile_id in (elsewhere, *damaged_ids(verification.profile_id)):
        body = {"code": verification.code, "verify_profile_id": profile_id}
        checked = api.call("VerifyVerificationCodeByPhoneNumber", body, path=path)
        told = f"the code was accepted under the profile {profile_id}"
        assert (checked.data or {}).get("response_code") != "accepted", told
    assert verification.opens(verification.code)


@requirement("VFY-CODE-018", operations=["VerifyVerificationCodeByPhoneNumber"])
def test_a_check_by_number_without_a_profile(api: Api, channel: str) -> None:
    verification = Opener(api, channel, "by_number")()
    body = {"code": verification.code}
    path = {"phone_number": verification.number}
    checked = api.call("VerifyVerificationCodeByPhoneNumber", body, path=path)
    current().findings.observe("C19", str(checked.status), "VerifyVerificationCodeByPhoneNumber")
    assert 400 <= checked.status < 500 or not current().target.says_documented
