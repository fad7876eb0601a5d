"""Each fault changes an answer that a caller, or the outbox, can see."""

import threading
from collections.abc import Callable
from statistics import median
from typing import Any

import httpx
import pytest

from tests.faults import tours
from tests.faults.kinds import PROVED
from tests.faults.pair import NUMBER, UNKNOWN, Pair, plain
from tests.faults.tours import TOURS
from tests.faults.walks import WALKS
from tests.sandbox.conftest import Mint
from verify_harness.sandbox.faults import FAULTS

TEMPLATES = "/verify_profiles/templates"


def _sent(pair: Pair) -> list[tuple[str, str, str]]:
    return [(each["channel"], each["to"], each["code"]) for each in pair.one.outbox()]


def _keyless(pair: Pair, path: str, **headers: str) -> httpx.Response:
    headers["X-Sandbox-Tenant"] = pair.one.id
    return httpx.get(f"{pair.one.api.base_url}{path.lstrip('/')}", headers=headers)


Seen = list[Any]


def _checks(*codes: str, **fields: Any) -> Callable[[Pair], Seen]:
    """Open one and check it with these codes, then read it."""

    def probe(pair: Pair) -> Seen:
        verification = pair.opened(**fields)
        answers = [pair.check(verification, code) for code in codes]
        return [plain(each) for each in (*answers, pair.read(verification))]

    return probe


def _trigger(channel: str = "sms", **fields: Any) -> Callable[[Pair], Seen]:
    """Trigger one; the answer and what was sent."""
    return lambda pair: [plain(pair.trigger(channel, **fields)), _sent(pair)]


def _request(method: str, path: str, **more: Any) -> Callable[[Pair], Seen]:
    return lambda pair: [plain(pair.one.api.request(method, path, **more))]


def _codes_of_eight(pair: Pair) -> Seen:
    pair.trigger(verify_profile_id=pair.one.profile(sms={"code_length": 8}))
    (message,) = pair.one.outbox()
    return [len(message["code"]), message["code"].isdigit()]


def _late(pair: Pair) -> Seen:
    verification = pair.opened(timeout_secs=10)
    pair.one.advance(11)
    return [plain(pair.read(verification)), plain(pair.check(verification, "00429"))]


def _locked(pair: Pair) -> Seen:
    return _checks(*["11111"] * 5, "00429")(pair)


def _shows_the_code(pair: Pair) -> Seen:
    answer = pair.trigger()
    (message,) = pair.one.outbox()
    return [message["code"] in f"{answer.headers} {answer.text}"]


def _crossed(pair: Pair) -> Seen:
    pair.trigger(custom_code="55555", phone_number="+13035550101")
    return _checks("55555")(pair)


def _race(pair: Pair) -> Seen:
    verification = pair.opened()
    answers: list[str] = []

    def check() -> None:
        with httpx.Client(headers=pair.one.api.headers) as client:
            url = f"{pair.one.api.base_url}verifications/{verification['id']}/actions/verify"
            barrier.wait()
            answers.append(client.post(url, json={"code": "00429"}).text)

    barrier = threading.Barrier(8)
    threads = [threading.Thread(target=check) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sum('"accepted"' in answer for answer in answers)]


def _grows(pair: Pair) -> Seen:
    """Whether the last of eighty triggers take several times as long as the first."""
    profile = pair.one.profile()
    numbers = [f"+130355501{at:02}" for at in range(80)]
    took = [
        pair.trigger(phone_number=one, verify_profile_id=profile).elapsed.total_seconds()
        for one in numbers
    ]
    return [median(took[-5:]) > 4 * median(took[1:6])]


def _superseded(pair: Pair) -> Seen:
    first = pair.opened()
    pair.opened(verify_profile_id=first["verify_profile_id"], timeout_secs=60)
    return [
        plain(pair.by_number(first, "00429")),
        plain(pair.read(first)),
    ]


def _outcome(pair: Pair) -> Seen:
    verification = pair.trigger().json()["data"]
    path = f"/verifications/{verification['id']}/actions/verify"
    return [plain(pair.post(path, {"status": "accepted"}))]


def _list_of_number(plus: str = "+") -> Callable[[Pair], Seen]:
    def probe(pair: Pair) -> Seen:
        pair.trigger(phone_number="+13035550101")
        pair.trigger()
        path = f"/verifications/by_phone_number/{plus}{NUMBER[1:]}"
        return [plain(pair.one.api.get(path))]

    return probe


