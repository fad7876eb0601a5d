"""The public surface for checks: what a file of `contracts/`, or of your own, imports."""

from verify_harness.contract.binding import requirement
from verify_harness.contract.check_exceptions import Blocked, NotObservable
from verify_harness.contract.context import current

__all__ = ["Blocked", "NotObservable", "current", "requirement"]
