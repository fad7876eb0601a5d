"""The gate that holds back the trigger which would exceed the ceiling."""

import pytest

from verify_harness.load.client.trigger_gate import TriggerGate, TriggerWithheld
from verify_harness.safety.permission import Ceiling


def _passed(gate: TriggerGate, times: int) -> int:
    return sum(_passes(gate) for _ in range(times))


def _passes(gate: TriggerGate) -> bool:
    try:
        gate.pass_one()
    except TriggerWithheld:
        return False
    return True


@pytest.mark.parametrize("most", [1, 4])
def test_no_more_triggers_pass_than_the_ceiling_says(most: int) -> None:
    gate = TriggerGate(Ceiling(max_triggers=most))
    assert (_passed(gate, 6), gate.withheld) == (most, 6 - most)


@pytest.mark.parametrize("rate_per_s,in_window,window_secs", [(3.0, 3, 1.0), (0.5, 1, 2.0)])
def test_no_window_holds_more_than_its_rate(
    rate_per_s: float, in_window: int, window_secs: float
) -> None:
    now = [0.0]
    gate = TriggerGate(Ceiling(max_rate_per_s=rate_per_s), clock=lambda: now[0])
    assert _passed(gate, 6) == in_window
    now[0] = window_secs * 0.99
    assert _passed(gate, 6) == 0
    now[0] = window_secs
    assert _passed(gate, 6) == in_window
