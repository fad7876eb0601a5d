"""Lists of both kinds: their order, their rows, their first page, and none at all."""

from typing import Any

from verify_harness.checks import Api, Opener, current, requirement


def tagged(api: Api, tag: str, index: int) -> str:
    """The id of a profile that only this check's filter finds."""
    return str(api.profile(name=f"{tag} {index}")["id"])


def rows_of(api: Api, tag: str) -> list[dict[str, Any]]:
    """The profiles of a tag, as listed."""
    query: dict[str, str | int] = {"filter[name]": tag, "page[size]": 100}
    rows: list[dict[str, Any]] = api.call("ListProfiles", query=query).data or []
    return rows


def rows_for(api: Api, number: str) -> list[dict[str, Any]]:
    """The verifications of a number, as listed."""
    rows: list[dict[str, Any]] = api.call("ListVerifications", phone_number=number).data or []
    return rows


def ids(rows: list[dict[str, Any]]) -> list[str]:
    """Their ids, in order."""
    return [row["id"] for row in rows]


@requirement("VFY-LIST-007", operations=["ListProfiles"])
def test_the_profile_list_keeps_its_order(api: Api) -> None:
    tag = current().tag
    made = {tagged(api, tag, index) for index in range(6)}
    before = ids(rows_of(api, tag))
    assert set(before) == made
    assert ids(rows_of(api, tag)) == before
    newest = tagged(api, tag, 6)
    assert [each for each in ids(rows_of(api, tag)) if each != newest] == before


@requirement("VFY-LIST-007", operations=["ListVerifications"])
def test_a_numbers_list_keeps_its_order(api: Api, channel: str) -> None:
    opener, number = Opener(api, channel, "by_id"), current().number()
    made = {opener(number=number).id for _ in range(4)}
    before = ids(rows_for(api, number))
    assert set(before) >= made
    assert ids(rows_for(api, number)) == before
    newest = opener(number=number).id
    assert [each for each in ids(rows_for(api, number)) if each != newest] == before


@requirement("VFY-LIST-008", operations=["ListVerifications", "ListProfiles"])
def test_an_empty_list_is_a_list(api: Api) -> None:
    Opener(api, "sms", "by_id")()
    nowhere = {"filter[name]": f"nothing is called {current().tag}"}
    for answer in (
        api.call("ListVerifications", phone_number=current().number()),
        api.call("ListProfiles", query=nowhere),
    ):
        assert answer.status == 200
        assert answer.data == []
        assert answer.json["meta"]["total_results"] == 0


@requirement("VFY-LIST-009", operations=["ListVerifications"])
def test_a_numbers_list_shows_what_a_read_shows(open_verification: Opener) -> None:
    number = current().number()
    accepted, pending, locked = (open_verification(number=number) for _ in range(3))
    locked.spend_attempts(5)
    accepted.accept()
    rows = {row["id"]: row for row in rows_for(open_verification.api, number)}
    for each in (accepted, pending, locked):
        assert rows.get(each.id) == each.read()


@requirement("VFY-LIST-009", operations=["ListProfiles"])
def test_the_profile_list_shows_what_a_read_shows(api: Api) -> None:
    tag = current().tag
    addresses = {
        "webhook_url": "http://127.0.0.1:9/a",
        "webhook_failover_url": "http://127.0.0.1:9/b",
    }
    made = [
        api.profile(name=f"{tag} plain"),
        api.profile(name=f"{tag} full", language="fr-FR", daily_spend_limit=3, **addresses),
    ]
    read = [api.call("GetVerifyProfile", verify_profile_id=each["id"]).data for each in made]
    assert sorted(rows_of(api, tag), key=lambda row: str(row["id"])) == sorted(
        read, key=lambda row: str(row["id"])
    )


@requirement("VFY-LIST-010", operations=["ListProfiles"])
def test_a_page_has_25_rows_unless_told(api: Api) -> None:
    tag = current().tag
    made = {tagged(api, tag, index) for index in range(26)}
    answer = api.call("ListProfiles", query={"filter[name]": tag})
    assert len(answer.data) == 25
    assert set(ids(answer.data)) < made
    assert answer.json["meta"] == {
        "total_results": 26,
        "total_pages": 2,
        "page_size": 25,
        "page_number": 1,
    }
    second = api.call("ListProfiles", query={"filter[name]": tag, "page[number]": 2})
    assert {*ids(answer.data), *ids(second.data)} == made
