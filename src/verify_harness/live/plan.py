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

_READ, _SEND = "reading only", "changing and sending"
"""The parts of a plan."""


class LivePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A live run, as the command line asked for it."""

    terms: Terms
    number: str
    """The one of the user's numbers that is used, in E.164."""
    channels: tuple[Channel, ...]
    """Where a verification is triggered; empty: nothing is changed or sent, only read."""
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

    part: str
    name: str
    does: str
    most: Usd = NOTHING
    triggers: int = 0


def steps(plan: LivePlan) -> tuple[Step, ...]:
    """The steps in order; raises PriceUnknown where one of them has no price."""
    changes = [step for channel in plan.channels for step in _channel(plan, channel)]
    return (*_reads(plan), *_own_profile(plan), *changes)


def most(plan: LivePlan, part: str = "") -> Usd:
    """What the whole plan, or a part of it, costs at most."""
    return sum((step.most for step in steps(plan) if step.part.startswith(part)), NOTHING)


def _reads(plan: LivePlan) -> Iterator[Step]:
    number = masked(plan.number)
    profile = "read the profile: is its spend limit on, are its destinations named"
    yield Step(_READ, "profile", profile)
    yield Step(_READ, "keys", "list profiles without a key, with a wrong key and with the key")
    yield Step(_READ, "unknown-object", "read a verification that does not exist")
    yield Step(_READ, "lists", f"list the templates and the verifications of {number}")
    yield Step(_READ, "lookup", f"look up {number}", plan.terms.prices.look_up())


def _own_profile(plan: LivePlan) -> Iterator[Step]:
    if plan.channels:
        yield Step(_SEND, "own-profile", "create a profile, change, read and delete it")


def _channel(plan: LivePlan, channel: Channel) -> Iterator[Step]:
    price = plan.terms.prices.send(channel, plan.country)
    code = "a code of the service's" if plan.receives(channel) else "a code of ours"
    what = f"trigger to {masked(plan.number)}" + (f", {code}" if plan.checks_code(channel) else "")
    yield Step(_SEND, channel, what, price, triggers=1)
    if plan.checks_code(channel):
        most_usd = _CODE_CHECKS * plan.terms.prices.check()
        does = "check a wrong code, the right one, and that again"
        yield Step(_SEND, f"{channel}-code", does, most_usd)


def _printed_part(plan: LivePlan, part: str) -> Iterator[str]:
    """A part of the plan: what it costs at most, then its steps; nothing where it has none."""
    listed = [(at, step) for at, step in enumerate(steps(plan), 1) if step.part == part]
    if listed:
        yield f" {part}, {shown(most(plan, part))} at most:"
    for at, step in listed:
        price = shown(step.most) if step.most else "free"
        yield f"  {at:>2}  {price:>10}  {step.name}: {step.does}"


def printed(plan: LivePlan) -> str:
    """The plan as its user reads it before anything is sent."""
    rows = [line for part in (_READ, _SEND) for line in _printed_part(plan, part)]
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
