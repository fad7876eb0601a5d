"""The public surface for faults.

A folder that `--faults-from` names holds files of functions, each of which changes one rule:

    @fault("codes-work-for-ever", breaks="VFY-CODE-004", harm="A code works again.")
    def codes_work_for_ever(rules: Rules) -> Rules:
        return replace(rules, checkable_statuses=frozenset({"pending", "accepted"}))
"""

from verify_harness.sandbox.error_envelope import Problem, Refusal, refuse
from verify_harness.sandbox.exchange import Answer, Request
from verify_harness.sandbox.faults.registry import broken, fault
from verify_harness.sandbox.faults.shorthand import (
    edit_profile,
    edit_verification,
    every_twentieth,
    with_block_check,
    with_check,
    with_check_in,
)
from verify_harness.sandbox.records import Channel, Profile, Status, Template, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.wire import Headers, Wire

__all__ = [
    "Answer",
    "Channel",
    "Headers",
    "Problem",
    "Profile",
    "Refusal",
    "Request",
    "Rules",
    "Status",
    "Store",
    "Template",
    "Verification",
    "Wire",
    "broken",
    "edit_profile",
    "edit_verification",
    "every_twentieth",
    "fault",
    "refuse",
    "with_block_check",
    "with_check",
    "with_check_in",
]
