"""The options of `smoke --live`, and the plan for the live service that they make."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from verify_harness.errors import BudgetReached, NotConfirmed, UsageError
from verify_harness.live import own_numbers
from verify_harness.live.consent import require_consent
from verify_harness.live.plan import LivePlan, most, printed
from verify_harness.live.service import THE_SERVICE, LiveService
from verify_harness.run.plan import RunPlan
from verify_harness.safety import ledger, prices
from verify_harness.safety.live_gate import Terms
from verify_harness.safety.money import parse_budget, shown

_PATH = click.Path(path_type=Path)
_NEEDED = ("numbers", "profile", "budget")

LEDGER_OPTION = click.option(
    "--ledger",
    metavar="FILE",
    type=_PATH,
    envvar="VERIFY_HARNESS_LEDGER",
    help="Where it is written down what was spent; default: one file for each user.",
)
_OPTIONS = (
    click.option(
        "--live",
        "is_live",
        is_flag=True,
        help="Run a fixed, priced plan against the vendor's service.",
    ),
    click.option(
        "--numbers", metavar="FILE", type=_PATH, help="Your own telephone numbers, as TOML."
    ),
    click.option("--number", metavar="NUMBER", help="Which of them is called; default: the first."),
    click.option(
        "--profile", metavar="ID", help="Verify profile with a daily limit and named countries."
    ),
    click.option(
        "--budget", metavar="AMOUNT", help="The most to spend in a day (UTC), such as 1.50USD."
    ),
    click.option(
        "--channel",
        "channels",
        type=click.Choice(prices.CHANNELS),
        multiple=True,
        help="Trigger on this channel only; may be repeated.",
    ),
    click.option("--reads-only", is_flag=True, help="Change nothing, and trigger nothing."),
    click.option(
        "--inbox",
        metavar="COMMAND",
        help="Prints the newest message for the number in $VERIFY_HARNESS_NUMBER.",
    ),
    click.option("--prompt-code", "prompts", is_flag=True, help="Ask for the codes that arrive."),
    click.option("--prices", metavar="FILE", type=_PATH, help="Prices that replace the bundled."),
    click.option("--show-plan", is_flag=True, help="Print the plan and end."),
    LEDGER_OPTION,
)

Values = Mapping[str, Any]
"""What the options above say, by their names."""


def live_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options; the function gets them by name."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def refuse_without_live(values: Values) -> None:
    """Raise UsageError for an option that says nothing without --live."""
    given = [name for name, value in values.items() if value and name not in {"is_live", "ledger"}]
    if given:
        name = {"channels": "channel", "prompts": "prompt-code"}.get(given[0], given[0])
        option = name.replace("_", "-")
        raise UsageError(f"--{option} belongs to --live.", hint="add --live, or leave it out")


def live_plan(plan: RunPlan, values: Values, service: LiveService | None) -> LivePlan:
    """What is sent to the live service; opens the ledger.

    Raises UsageError or SafetyRefusal for options that are missing or say too much.
    """
    missing = [f"--{name}" for name in _NEEDED if not values[name]]
    if missing:
        raise UsageError(f"--live needs {', '.join(missing)}.", hint="see `smoke --help`")
    if plan.target is not None:
        raise UsageError("--live has a target of its own.", hint="leave --target out")
    if values["reads_only"] and values["channels"]:
        raise UsageError("--reads-only triggers on no channel.", hint="leave out --channel")
    if values["prompts"] and values["inbox"]:
        raise UsageError("codes come from --inbox or from --prompt-code, not both.")
    if not plan.keys.exist:
        raise NotConfirmed("there is no API key", "")
    numbers = own_numbers.read(values["numbers"])
    return LivePlan(
        terms=Terms(
            numbers=numbers,
            profile_id=values["profile"],
            budget=parse_budget(values["budget"]),
            prices=prices.load(values["prices"]),
            account=plan.keys.fingerprint,
        ),
        number=own_numbers.chosen(numbers, values["number"]),
        channels=() if values["reads_only"] else values["channels"] or prices.CHANNELS,
        ledger=ledger.Ledger(values["ledger"] or ledger.default_path()),
        inbox=tuple(shlex.split(values["inbox"] or "")),
        prompts=values["prompts"],
        options=_options(values),
        service=service or THE_SERVICE,
    )


def confirm(live: LivePlan) -> None:
    """Print the plan, and have it confirmed; raises where it may not be carried out."""
    click.echo(printed(live), err=True)
    terms, cost = live.terms, most(live)
    left = live.ledger.left(terms.account, terms.budget)
    if cost > left:
        raise BudgetReached("the plan", shown(cost), shown(left))
    require_consent(terms.account, cost, os.environ, ask if sys.stdin.isatty() else None)


def balance(live: LivePlan) -> str:
    """What the budget of the day has become."""
    left = live.ledger.left(live.terms.account, live.terms.budget)
    spent = live.terms.budget - left
    return f"spent today with this key: {shown(spent)}, left of the budget: {shown(left)}"


def ask(question: str) -> str:
    """Put a question to the person at the terminal; returns what they typed."""
    return str(click.prompt(question, default="", show_default=False, err=True))


def _options(values: Values) -> tuple[str, ...]:
    """The options without which a repeated command would do something else; no permissions."""
    words = ["--profile", values["profile"], "--numbers", str(values["numbers"])]
    words += ["--reads-only"] if values["reads_only"] else []
    words += [word for channel in values["channels"] for word in ("--channel", channel)]
    return tuple(words)
