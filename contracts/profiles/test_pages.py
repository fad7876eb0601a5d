"""Pages of the profile list where nobody expects one."""

import pytest

from verify_harness.checks import Api, current, requirement


@requirement("VFY-LIST-005", operations=["ListProfiles"])
@pytest.mark.parametrize("number", [3, 4, 1000])
def test_beyond_the_end_there_is_nothing(api: Api, number: int) -> None:
    tag = current().tag
    for index in range(3):
        api.profile(name=f"{tag} {index}")
    query: dict[str, str | int] = {"page[size]": 2, "page[number]": number}
    answer = api.call("ListProfiles", query=query | {"filter[name]": tag})
    assert answer.status == 200
    assert answer.data == []
    meta = answer.json["meta"]
    assert (meta["total_results"], meta["total_pages"], meta["page_number"]) == (3, 2, number)


@requirement("VFY-LIST-006", operations=["ListProfiles"])
@pytest.mark.parametrize(
    "name, value",
    [
        *(("page[size]", value) for value in ("0", "-1", "251", "1000000000", "x", "1.5", "")),
        *(("page[number]", value) for value in ("0", "-1", "x", "1e3", "9" * 30)),
    ],
)
def test_absurd_pages_are_refused(api: Api, name: str, value: str) -> None:
    assert 400 <= api.call("ListProfiles", query={name: value}).status < 500
    assert api.call("ListProfiles", query={name: "1"}).status == 200
    assert api.call("ListProfiles", query={"page[size]": 250}).status == 200
