"""What a live run does: a fixed list of checks, each with what it costs at most."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from verify_harness.live.own_numbers import masked
from verify_harness.live.service import THE_SERVICE, LiveService
from verify_harness.safety.ledger import Ledger
from verify_harness.safety.live_gate import MOST_TRIGGERS, Terms
from verify_harness.safety.money import NOTHING, Usd, shown
from verify_harness.safety.prices import Channel

_CODE_CHECKS = 3
"""A wrong code, the right one, and that one again; each is charged until it turns out rejected."""


class LivePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A live run, as the command line asked for it."""

    terms: Terms
    number: str
    """The one of the user's numbers that is used, in E.164."""
    channels: tuple[Channel, ...]
    ledger: Ledger
    inbox: tuple[str, ...] = ()
    """A command that prints the newest message for a number; empty: there is none."""
    prompts: bool = False
    """Whether a person types the codes."""
    options: tuple[str, ...] = ()
    """The options without which a repeated command would do something else."""
    service: LiveService = THE_SERVICE

    @property
    def country(self) -> str:
        """The country of the number."""
        return self.terms.numbers[self.number]

    def receives(self, channel: Channel) -> bool:
        """Whether the code that the service makes is seen on a channel."""
        return self.prompts or (bool(self.inbox) and channel in {"sms", "whatsapp"})

    def checks_code(self, channel: Channel) -> bool:
        """Whether a code is checked; a flash call's cannot be ours."""
        return channel != "flashcall" or self.receives(channel)


@dataclass(frozen=True, slots=True)
class Step:
    """One check of the plan."""

    name: str
    does: str
    most: Usd = NOTHING
    triggers: int = 0


def steps(plan: LivePlan) -> tuple[Step, ...]:
    """The steps in order; raises PriceUnknown where one of them has no price."""
    return (*_reads(plan), *(step for channel in plan.channels for step in _channel(plan, channel)))


def most(plan: LivePlan) -> Usd:
    """What the whole plan costs at most."""
    return sum((step.most for step in steps(plan)), NOTHING)


def _reads(plan: LivePlan) -> Iterator[Step]:
    number = masked(plan.number)
    yield Step("profile", "read the profile: is its spend limit on, are its destinations named")
    yield Step("keys", "list profiles without a key, with a wrong key and with the key")
    yield Step("unknown-object", "read a verification that does not exist")
    yield Step("lists", f"list the templates and the verifications of {number}")
    yield Step("own-profile", "create a profile, change, read and delete it")
    yield Step("lookup", f"look up {number}", plan.terms.prices.look_up())


def _channel(plan: LivePlan, channel: Channel) -> Iterator[Step]:
    price = plan.terms.prices.send(channel, plan.country)
    code = "a code of the service's" if plan.receives(channel) else "a code of ours"
    what = f"trigger to {masked(plan.number)}" + (f", {code}" if plan.checks_code(channel) else "")
    yield Step(channel, what, price, triggers=1)
    if plan.checks_code(channel):
        most_usd = _CODE_CHECKS * plan.terms.prices.check()
        yield Step(f"{channel}-code", "check a wrong code, the right one, and that again", most_usd)


def printed(plan: LivePlan) -> str:
    """The plan as its user reads it before anything is sent."""
    rows = [
        f"  {number:>2}  {shown(step.most) if step.most else 'free':>10}  {step.name}: {step.does}"
        for number, step in enumerate(steps(plan), 1)
    ]
    triggers = sum(step.triggers for step in steps(plan))
    terms = plan.terms
    left = plan.ledger.left(terms.account, terms.budget)
    return "\n".join(
        (
            f"plan for {plan.service.base_url}, profile {terms.profile_id}",
            *rows,
            f"triggers: {triggers}, of {MOST_TRIGGERS} at most",
            f"costs at most {shown(most(plan))}",
            f"prices of {terms.prices.dated}: {terms.prices.source}",
            f"budget: {shown(terms.budget)} a day (UTC), of which {shown(left)} is left",
            f"key: {terms.account}",
        )
    )
