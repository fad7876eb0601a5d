"""Random sequences of checks, reads and clock steps, compared with the reference model."""

from typing import Any

from verify_harness.checks import current, requirement
from verify_harness.contract.api import CHANNELS, Api
from verify_harness.contract.verifications import WAYS, Opener, OpenVerification
from verify_harness.model.verification_life import Expected, Verification, checked, read

TIMEOUT_SECS = 60
STEPS = 12
OPERATIONS = (
    "VerifyVerificationCodeById",
    "VerifyVerificationCodeByPhoneNumber",
    "RetrieveVerification",
)


def disagree(expected: Expected, data: Any, sequence: list[str]) -> None:
    """Report an answer that the model does not allow, with the steps that led to it."""
    if not expected.allows(data):
        sentence = (
            f"{expected.field} is {data.get(expected.field)!r}, the model allows "
            f"{sorted(expected.values)} after: {', '.join(sequence)}"
        )
        current().findings.report_once(expected.requirement_id, sentence)


def walk(opened: list[OpenVerification]) -> None:
    """Take random steps with several verifications at once, the model beside each."""
    check, now_secs, sequence = current(), 0.0, list[str]()
    models = [Verification(one.code, 0, TIMEOUT_SECS) for one in opened]
    for _ in range(STEPS):
        index = check.random.randrange(len(opened))
        step = check.random.choice(("right", "wrong", "wrong", "wrong", "read", "wait"))
        sequence.append(f"{step} {index}")
        if step == "wait":
            now_secs += 25
            check.levers.advance_clock(25)
            continue
        if step != "read":
            code = opened[index].code
            given = code if step == "right" else f"{(int(code[0]) + 1) % 10}{code[1:]}"
            way = (
                check.random.choice(WAYS)
                if models[index].at(now_secs).status == "pending"
                else "by_id"
            )
            models[index], expected = checked(models[index], given, now_secs)
            answer = opened[index].checked(way).submit(given)
            refused = not answer.succeeded and "accepted" not in expected.values
            if not refused:
                disagree(expected, answer.data if answer.succeeded else {}, sequence)
        disagree(read(models[index], now_secs), opened[index].read(), sequence)


@requirement(
    "VFY-CODE-001",
    "VFY-CODE-002",
    "VFY-CODE-004",
    "VFY-CODE-005",
    "VFY-CODE-006",
    "VFY-LIFE-001",
    "VFY-LIFE-002",
    "VFY-LIFE-003",
    "VFY-LIFE-004",
    "VFY-LIFE-006",
    level="deep",
    operations=OPERATIONS,
    levers=["clock"],
)
def test_sequences_go_as_the_model_says(api: Api) -> None:
    for _ in range(3):
        profile, start = api.profile(), current().random.randrange(len(CHANNELS))
        channels = (CHANNELS[start], CHANNELS[start - 1])
        walk(
            [
                Opener(api, channel, "by_id")(
                    profile=profile, number=current().number(), timeout_secs=TIMEOUT_SECS
                )
                for channel in channels
            ]
        )
