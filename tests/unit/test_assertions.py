"""A failed assertion is told by us, with whole values or none."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from verify_harness.contract import assertions

KEY = "KEY0191AAAABBBBCCCCDDDDEEEE1234_SeCrEt9988776655"


@dataclass
class Answer:
    status: int
    data: dict[str, object]


def _told(check: Callable[[Answer], None], answer: Answer) -> str:
    with pytest.raises(AssertionError) as caught:
        check(answer)
    return assertions.told(caught.value)


def _status(answer: Answer) -> None:
    assert answer.status == 404


def _member(answer: Answer) -> None:
    assert answer.data["code"] == "accepted"


def _rows(answer: Answer) -> None:
    assert len(answer.data) == 7


def _call(answer: Answer) -> None:
    assert str(answer) == "nothing"


def _own(answer: Answer) -> None:
    assert answer.status == 404, "the profile is still there"


def _negated(answer: Answer) -> None:
    assert not answer.data["code"]


@pytest.mark.parametrize(
    "check, message",
    [
        (_status, "required: answer.status == 404; found: answer.status is 200"),
        (
            _member,
            "required: answer.data['code'] == 'accepted'; found: answer.data['code'] is \"12\"",
        ),
        (_rows, "required: len(answer.data) == 7; found: len(answer.data) is 1"),
        (_call, "required: str(answer) == 'nothing'"),
        (_own, "the profile is still there"),
        (_negated, "required: not answer.data['code']"),
    ],
)
def test_an_assertion_is_told_with_what_was_found(
    check: Callable[[Answer], None], message: str
) -> None:
    assert _told(check, Answer(200, {"code": "12"})) == message


def test_no_value_is_shortened() -> None:
    told = _told(_member, Answer(200, {"code": f"{KEY * 9}"}))
    assert "a text of 432 characters" in told
    assert not any(KEY[at : at + 8] in told for at in range(len(KEY) - 8))


def test_an_assertion_without_a_source_is_told_as_one() -> None:
    code = compile("def check(answer):\n    assert answer.status == 404\n", "<string>", "exec")
    scope: dict[str, Callable[[Answer], None]] = {}
    exec(code, scope)  # noqa: S102 - how an interactive check comes to be
    assert _told(scope["check"], Answer(200, {})) == "an assertion of the check does not hold"


def test_an_explanation_of_pytest_is_left_out() -> None:
    assert assertions.told(AssertionError("too early\nassert 1 == 2")) == "too early"
    assert "Exchange" not in assertions.told(AssertionError("assert 1 == Exchange(request=…)"))
