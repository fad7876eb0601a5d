"""The contract suite's engine: what a check in `contracts/` imports."""

from verify_harness.contract.check import Blocked, NotObservable, current
from verify_harness.contract.marks import requirement

__all__ = ["Blocked", "NotObservable", "current", "requirement"]
