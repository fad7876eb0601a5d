"""`verify-harness smoke`."""

from contextlib import closing
from functools import partial
from typing import Any

import click
import msgspec

from verify_harness.cli import live_options
from verify_harness.cli.options import Output, run_options
from verify_harness.cli.running import carry_out
from verify_harness.contract.task import Suite
from verify_harness.exitcodes import ExitCode
from verify_harness.live.plan import printed
from verify_harness.live.service import LiveService
from verify_harness.run.live_smoke import smoke_live
from verify_harness.run.plan import RunPlan
from verify_harness.run.steps import check_contract


@click.command
@live_options.live_options
@run_options
@click.pass_context
def smoke(context: click.Context, /, plan: RunPlan, output: Output, **values: Any) -> ExitCode:
    """Is the target alive, are the keys right, does one journey per channel work?

    With --live it asks the vendor's own service: a fixed plan of a few requests, printed with what
    they cost before anything is sent, to a number of yours, within a budget, once confirmed.

    \b
    verify-harness smoke
    TELNYX_API_KEY=… verify-harness smoke --target https://staging.example/v2 \\
        --allow-remote staging.example
    verify-harness smoke --live --numbers own.toml --profile ID --budget 1.50USD --show-plan
    """
    plan = msgspec.structs.replace(plan, suite=Suite(level="smoke"))
    if not values["is_live"]:
        live_options.refuse_without_live(values)
        return carry_out(plan, output, check_contract)
    live = live_options.live_plan(plan, values, context.find_object(LiveService))
    with closing(live.ledger):
        if values["show_plan"]:
            click.echo(printed(live))
            return ExitCode.PASS
        live_options.confirm(live)
        plan = msgspec.structs.replace(plan, target=live.service.base_url, live=live)
        code = carry_out(plan, output, partial(smoke_live, ask=live_options.ask))
        click.echo(live_options.balance(live), err=True)
        return code