def _pages(pair: Pair) -> Seen:
    for name in ("one", "two", "three"):
        pair.post("/verify_profiles", {"name": name})
    queries = ("page[size]=2", "page[size]=2&page[number]=2", "filter[name]=two")
    return [plain(pair.one.api.get(f"/verify_profiles?{query}")) for query in queries]


def _profile_life(pair: Pair) -> Seen:
    failover = "https://example.com/f"
    body = {"name": "p", "language": "fr-FR", "webhook_failover_url": failover}
    sms = {"code_length": 7, "app_name": "Shop"}
    created = pair.post("/verify_profiles", {**body, "sms": sms})
    bare = pair.post("/verify_profiles", {"name": "plain", "sms": {}})
    path = f"/verify_profiles/{created.json()['data']['id']}"
    changed = pair.one.api.patch(path, json={"name": "q", "sms": {"app_name": "Other"}})
    answers = (created, bare, changed, pair.one.api.delete(path), pair.one.api.get(path))
    return [plain(each) for each in answers]


def _template_life(pair: Pair) -> Seen:
    created = [pair.post(TEMPLATES, {"text": f"{name} {{{{code}}}}"}) for name in ("one", "two")]
    path = f"{TEMPLATES}/{created[0].json()['data']['id']}"
    changed = pair.one.api.patch(path, json={"text": "new {{code}}"})
    return [plain(each) for each in (*created, changed, pair.one.api.get(TEMPLATES))]


def _neighbour(method: str, body: Any = None) -> Callable[[Pair], Seen]:
    def probe(pair: Pair) -> Seen:
        path = f"/verify_profiles/{pair.other.profile()}"
        return [plain(pair.one.api.request(method, path, json=body))]

    return probe


def _no_key(**headers: str) -> Callable[[Pair], Seen]:
    return lambda pair: [plain(_keyless(pair, f"/verify_profiles/{pair.one.profile()}", **headers))]


def _revoked(pair: Pair) -> Seen:
    pair.one.levers.post("revoke-key").raise_for_status()
    return [plain(pair.one.api.get("/verify_profiles"))]


_JSON = {"content-type": "application/json"}

