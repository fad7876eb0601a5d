"""Creating, reading, listing, changing and deleting profiles."""

from collections.abc import Mapping
from typing import Any

from verify_harness.sandbox.bodies import query_values
from verify_harness.sandbox.error_envelope import Problem, not_found
from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.operations.call import Call, bad_request
from verify_harness.sandbox.operations.paths import id_in_path
from verify_harness.sandbox.pages import MAX_NUMBER, MAX_SIZE, Page
from verify_harness.sandbox.profiles import Block
from verify_harness.sandbox.records import CHANNELS, Channel, Profile


async def list_profiles(call: Call) -> Answer:
    """GET /verify_profiles, oldest first."""
    query = query_values(call.request.query)
    page = Page(
        _bounded(call, query, "page[number]", Page().number, MAX_NUMBER),
        _bounded(call, query, "page[size]", Page().size, MAX_SIZE),
    )
    wanted = query.get("filter[name]", [""])[-1]
    rules = call.rules
    found = [profile for profile in call.store.profiles() if rules.name_matches(profile, wanted)]
    data = [rules.render_profile(profile) for profile in rules.slice_page(found, page)]
    return Answer({"data": data, "meta": rules.meta(len(found), page)})


async def create_profile(call: Call) -> Answer:
    """POST /verify_profiles."""
    asked = call.fields("create-profile")
    defaults = call.rules.block_defaults
    given = _blocks(call, asked)
    if not call.rules.has_channels_enough(given):
        raise bad_request("The profile configures no channel: sms, call and so on.", "")
    blocks = {channel: {**defaults[channel], **block} for channel, block in given.items()}
    fields = {"name": asked["name"], **call.rules.field_defaults, **_plain(asked)}
    await call.store.seam("profile")
    profile = Profile(call.tenant.new_id(), call.now, call.now, fields, blocks)
    call.store.records.profiles[profile.id] = profile
    return _answer(call, profile, call.rules.created_status)


async def retrieve_profile(call: Call) -> Answer:
    """GET /verify_profiles/{verify_profile_id}."""
    profile_id = id_in_path(call)
    profile = call.store.profile(profile_id)
    if profile is None:
        raise call.store.missing(call.store, profile_id, "profile")
    return _answer(call, profile)


async def update_profile(call: Call) -> Answer:
    """PATCH /verify_profiles/{verify_profile_id}."""
    profile = _to_change(call)
    call.rules.prepare_patch(profile, call.body)
    asked = call.fields("update-profile")
    blocks = _merged_blocks(call, profile, _blocks(call, asked))
    await call.store.seam("profile")
    profile.fields = call.rules.merge_fields(profile.fields, _plain(asked))
    profile.blocks |= blocks
    if asked:
        call.rules.touch(profile, call.now)
    return _answer(call, profile)


def _merged_blocks(
    call: Call, profile: Profile, given: Mapping[Channel, Block]
) -> dict[Channel, Block]:
    """The blocks a PATCH names, as they will be."""
    defaults = call.rules.block_defaults
    return {
        channel: call.rules.merge_block(
            profile.blocks.get(channel, defaults[channel]), block, defaults[channel]
        )
        for channel, block in given.items()
    }


async def delete_profile(call: Call) -> Answer:
    """DELETE /verify_profiles/{verify_profile_id}: 200 with the profile as it was."""
    profile = _to_change(call)
    await call.store.seam("profile")
    call.store.forget_profile(call.store, profile, call.now)
    return _answer(call, profile, call.rules.deleted_status)


def _to_change(call: Call) -> Profile:
    profile = call.store.profile_to_change(id_in_path(call))
    if profile is None:
        raise not_found("profile")
    return profile


def _answer(call: Call, profile: Profile, status: int = 200) -> Answer:
    return Answer({"data": call.rules.render_profile(profile)}, status)


def _plain(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name not in CHANNELS}


def _blocks(call: Call, asked: Mapping[str, Any]) -> dict[Channel, Block]:
    """The channel blocks of a request; a Refusal if one names a template that does not exist."""
    given = {channel: asked[channel] for channel in CHANNELS if channel in asked}
    for channel, block in given.items():
        if "messaging_template_id" not in block:
            continue
        block["messaging_template_id"] = block["messaging_template_id"].lower()
        if not call.store.has_template(call.store, block["messaging_template_id"]):
            pointer = f"/{channel}/messaging_template_id"
            raise bad_request("There is no such template.", pointer)
    return given


def _bounded(
    call: Call, query: Mapping[str, list[str]], name: str, default: int, highest: int
) -> int:
    """A whole number from 1 to `highest` in the query."""
    if name not in query:
        return default
    value = call.rules.page_bound(query[name][-1], highest)
    if value is not None:
        return value
    detail = f"{name} must be a whole number from 1 to {highest}."
    raise call.invalid(Problem("10033", detail, parameter=name))
