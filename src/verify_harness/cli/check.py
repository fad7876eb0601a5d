"""`verify-harness check`: the main job."""

import click
import msgspec

from verify_harness.cli.ceiling_options import ceiling_options, within
from verify_harness.cli.options import JOBS_OPTION, WAIVERS_OPTION, Output, run_options
from verify_harness.cli.running import carry_out
from verify_harness.exitcodes import ExitCode
from verify_harness.load.profile import load_profile
from verify_harness.run.plan import Load, RunPlan
from verify_harness.run.steps import check_all
from verify_harness.safety.permission import Ceiling


@click.command
@JOBS_OPTION
@WAIVERS_OPTION
@ceiling_options
@run_options
def check(plan: RunPlan, output: Output, ceiling: Ceiling) -> ExitCode:
    """Check the contract at standard level, then drive a little load; one report.

    The smoke checks are part of the standard level. Without --target everything runs against the
    embedded sandbox: no key, no network, no cost. Off loopback the load needs a ceiling.
    """
    profile = load_profile("smoke")
    load = Load(profile=profile, ceiling=within(ceiling, profile, plan.seed))
    plan = msgspec.structs.replace(plan.with_load(load), judges_all=True)
    return carry_out(plan, output, check_all)
