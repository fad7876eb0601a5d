"""Random sequences of calls by two tenants, every answer of which the reference model judges."""

from verify_harness.checks import Api, current, requirement
from verify_harness.contract.sequences.walking import walk

STEPS = 60
EXAMPLES_A_WALK = 4
"""A sequence stands for so many of the random cases that the level asks for."""


# What every target shows; a divergence may break any other requirement as well.
@requirement(
    "VFY-CODE-001",
    "VFY-CODE-002",
    "VFY-CODE-004",
    "VFY-CODE-006",
    "VFY-CODE-014",
    "VFY-LIFE-001",
    "VFY-LIFE-002",
    "VFY-LIFE-008",
    "VFY-LIFE-009",
    "VFY-LIFE-012",
    "VFY-TRIG-001",
    "VFY-TRIG-002",
    "VFY-DEST-001",
    "VFY-LIST-001",
    "VFY-LIST-003",
    "VFY-LIST-009",
    "VFY-PROF-001",
    "VFY-PROF-002",
    "VFY-PROF-003",
    "VFY-PROF-011",
    "VFY-TMPL-002",
    "VFY-LOOK-001",
    judges_any=True,
)
def test_sequences_go_as_the_model_says(api: Api) -> None:
    walk(current(), api, walks=current().environment.max_examples // EXAMPLES_A_WALK, steps=STEPS)
