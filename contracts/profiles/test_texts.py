"""Texts of a profile that may hold anything: they come back as they were given, or are refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from verify_harness.checks import Api, Exchange, current, requirement, worst_inputs

TEXTS = {each.name: str(each.filled()) for each in worst_inputs.of_kind("text")}
EVERYWHERE = {"whitelisted_destinations": ["*"]}


def changes(tag: str, text: str) -> Iterator[dict[str, Any]]:
    """The text in every member that takes any, all at once and then one by one."""
    address = f"http://127.0.0.1:9/{text}"
    whatsapp = {"waba_id": text, "template_id": text}
    single: list[dict[str, Any]] = [
        {"name": f"{tag}{text}"},
        {"webhook_url": address},
        {"webhook_failover_url": address},
        *({"whatsapp": {member: value, **EVERYWHERE}} for member, value in whatsapp.items()),
    ]
    yield {**single[0], **single[1], **single[2], "whatsapp": {**whatsapp, **EVERYWHERE}}
    yield from single


def holds(found: Any, change: dict[str, Any]) -> bool:
    """Whether a profile has exactly what was asked for, one level down too."""
    return all(
        found[name] == value if name != "whatsapp" else found[name] | value == found[name]
        for name, value in change.items()
    )


def judge(api: Api, answer: Exchange, change: dict[str, Any]) -> bool:
    """Whether a change was taken, in which case the answer and a read hold just that."""
    assert answer.succeeded or 400 <= answer.status < 500
    if not answer.succeeded:
        return False
    assert holds(answer.data, change)
    path = {"verify_profile_id": answer.data["id"]}
    assert holds(api.set_up("VFY-PROF-001", "GetVerifyProfile", **path), change)
    return True


@requirement("VFY-PROF-019", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
@pytest.mark.parametrize("what", TEXTS)
def test_every_text_is_kept_letter_by_letter(api: Api, what: str) -> None:
    tag, changed = current().tag, api.profile()
    path = {"verify_profile_id": changed["id"]}
    for change in changes(tag, TEXTS[what]):
        created = api.call("CreateVerifyProfile", {"name": tag, "sms": EVERYWHERE, **change})
        patched = api.call("UpdateVerifyProfile", change, path=path)
        if all([judge(api, created, change), judge(api, patched, change)]):
            break  # what is taken all at once need not be tried one by one
    made = {row["id"]: row for row in (created.data, patched.data) if row}
    query: dict[str, str | int] = {"filter[name]": tag, "page[size]": 100}
    for row in api.call("ListProfiles", query=query).data:
        assert row["id"] not in made or row == made[row["id"]]
