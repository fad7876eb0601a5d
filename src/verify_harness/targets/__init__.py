"""The system under test, and what it offers to those who test it."""

from verify_harness.targets.levers import Levers
from verify_harness.targets.resolving import announced_faults, is_there, resolve
from verify_harness.targets.target import SECOND_KEY_LEVER, Target, Tenant

__all__ = [
    "SECOND_KEY_LEVER",
    "Levers",
    "Target",
    "Tenant",
    "announced_faults",
    "is_there",
    "resolve",
]
