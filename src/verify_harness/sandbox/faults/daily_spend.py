"""Faults of the daily spend limit."""

from asyncio import sleep
from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.records import Profile
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.spending import PRICE_USD
from verify_harness.sandbox.store import Store


@fault(
    "spend-limit-ignored",
    breaks="VFY-SPND-001",
    harm="An attack costs what the attacker likes.",
)
def spend_limit_ignored(rules: Rules) -> Rules:
    def is_affordable(_profile: Profile, _now: float) -> bool:
        return True

    return replace(rules, is_affordable=is_affordable)


@fault(
    "spend-limit-one-message-late",
    breaks="VFY-SPND-001",
    harm="Each profile spends a little more than it was allowed.",
)
def spend_limit_one_message_late(rules: Rules) -> Rules:
    def is_affordable(profile: Profile, now: float) -> bool:
        limit_usd = profile.fields.get("daily_spend_limit")
        if limit_usd is None:
            return True
        raised = replace(
            profile, fields={**profile.fields, "daily_spend_limit": limit_usd + PRICE_USD}
        )
        return rules.is_affordable(raised, now)

    return replace(rules, is_affordable=is_affordable)


@fault(
    "triggers-race",
    breaks="VFY-SPND-001",
    harm="A burst of triggers at one moment all pass the limit that only the first ones left.",
)
def triggers_race(store: Store) -> Store:
    async def yielding(doing: str) -> None:
        if doing == "trigger":
            await sleep(0.01)

    return replace(store, seam=yielding)


@fault(
    "spend-limit-always-on",
    breaks="VFY-SPND-002",
    harm="A limit that was only noted down for later stops the messages today.",
)
def spend_limit_always_on(rules: Rules) -> Rules:
    def is_affordable(profile: Profile, now: float) -> bool:
        on = {**profile.fields, "daily_spend_limit_enabled": True}
        return rules.is_affordable(replace(profile, fields=on), now)

    return replace(rules, is_affordable=is_affordable)


@fault(
    "no-limit-is-a-limit-of-zero",
    breaks="VFY-SPND-002",
    harm="Switching the limit on before naming an amount stops every message.",
)
def no_limit_is_a_limit_of_zero(rules: Rules) -> Rules:
    def is_affordable(profile: Profile, now: float) -> bool:
        limit = profile.fields.get("daily_spend_limit") or 0
        return rules.is_affordable(
            replace(profile, fields={**profile.fields, "daily_spend_limit": limit}), now
        )

    return replace(rules, is_affordable=is_affordable)


@fault(
    "spend-never-forgotten",
    breaks="VFY-SPND-003",
    harm="A profile that once reached its daily limit never sends again.",
)
def spend_never_forgotten(rules: Rules) -> Rules:
    def is_affordable(profile: Profile, _now: float) -> bool:
        return rules.is_affordable(profile, profile.sent_on * 86_400)

    return replace(rules, is_affordable=is_affordable)
