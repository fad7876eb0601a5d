"""The numbers beside a list: none, one, a full page, one more, and the last page."""

from typing import Any

from verify_harness.checks import Api, Exchange, Opener, current, requirement

SIZE = 2
A_PAGE = 25
"""The documented page size; the list by number takes no other."""


def judge(answer: Exchange, *, total: int, size: int, number: int) -> None:
    """A page whose numbers agree with each other and with its rows."""
    assert answer.status == 200
    meta: dict[str, Any] = answer.json["meta"]
    pages = -(-total // size)
    left = max(0, total - (number - 1) * size)
    assert len(answer.data) == min(size, left)
    assert (meta["total_results"], meta["page_size"], meta["page_number"]) == (total, size, number)
    assert meta["total_pages"] == pages or (total == 0 and meta["total_pages"] == 1)


@requirement("VFY-LIST-002", operations=["ListProfiles"])
def test_counts_are_true_however_many_profiles_there_are(api: Api) -> None:
    tag = current().tag
    for total in range(5):
        for number in range(1, total // SIZE + 2):
            query: dict[str, str | int] = {"page[size]": SIZE, "page[number]": number}
            answer = api.call("ListProfiles", query=query | {"filter[name]": tag})
            judge(answer, total=total, size=SIZE, number=number)
        api.profile(name=f"{tag} {total}")


def judge_whole(answer: Exchange, *, total: int) -> None:
    """A list without page parameters: its first page, and its numbers agree with its rows."""
    size = answer.json["meta"]["page_size"]
    assert size >= 1
    judge(answer, total=total, size=size, number=1)


@requirement("VFY-LIST-002", operations=["ListVerifications"])
def test_counts_are_true_however_many_verifications_there_are(api: Api, channel: str) -> None:
    opener, number, profile = Opener(api, channel, "by_id"), current().number(), api.profile()
    before = len(api.call("ListVerifications", phone_number=number).data)
    for more in range(4):
        answer = api.call("ListVerifications", phone_number=number)
        judge_whole(answer, total=before + more)
        opener(number=number, profile=profile)


@requirement("VFY-LIST-002", operations=["ListVerifications"])
def test_counts_are_true_beyond_a_page_of_verifications(api: Api) -> None:
    opener, number, profile = Opener(api, "sms", "by_id"), current().number(), api.profile()
    before = len(api.call("ListVerifications", phone_number=number).data)
    for more in range(1, A_PAGE + 2):
        opener(number=number, profile=profile)
        if more >= A_PAGE:
            answer = api.call("ListVerifications", phone_number=number)
            judge_whole(answer, total=before + more)
