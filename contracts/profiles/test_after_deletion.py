"""After a profile was deleted: every way to reach it, or what was opened with it."""

from typing import Any

from verify_harness.checks import Api, Opener, current, requirement

ENDED = {"expired", "invalid", "error"}


def deleted(api: Api, profile: dict[str, Any]) -> dict[str, str]:
    """Delete a profile; its path parameter."""
    path = {"verify_profile_id": str(profile["id"])}
    api.set_up("VFY-PROF-003", "DeleteProfile", **path)
    return path


@requirement(
    "VFY-PROF-018",
    operations=["GetVerifyProfile", "UpdateVerifyProfile", "DeleteProfile", "ListProfiles"],
)
def test_a_deleted_profile_is_reached_in_no_way(api: Api) -> None:
    tag = current().tag
    kept, profile = api.profile(name=f"{tag} kept"), api.profile(name=f"{tag} deleted")
    path = deleted(api, profile)
    for operation_id, body in (
        ("UpdateVerifyProfile", {"name": f"{tag} back again"}),
        ("UpdateVerifyProfile", {"sms": {"whitelisted_destinations": ["*"]}}),
        ("GetVerifyProfile", None),
        ("DeleteProfile", None),
        ("GetVerifyProfile", None),
    ):
        assert 400 <= api.call(operation_id, body, path=path).status < 500
    for query in ({"filter[name]": tag}, {"filter[name]": f"{tag} deleted"}, {"page[size]": 250}):
        rows = api.call("ListProfiles", query=query).data
        assert profile["id"] not in [row["id"] for row in rows]
    told = api.call("ListProfiles", query={"filter[name]": tag}).json
    assert told["meta"]["total_results"] == len(told["data"]) == 1
    assert api.call("GetVerifyProfile", verify_profile_id=kept["id"]).data == kept


@requirement("VFY-PROF-018", operations=["RetrieveVerification", "ListVerifications"])
def test_a_deleted_profiles_verifications_have_ended(open_verification: Opener, api: Api) -> None:
    profile, number = api.profile(), current().number()
    accepted = open_verification(profile=profile)
    accepted.accept()
    pending = open_verification(profile=profile, number=number)
    deleted(api, profile)
    verdict = {"status": "accepted"}
    passed = api.call("VerifyVerificationCodeById", verdict, verification_id=pending.id)
    assert (passed.data or {}).get("response_code") != "accepted"
    for way in ("by_id", "by_number"):
        assert not pending.checked(way).opens(pending.code)
        assert not accepted.checked(way).opens(accepted.code)
    read = api.call("RetrieveVerification", verification_id=pending.id)
    listed = api.call("ListVerifications", phone_number=number)
    rows = [*([read.data] if read.succeeded else []), *(listed.data if listed.succeeded else [])]
    told = {row["status"] for row in rows if row["id"] == pending.id}
    current().findings.observe(
        "VFY-PROF-018", f"a deleted profile's pending verification reads {sorted(told)}"
    )
    assert told <= ENDED or "chosen" not in current().target.announces
    assert "accepted" not in told
