"""What a trigger may ask for: own codes, timeouts and extensions within their bounds."""

from typing import Any

import pytest
from hypothesis import given

from verify_harness.checks import TRIGGERS, Api, Exchange, current, requirement, strategies

WITH_OWN_CODE = ("sms", "call", "whatsapp")
NO_CODES = (
    *("", "123", "12345678901", "12a45", " 12345", "12345\n", "-1234", "1.234", "+12345"),
    *("１２３４５", "٠١٢٣٤", 12345, True, ["12345"]),  # noqa: RUF001 - other digits, on purpose
)
NO_TIMEOUTS = (0, -1, 601, 10**12, 1.5, "60", True, [60])
NO_EXTENSIONS = ("1E2", "1,2", "1 2", "abc", "1p2", "+1", "12\n", "1" * 51, 12)


def trigger(api: Api, channel: str, **fields: Any) -> Exchange:
    """One trigger with these fields, for a number of its own."""
    profile = current().remembered("profile", api.profile)
    body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
    return api.call(TRIGGERS[channel], body | fields)


@requirement("VFY-CODE-012", operations=[TRIGGERS[channel] for channel in WITH_OWN_CODE])
@pytest.mark.parametrize("name", WITH_OWN_CODE)
def test_an_own_code_is_four_to_ten_digits(api: Api, name: str) -> None:
    for code in NO_CODES:
        assert 400 <= trigger(api, name, custom_code=code).status < 500
    assert current().levers.sent_nothing()
    for code in ("0000", "9876", "12345", "0123456789"):
        answer = trigger(api, name, custom_code=code)
        assert answer.status == 200
        assert answer.data["custom_code"] == code


@requirement("VFY-TRIG-007", operations=TRIGGERS.values())
def test_a_code_lives_one_second_to_ten_minutes(api: Api, channel: str) -> None:
    for timeout_secs in NO_TIMEOUTS:
        assert 400 <= trigger(api, channel, timeout_secs=timeout_secs).status < 500
    assert current().levers.sent_nothing()
    for timeout_secs in (1, 2, 599, 600):
        answer = trigger(api, channel, timeout_secs=timeout_secs)
        assert answer.status == 200
        assert answer.data["timeout_secs"] == timeout_secs


@requirement("VFY-TRIG-006", operations=["CreateVerificationCall"])
def test_what_no_keypad_has_is_refused(api: Api) -> None:
    for extension in NO_EXTENSIONS:
        assert 400 <= trigger(api, "call", extension=extension).status < 500
    assert current().levers.sent_nothing()
    assert trigger(api, "call", extension="0123456789ABCD*#wW").status == 200
    assert trigger(api, "call", extension=None).status == 200


@requirement("VFY-TRIG-006", operations=["CreateVerificationCall"])
@given(extension=strategies.invalid_dtmf_digits())
def test_one_character_spoils_an_extension(api: Api, extension: str) -> None:
    assert 400 <= trigger(api, "call", extension=extension).status < 500
    assert current().levers.sent_nothing()


@requirement("VFY-TRIG-006", operations=["CreateVerificationCall"], levers=["outbox"])
@given(extension=strategies.dtmf_digits())
def test_an_extension_is_dialled_as_it_was_given(api: Api, extension: str) -> None:
    assert trigger(api, "call", extension=extension).status == 200
    assert current().levers.messages()[-1]["extension"] == extension
