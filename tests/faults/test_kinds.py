"""Every kind of mistake is caught, each by the requirement that it breaks, whatever the seed."""

import pytest

from tests.faults.kinds import KINDS, PROVED, REAL_WORLD
from tests.program import Harness
from verify_harness.sandbox.faults import FAULTS

SEEDS = (0, 1, 2, 3, 4)


def caught(harness: Harness, faults: tuple[str, ...], seed: int) -> list[str]:
    """The faults that a proof with this seed finds by the requirement they break."""
    named = [word for fault in faults for word in ("--fault", fault)]
    ended = harness("prove", *named, "--seed", str(seed))
    judged = ended.run_json["faults"]
    return [each["id"] for each in judged if FAULTS[each["id"]].breaks in each["by"]]


def test_every_fault_of_a_kind_is_one_of_ours() -> None:
    assert FAULTS.keys() >= PROVED
    assert all(len(faults) >= 2 for faults in KINDS.values())


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_ten_mistakes_of_real_services_are_found_whatever_the_seed(
    harness: Harness,
    seed: int,
) -> None:
    assert sorted(caught(harness, REAL_WORLD, seed)) == sorted(REAL_WORLD)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_the_faults_of_a_kind_are_caught_by_what_they_break(
    harness: Harness,
    kind: str,
) -> None:
    assert sorted(caught(harness, KINDS[kind], 0)) == sorted(KINDS[kind])
