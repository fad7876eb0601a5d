"""The options of a load that many machines make together."""

import functools
from collections.abc import Callable
from typing import Any

import click

from verify_harness.errors import UsageError
from verify_harness.load.roles import DEFAULT_PORT, Master, Worker
from verify_harness.run.plan import LOOPBACK, RunPlan
from verify_harness.safety.addresses import is_loopback
from verify_harness.safety.permission import NO_CEILING

_OPTIONS = (
    click.option("--master", is_flag=True, help="Gather what --worker processes elsewhere make."),
    click.option(
        "--expect-workers",
        metavar="N",
        type=click.IntRange(1, 1000),
        help="How many workers a master waits for.",
    ),
    click.option("--worker", is_flag=True, help="Make a share of the load for a --master."),
    click.option(
        "--master-host",
        metavar="HOST",
        default=LOOPBACK,
        show_default=True,
        help="Where a worker finds its master.",
    ),
    click.option(
        "--master-port",
        metavar="PORT",
        type=click.IntRange(1, 65_535),
        default=DEFAULT_PORT,
        show_default=True,
        help="The master's port.",
    ),
    click.option(
        "--master-bind-host",
        metavar="HOST",
        default=LOOPBACK,
        show_default=True,
        help="Address a master listens at; whoever reaches it can take part.",
    ),
)


def distribution_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options and pass what they say as `role`; raises UsageError."""

    @functools.wraps(function)
    def body(
        *arguments: Any,
        master: bool,
        expect_workers: int | None,
        worker: bool,
        master_host: str,
        master_port: int,
        master_bind_host: str,
        **values: Any,
    ) -> Any:
        role: Master | Worker | None = None
        if master and worker:
            raise UsageError("a process is --master or --worker.", hint="leave one of them out")
        if master != (expect_workers is not None):
            raise UsageError(
                "--master and --expect-workers go together.",
                hint="for two workers: --master --expect-workers 2",
            )
        if expect_workers is not None:
            role = Master(expect_workers, master_bind_host, master_port)
        elif worker:
            role = Worker(master_host, master_port)
        return function(*arguments, role=role, **values)

    for option in reversed(_OPTIONS):
        body = option(body)
    return body


def check_role(role: Master | Worker | None, plan: RunPlan) -> None:
    """Raise UsageError for what does not go together with many machines."""
    if role is None:
        return
    if plan.load and plan.load.processes > 1:
        raise UsageError(
            "--processes shares a load on this machine only.",
            hint="start a --worker for each core instead",
        )
    if plan.load and (plan.load.web or plan.load.otlp) and isinstance(role, Worker):
        raise UsageError(
            "--web and --otlp tell of the whole load, and a worker knows its own share only.",
            hint="give them to the master",
        )
    if plan.target is None:
        raise UsageError(
            "a load of many processes needs --target: each would start a sandbox of its own.",
            hint="start one by `verify-harness sandbox --port 8080`, and name it",
        )


def announce(master: Master, plan: RunPlan) -> None:
    """Say whom the master waits for, and how they are started."""
    address = f"{master.bind_host}:{master.port}"
    host = master.bind_host if is_loopback(master.bind_host) else "THIS-MACHINE"
    told = f"up to {master.wait_secs:.0f} s for {master.workers} workers at {address}"
    profile = plan.load.profile.reference if plan.load else ""
    share = (
        f"load run {profile} --target {plan.target} --seed {plan.seed}{_permitted(plan)} --worker"
    )
    place = f"--master-host {host} --master-port {master.port}"
    click.echo(f"waiting {told}; start each by: verify-harness {share} {place}", err=True)
    if not is_loopback(master.bind_host):
        click.echo(
            f"note: locust's protocol asks for no key; whoever reaches {address} can take part",
            err=True,
        )


def _permitted(plan: RunPlan) -> str:
    """The permissions that a worker has to be given as its master was."""
    words = [f" --allow-remote {item}" for item in plan.allow_remote]
    ceiling = plan.load.ceiling if plan.load else NO_CEILING
    if plan.allow_plain_text:
        words.append(" --allow-plain-text")
    if ceiling.max_triggers is not None:
        words.append(f" --max-triggers {ceiling.max_triggers}")
    if ceiling.max_rate_per_s is not None:
        words.append(f" --max-rate {ceiling.max_rate_per_s:g}/s")
    return "".join(words)
