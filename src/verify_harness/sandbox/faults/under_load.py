"""Faults that show only where many callers come at once, or many have come before."""

from asyncio import sleep
from dataclasses import replace

from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.wire import Wire

_MIXING_SECS = 0.003
_SECS_A_ROW = 0.0005


@fault(
    "answers-mixed-up-in-parallel",
    breaks="VFY-TRIG-001",
    harm="One customer reads another's number and id, on busy days only.",
)
def answers_mixed_up_in_parallel(wire: Wire) -> Wire:
    async def hand_over(answer: Answer) -> Answer:
        if answer.verification is None:
            return answer
        shared[0] = answer
        await sleep(_MIXING_SECS)
        return shared[0]  # by now perhaps somebody else's

    shared = [Answer()]
    return replace(wire, hand_over=hand_over)


@fault(
    "triggers-slow-down-with-rows",
    breaks="VFY-SPEC-007",
    harm="Every customer makes the next one wait longer, until nobody is answered in time.",
)
def triggers_slow_down_with_rows(wire: Wire) -> Wire:
    async def hand_over(answer: Answer) -> Answer:
        if answer.verification is not None and answer.verification.id not in rows:
            rows.add(answer.verification.id)
            await sleep(_SECS_A_ROW * len(rows))  # after the writing: it opens no race
        return answer

    rows: set[str] = set()
    return replace(wire, hand_over=hand_over)
