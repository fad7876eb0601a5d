"""How the sandbox behaves, as a value: small functions and constants that a fault can replace.

Nothing here or above asks whether a fault is on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from nacl.signing import SigningKey

from verify_harness.sandbox import (
    auth,
    bodies,
    codes,
    destinations,
    lifecycle,
    limits,
    lookup,
    pages,
    profiles,
    router,
    special_numbers,
    spending,
    templates,
    trigger,
    validation,
    webhooks,
)
from verify_harness.sandbox.error_envelope import Refusal
from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.lifecycle import Verdict, Way
from verify_harness.sandbox.limits import Allowance, Limiter
from verify_harness.sandbox.outbox import Message
from verify_harness.sandbox.pages import Page
from verify_harness.sandbox.profiles import Block
from verify_harness.sandbox.records import Channel, Profile, Status, Template, Verification
from verify_harness.sandbox.requests import FIELDS
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import Field
from verify_harness.sandbox.webhooks import Event


@dataclass(frozen=True, slots=True)
class Rules:
    """Every decision the operations take; the defaults are the documented dialect."""

    # Requests
    fields: Mapping[str, tuple[Field, ...]] = field(default_factory=lambda: FIELDS)
    invalid_status: int = 400
    """The status of a request that breaks the schema (facts.md#c2)."""
    declared: Callable[[dict[str, Any], tuple[Field, ...]], dict[str, Any]] = validation.declared
    refuses_undeclared: bool = False
    """Whether a field that nobody declared is refused instead of ignored (strict mode)."""
    is_plain: Callable[[bytes | None], bool] = bodies.is_plain
    is_json: Callable[[Sequence[str]], bool] = bodies.is_json
    decode_json: Callable[[bytes], Any] = bodies.decode_json
    path_text: Callable[[str], str] = bodies.path_text
    method_of: Callable[[Request], str] = router.method_of
    undeclared_method_status: int = 405

    # Authentication
    is_known_key: Callable[[str | None, str | None], bool] = auth.is_known_key
    is_scheme: Callable[[str], bool] = auth.is_scheme
    token_elsewhere: Callable[[Request], str | None] = auth.token_elsewhere
    missing_key: Callable[[], Refusal | None] = auth.missing_key
    wrong_key: Callable[[], Refusal | None] = auth.wrong_key

    # Limits
    limiter_for: Callable[[Limiter, Request], Limiter] = limits.limiter_for
    allowance_for: Callable[[Limiter, float], Allowance | None] = limits.take
    number_key: Callable[[str, Channel], str] = limits.number_key
    number_wait_secs: Callable[[Limiter, str, float], int] = limits.wait_secs
    is_affordable: Callable[[Profile, float], bool] = spending.is_affordable
    count_message: Callable[[Profile, float], None] = spending.count_message

    # Numbers and destinations
    is_callable: Callable[[str], bool] = destinations.is_callable
    country_of: Callable[[str], str | None] = destinations.country_of
    is_allowed: Callable[[Sequence[str], str | None], bool] = destinations.is_allowed

    # Codes
    code_length: Callable[[Channel, Mapping[str, Any]], int] = codes.code_length
    draw_code: Callable[[Random, int], str] = codes.draw_code
    choose_code: Callable[[str | None, str], str] = codes.choose_code
    codes_match: Callable[[str, str], bool] = codes.codes_match
    codes_for: Callable[[Verification, Store], tuple[str, ...]] = codes.codes_for

    caller_for: Callable[[str], str] = codes.caller_for

    # The life of a verification
    checkable_statuses: frozenset[str] = frozenset({"pending"})
    is_checkable: Callable[[Verification, frozenset[str]], bool] = lifecycle.is_checkable
    is_late: Callable[[Verification, float], bool] = lifecycle.is_late
    shown_status: Callable[[Verification, float], Status] = lifecycle.shown_status
    shown_type: Callable[[Verification], Channel] = lifecycle.shown_type
    count_wrong_code: Callable[[Verification, Way], int] = lifecycle.count_wrong_code
    status_after_wrong_code: Callable[[int], Status] = lifecycle.status_after_wrong_code
    superseded_by: Callable[[Verification, Store], Iterable[Verification]] = lifecycle.superseded_by
    judged_by_number: Callable[[Store, str, str], Verification | None] = lifecycle.judged_by_number
    outcome_may_be_set: Callable[[Verification], bool] = lifecycle.outcome_may_be_set
    response_codes: Mapping[Verdict, str] = field(default_factory=lambda: lifecycle.RESPONSE_CODES)
    rejected_status: int = 200
    render_check: Callable[[Verification, str], dict[str, Any]] = trigger.render_check

    # Triggers
    outcome_of: Callable[[str], Mapping[str, Any] | None] = special_numbers.by_chance
    """Which of these rules a trigger for a number changes."""
    answer_delay_secs: float = 0
    ends_as: Status | None = None
    """What a verification becomes as soon as its trigger was answered."""
    profile_for: Callable[[Store, str], Profile | None] = trigger.profile_for
    timeout_for: Callable[[int | None, Mapping[str, Any]], int] = trigger.timeout_for
    deliveries: Callable[[Message], Iterable[Message]] = trigger.deliveries
    render_verification: Callable[[Verification, Channel, Status], dict[str, Any]] = (
        trigger.render_verification
    )

    # Profiles
    field_defaults: Mapping[str, Any] = field(default_factory=lambda: profiles.FIELD_DEFAULTS)
    block_defaults: Mapping[Channel, Block] = field(default_factory=lambda: profiles.BLOCK_DEFAULTS)
    channel_settings: Callable[[Profile, Channel, Mapping[Channel, Block]], Block | None] = (
        profiles.channel_settings
    )
    has_channels_enough: Callable[[Mapping[Channel, Block]], bool] = profiles.needs_no_channel
    merge_block: Callable[[Block, Block, Block], Block] = profiles.merge_block
    merge_fields: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]] = (
        profiles.merge_fields
    )
    prepare_patch: Callable[[Profile, Any], None] = profiles.prepare_patch
    touch: Callable[[Profile, float], None] = profiles.touch
    render_profile: Callable[[Profile], dict[str, Any]] = profiles.render_profile
    created_status: int = 200
    deleted_status: int = 200

    # Templates
    is_editable: Callable[[Template], bool] = templates.is_editable
    edited_with: Callable[[Template, Store], Iterable[Template]] = templates.edited_with
    render_template: Callable[[Template], dict[str, Any]] = templates.render_template
    message_text: Callable[[Template | None, str, str | None, int], str] = templates.message_text

    # Lists
    name_matches: Callable[[Profile, str], bool] = pages.name_matches
    page_bound: Callable[[str, int], int | None] = pages.bounded
    slice_page: Callable[[Sequence[Any], Page], Sequence[Any]] = pages.slice_page
    meta: Callable[[int, Page], dict[str, int]] = pages.meta
    number_meta: Callable[[int, Page], dict[str, int]] = pages.meta
    """The same for the list by number."""

    # Webhooks
    events: tuple[Event, ...] = webhooks.EVENTS
    events_of_refusal: tuple[Event, ...] = ()
    """What a refused trigger causes."""
    webhook_payload: Callable[[Verification, Status, str], dict[str, Any]] = webhooks.payload
    webhook_addresses: Callable[[str, str | None], Iterator[str]] = webhooks.addresses
    sign_webhook: Callable[[SigningKey, bytes, bytes], bytes] = webhooks.sign
    is_received: Callable[[int], bool] = webhooks.is_received

    # Lookup
    unparsable: Callable[[str], dict[str, Any]] = lookup.unparsable
    look_up: Callable[[str, str, frozenset[str]], dict[str, Any]] = lookup.look_up