PROBES: dict[str, Callable[[Pair], Seen]] = {
    **WALKS,
    "accepted-stays-pending": _checks("00429"),
    "answers-are-plain-text": _request("GET", "/verify_profiles"),
    "answers-lack-a-data-wrapper": _request("POST", TEMPLATES, json={"text": "{{code}}"}),
    "answers-mixed-up-in-parallel": tours.answers_at_once,
    "any-code-accepted": _checks("11111"),
    "any-code-of-the-account-opens": _crossed,
    "any-content-type": _request("POST", "/verify_profiles", content=b'{"name":"x"}'),
    "any-key-works": _no_key(authorization="Bearer wrong"),
    "broken-json-is-empty": _request("POST", "/verify_profiles", content=b"{", headers=_JSON),
    "by-number-judges-the-oldest": _superseded,
    "call-reads-as-sms": _trigger("call"),
    "check-hides-the-number": _checks("00429", phone_number="+13035550123"),
    "checks-race": _race,
    "code-in-a-header": _shows_the_code,
    "code-in-the-answer": _shows_the_code,
    "code-length-ignored": _codes_of_eight,
    "code-works-twice": _checks("00429", "00429"),
    "codes-with-letters": _codes_of_eight,
    "created-profile-is-201": _profile_life,
    "created-template-not-listed": _template_life,
    "attempts-counted-by-profile": tours.one_profile,
    "code-in-the-answer-of-calls": tours.calls_answer,
    "codes-shared-by-profiles-of-a-number": tours.two_profiles,
    "flash-call-code-never-late": tours.late_codes,
    "triggers-race": tours.spending_at_once,
    "custom-code-not-echoed": _trigger(custom_code="00429"),
    "custom-code-not-used": _checks("00429"),
    "delete-is-202": _profile_life,
    "deleted-profile-stays": _profile_life,
    "encoded-plus-unknown": _list_of_number("%2B"),
    "error-without-code": _request("GET", f"/verifications/{UNKNOWN}"),
    "error-without-envelope": _request("GET", f"/verifications/{UNKNOWN}"),
    "expired-reads-pending": _late,
    "extension-with-pause-refused": _trigger("call", extension="1w2"),
    "failover-url-forgotten": _profile_life,
    "filter-ignored": _pages,
    "late-code-accepted": _late,
    "leading-zeros-ignored": _checks("429"),
    "letters-in-a-code-crash": _checks("abc"),
    "locked-code-still-opens": _locked,
    "locked-reads-pending": _locked,
    "long-custom-codes-refused": _trigger(custom_code="1234567890"),
    "lookup-drops-the-plus": _request("GET", "/number_lookup/+447700900123"),
    "lookup-is-always-american": _request("GET", "/number_lookup/+447700900123"),
    "malformed-number-sent-to": _trigger(phone_number="call me"),
    "message-sent-twice": _trigger(),
    "methods-not-named": _request("PUT", "/verify_profiles"),
    "neighbours-are-forbidden-not-unknown": _neighbour("GET"),
    "neighbours-readable": _neighbour("GET"),
    "neighbours-writable": _neighbour("PATCH", {"name": "stolen"}),
    "no-challenge": _no_key(),
    "no-default-language": _profile_life,
    "no-key-needed": _no_key(),
    "number-list-misses-the-newest": _list_of_number(),
    "number-list-shows-all-numbers": _list_of_number(),
    "one-mistake-locks": _checks("11111"),
    "outcome-set-for-any-code": _outcome,
    "page-number-counted-from-zero": _pages,
    "pages-overlap": _pages,
    "patch-erases-the-rest": _profile_life,
    "patch-resets-the-language": _profile_life,
    "plus-becomes-a-space": _list_of_number(),
    "profile-limit-flag-is-a-word": _profile_life,
    "profile-list-misses-the-newest": _pages,
    "profile-name-unchecked": _request("POST", "/verify_profiles", json={"name": 5}),
    "profile-timeout-ignored": lambda pair: _trigger(
        verify_profile_id=pair.one.profile(sms={"default_verification_timeout_secs": 60})
    )(pair)[:1],
    "rejection-is-400": _checks("11111"),
    "revoked-key-works": _revoked,
    "right-code-rejected": _checks("00429"),
    "second-trigger-leaves-the-first": _superseded,
    "six-digits-by-default": _profile_life,
    "start-of-code-suffices": _checks("0042"),
    "stock-templates-not-listed": _template_life,
    "template-update-lost": _template_life,
    "templates-cannot-be-updated": _template_life,
    "timeout-echoed-wrong": _trigger(timeout_secs=60),
    "creation-time-is-a-number": lambda pair: [type(pair.opened()["created_at"])],
    "unknown-verification-is-410": _request("GET", f"/verifications/{UNKNOWN}"),
    "triggers-slow-down-with-rows": _grows,
    "timeout-unchecked": _trigger(timeout_secs=601),
    "total-counts-one-page": _pages,
    "undeclared-method-is-404": _request("PUT", "/verify_profiles"),
    "unknown-profile-sends": _trigger(verify_profile_id=UNKNOWN),
    "unparsable-number-looked-up": _request("GET", "/number_lookup/banana"),
    "update-changes-every-template": _template_life,
    "whatsapp-sent-as-sms": _trigger("whatsapp"),
}


def _probe(fault_id: str) -> Callable[[Pair], Seen]:
    """The probe of a fault: its own, or else the tour of its area."""
    return PROBES.get(fault_id) or TOURS[FAULTS[fault_id].area]


def test_no_probe_is_left_over() -> None:
    assert set(PROBES) <= set(FAULTS)
    assert set(TOURS) <= {fault.area for fault in FAULTS.values()}


@pytest.mark.parametrize("fault_id", [each for each in FAULTS if each not in PROVED])
def test_a_fault_changes_what_a_caller_sees(mint: Mint, fault_id: str) -> None:
    probe = _probe(fault_id)
    clean = probe(Pair(*mint(seed=1)))
    broken = probe(Pair(*mint(seed=1, faults=[fault_id])))
    assert broken != clean


ONCE_EACH = {probe: name for name, probe in PROBES.items()}
"""A name for each probe: many faults share one."""


@pytest.mark.parametrize("name", [*ONCE_EACH.values(), *TOURS])
def test_without_its_fault_a_probe_sees_the_same_twice(mint: Mint, name: str) -> None:
    probe = PROBES.get(name) or TOURS[name]
    assert probe(Pair(*mint(seed=1))) == probe(Pair(*mint(seed=1)))
