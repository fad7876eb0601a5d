"""One number, written in other ways."""

from collections.abc import Callable

import pytest

from verify_harness.contract import current, requirement
from verify_harness.contract.api import Api
from verify_harness.contract.verifications import Opener

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
def test_another_spelling_is_no_other_number(api: Api, spelling: str) -> None:
    verification = Opener(api, "sms", "by_number")(number=current().number_in("US"))
    spelt = SPELLINGS[spelling](verification.number)
    listed = api.call("ListVerifications", phone_number=spelt)
    assert listed.status >= 400 or [row["id"] for row in listed.data] == [verification.id]
    body = {"code": verification.code, "verify_profile_id": verification.profile_id}
    answer = api.call("VerifyVerificationCodeByPhoneNumber", body, phone_number=spelt)
    same = answer.succeeded and answer.data["response_code"] == "accepted"
    assert same or 400 <= answer.status < 500
    assert verification.status == ("accepted" if same else "pending")
