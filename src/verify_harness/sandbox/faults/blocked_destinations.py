"""Faults of destinations: where messages go though they must not, or do not though they may."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from verify_harness import phone_numbers
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import with_block_check
from verify_harness.sandbox.profiles import Block
from verify_harness.sandbox.records import CHANNELS, Channel, Profile
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.validation import array, text


@fault(
    "whitelist-ignored",
    breaks="VFY-DEST-001",
    harm="Fraudsters run up a bill with numbers in countries nobody serves.",
)
def whitelist_ignored(rules: Rules) -> Rules:
    def is_allowed(_whitelist: Sequence[str], _country: str | None) -> bool:
        return True

    return replace(rules, is_allowed=is_allowed)


@fault(
    "plus-one-is-always-american",
    breaks="VFY-DEST-001",
    harm="A profile for the United States sends to Canada and to the islands of +1.",
)
def plus_one_is_always_american(rules: Rules) -> Rules:
    def country_of(number: str) -> str | None:
        country = rules.country_of(number)
        return "US" if country is not None and number.startswith("+1") else country

    return replace(rules, country_of=country_of)


@fault(
    "whitelist-for-messages-only",
    breaks="VFY-DEST-001",
    harm="Calls to expensive countries go out though the profile forbids them.",
)
def whitelist_for_messages_only(rules: Rules) -> Rules:
    def channel_settings(
        profile: Profile, channel: Channel, defaults: Mapping[Channel, Block]
    ) -> Block | None:
        settings = rules.channel_settings(profile, channel, defaults)
        if settings is None or channel not in {"call", "flashcall"}:
            return settings
        return {**settings, "whitelisted_destinations": []}

    return replace(rules, channel_settings=channel_settings)


@fault(
    "one-list-for-all-channels",
    breaks="VFY-DEST-001",
    harm="Allowing a country for SMS allows it for calls too.",
)
def one_list_for_all_channels(rules: Rules) -> Rules:
    def channel_settings(
        profile: Profile, channel: Channel, defaults: Mapping[Channel, Block]
    ) -> Block | None:
        settings = rules.channel_settings(profile, channel, defaults)
        if settings is None or "sms" not in profile.blocks:
            return settings
        lists = [block["whitelisted_destinations"] for block in profile.blocks.values()]
        return {**settings, "whitelisted_destinations": [each for one in lists for each in one]}

    return replace(rules, channel_settings=channel_settings)


@fault(
    "asterisk-allows-nothing",
    breaks="VFY-DEST-002",
    harm="A profile that is open to all countries sends to none.",
)
def asterisk_allows_nothing(rules: Rules) -> Rules:
    def is_allowed(whitelist: Sequence[str], country: str | None) -> bool:
        return not whitelist or country in whitelist

    return replace(rules, is_allowed=is_allowed)


@fault(
    "british-mobiles-are-from-guernsey",
    breaks="VFY-DEST-002",
    harm="Customers of one network in an allowed country never get a code.",
)
def british_mobiles_are_from_guernsey(rules: Rules) -> Rules:
    def country_of(number: str) -> str | None:
        in_britain = number.startswith("+44") and phone_numbers.is_reserved(number)
        return "GG" if in_britain else rules.country_of(number)

    return replace(rules, country_of=country_of)


@fault(
    "any-word-is-a-country",
    breaks="VFY-DEST-003",
    harm="A slip in a list of countries locks customers out and nobody is told.",
)
def any_word_is_a_country(rules: Rules) -> Rules:
    for channel in CHANNELS:
        rules = with_block_check(rules, channel, "whitelisted_destinations", array(text(0, 20)))
    return rules


@fault(
    "premium-numbers-are-sent-to",
    breaks="VFY-DEST-004",
    harm="Fraudsters earn on every code that is sent to their own expensive number.",
)
def premium_numbers_are_sent_to(rules: Rules) -> Rules:
    def is_callable(number: str) -> bool:
        return rules.country_of(number) is not None

    return replace(rules, is_callable=is_callable)


@fault(
    "satellites-are-sent-to",
    breaks="VFY-DEST-004",
    harm="One message to a satellite telephone costs as much as hundreds of others.",
)
def satellites_are_sent_to(rules: Rules) -> Rules:
    def is_callable(number: str) -> bool:
        return number.startswith("+881") or rules.is_callable(number)

    return replace(rules, is_callable=is_callable)
