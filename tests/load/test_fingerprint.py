"""A worker shows its master what it was told; permissions and ceilings are a part of that."""

from dataclasses import replace
from pathlib import Path

import pytest

from verify_harness.load.engine.fingerprint import fingerprint
from verify_harness.load.load_plan import load_plan
from verify_harness.load.process_settings import LoadSettings
from verify_harness.safety.permission import Ceiling, Permission

MASTERS = LoadSettings(
    target_url="https://staging.example/v2",
    api_key="KEY-0123456789",
    profile="smoke",
    seed=7,
    journal=Path("journal.ndjson"),
    permission=Permission(("staging.example", "10.20.0.0/16")),
    ceiling=Ceiling(100, 5.0),
)
PLAN = load_plan(MASTERS)


@pytest.mark.parametrize(
    "permission",
    [
        Permission(),
        Permission(("staging.example",)),
        Permission(("staging.example", "10.20.0.0/15")),
        Permission(("staging.example", "10.20.0.0/16", "other.example")),
        Permission(("staging.example", "10.20.0.0/16"), allow_plain_text=True),
    ],
)
def test_another_permission_is_told_apart(permission: Permission) -> None:
    assert _differing(replace(MASTERS, permission=permission)) == ["permission"]


@pytest.mark.parametrize(
    "ceiling", [Ceiling(), Ceiling(100), Ceiling(None, 5.0), Ceiling(101, 5.0), Ceiling(100, 5.5)]
)
def test_another_ceiling_is_told_apart(ceiling: Ceiling) -> None:
    assert _differing(replace(MASTERS, ceiling=ceiling)) == ["ceiling"]


def test_the_order_of_permissions_and_the_place_of_the_target_do_not_matter() -> None:
    worker = replace(
        MASTERS,
        target_url="https://10.20.0.9/v2",
        api_key="KEY-9876543210",
        permission=Permission(("10.20.0.0/16", "staging.example")),
    )
    assert _differing(worker) == []


def _differing(worker: LoadSettings) -> list[str]:
    """As `load/engine/master.py` compares."""
    shown = fingerprint(worker, PLAN)
    return [name for name, value in fingerprint(MASTERS, PLAN).items() if shown[name] != value]
