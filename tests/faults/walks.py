"""More walks, for the faults that the tours of their areas do not meet; each names its faults."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx

from tests.faults.pair import NUMBER, UNKNOWN, Pair, plain
from verify_harness import numbers

TEMPLATES = "/verify_profiles/templates"
STOCK = "2ca3f1da-5621-4aa6-ae56-df21caff79e0"
PROFILES = "/verify_profiles"
CHANNELS = ("sms", "call", "flashcall", "whatsapp")

Seen = list[Any]
Walk = Callable[[Pair], Seen]


def _bare(pair: Pair, path: str, *authorizations: str, **query: str) -> httpx.Response:
    """A read with these Authorization headers and no other key."""
    headers = [("X-Sandbox-Tenant", pair.one.id)]
    headers += [("Authorization", each) for each in authorizations]
    url = f"{pair.one.api.base_url}{path.lstrip('/')}"
    return httpx.get(url, headers=headers, params=query)


def keys(pair: Pair) -> Seen:
    """Keys in odd places, spelt oddly, twice, echoed, and taken back."""
    key = pair.one.key
    answers = [
        _bare(pair, PROFILES, api_key=key),
        _bare(pair, PROFILES, f"bearer {key}"),
        _bare(pair, PROFILES, f"Bearer {key}", "Bearer other"),
        _bare(pair, PROFILES, f"Bearer other, Bearer {key}"),
        _bare(pair, PROFILES, "Bearer mistyped"),
        pair.one.api.get(f"{PROFILES}/{pair.one.profile()}"),
    ]
    pair.one.levers.post("revoke-key").raise_for_status()
    return [plain(each) for each in (*answers, pair.one.api.get(PROFILES))]


def countries(pair: Pair) -> Seen:
    """A list of what are no countries, and expensive numbers."""
    odd: list[dict[str, Any]] = [{"whitelisted_destinations": ["USA"]}]
    made = [pair.post(PROFILES, {"name": "p", "sms": block}).status_code for block in odd]
    expensive = ("+19005550100", "+881612345678")
    return [*made, *(pair.trigger(phone_number=each).status_code for each in expensive)]


def endings(pair: Pair) -> Seen:
    """Verifications of every ending, checked and judged again, and how they read."""
    accepted, locked, judged, doubled, late = (
        pair.opened(phone_number=numbers.nth(index), timeout_secs=60) for index in range(5)
    )
    steps: list[tuple[dict[str, Any], dict[str, str]]] = [
        *[(locked, {"code": "11111"})] * 5,
        *[(accepted, {"code": code}) for code in ("00429", *["11111"] * 6)],
        *[(locked, {"status": "accepted"}), (judged, {"status": "rejected"})],
        *[(doubled, {"code": "11111", "status": "accepted"}), (late, {"code": "11111"})],
    ]
    pair.one.advance(2)
    seen: Seen = [plain(_judge(pair, *step)) for step in steps]
    for each in (accepted, locked, judged, doubled, late):
        read = pair.read(each)
        data = read.json()["data"]
        moved = data["created_at"] != each["created_at"], data["updated_at"] < data["created_at"]
        seen += [plain(read), moved]
    pair.one.advance(59)
    return [*seen, plain(_judge(pair, late, {"code": "00429"}))]


def _judge(pair: Pair, verification: dict[str, Any], body: dict[str, str]) -> httpx.Response:
    return pair.post(f"/verifications/{verification['id']}/actions/verify", body)


def near_misses(pair: Pair) -> Seen:
    """Codes that are almost the right one."""
    edits = (" 00429", "92400", "00421", "٠٠٤٢٩", "00429.0")
    opened = [pair.opened(phone_number=numbers.nth(index)) for index in range(len(edits))]
    return [pair.check(*each).text for each in zip(opened, edits, strict=True)]


def errors(pair: Pair) -> Seen:
    """A few refusals, word for word."""
    answers = (
        pair.one.api.get(f"/verifications/{UNKNOWN}"),
        pair.trigger(timeout_secs="soon"),
        _bare(pair, PROFILES, "Bearer other"),
    )
    return [plain(each) for each in answers]


def addresses(pair: Pair) -> Seen:
    """Webhook addresses of other schemes and sizes, and where an event went."""
    bad = ({"webhook_url": "file:///x"}, {"webhook_failover_url": "http://x/".ljust(2001, "x")})
    seen: Seen = [pair.post(PROFILES, {"name": "p", **each}).status_code for each in bad]
    pair.trigger(verify_profile_id=pair.one.profile(webhook_url="https://nowhere.invalid/x"))
    while (told := pair.one.levers.get("webhooks").json())["waiting"]:
        pass
    return [*seen, sorted({each["url"] for each in told["webhooks"]})]


def proxies(pair: Pair) -> Seen:
    """Headers for browsers and caches, and a header that names another method."""
    path = f"{PROFILES}/{pair.one.profile()}"
    override = {"X-HTTP-Method-Override": "DELETE", "Origin": "https://shop.example"}
    answers = (pair.one.api.get(path, headers=override), pair.one.api.get(path))
    return [plain(each) for each in answers]


def neighbours(pair: Pair) -> Seen:
    """What the other tenant has, asked for by number, by template and by list; and whose ids."""
    pair.other.trigger(phone_number=NUMBER)
    pair.other.profile()
    template = pair.other.api.post(TEMPLATES, json={"text": "{{code}}"}).json()["data"]["id"]
    profile = pair.one.profile()
    body = {"code": "11111", "verify_profile_id": profile}
    answers = (
        pair.post(f"/verifications/by_phone_number/{NUMBER}/actions/verify", body),
        pair.post(PROFILES, {"name": "p", "sms": {"messaging_template_id": template}}),
        pair.one.api.get(PROFILES),
    )
    made = [pair.opened()["id"][:8] for _ in range(2)]
    return [*map(plain, answers), made[0] == made[1]]


def lookups(pair: Pair) -> Seen:
    """A number looked up with every kind of `type`."""
    kinds = ("", "?type=carrier", "?type=caller-name", "?type=carrier,caller-name")
    return [plain(pair.one.api.get(f"/number_lookup/{NUMBER}{kind}")) for kind in kinds]


def spellings(pair: Pair) -> Seen:
    """A number with an extension in a path."""
    path = f"/verifications/by_phone_number/{quote(NUMBER + 'x123')}"
    return [pair.one.api.get(path).status_code]


def senders(pair: Pair) -> Seen:
    """Requests beyond the limit that claim to come from elsewhere."""
    pair.one.levers.put("limits", json={"requests_per_minute": 1})
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    answers = [
        pair.one.api.get(PROFILES),
        pair.one.api.get(PROFILES, headers=elsewhere),
        pair.one.api.get(f"{PROFILES}?x=1"),
    ]
    return [each.status_code for each in answers]


def rows(pair: Pair) -> Seen:
    """Lists of both kinds, twice: filtered, empty, ended, and without page parameters."""
    for index in range(12):
        urls = {"webhook_url": "http://127.0.0.1:9/x"}
        pair.post(PROFILES, {"name": f"shop {index}", **urls})
    ended = pair.opened()
    pair.check(ended, "00429")
    pair.opened()
    paths = (
        *(PROFILES, f"{PROFILES}?filter[name]=shop%2011", f"{PROFILES}?filter[name]=shop%201"),
        *[f"/verifications/by_phone_number/{NUMBER}"] * 2,
        *("/verifications/by_phone_number/+13035550177", f"{PROFILES}?page[size]=5"),
    )
    return [plain(pair.one.api.get(path)) for path in paths]


def settings(pair: Pair) -> Seen:
    """Profiles of odd names and settings, changed, read and deleted."""
    names = ("café  x", "n" * 70, "🔐")
    blocks: dict[str, dict[str, Any]] = {
        "sms": {"code_length": 3},
        "call": {"code_length": 12},
        "whatsapp": {"default_verification_timeout_secs": 86_400},
    }
    seen: Seen = [plain(pair.post(PROFILES, {"name": name})) for name in names]
    seen += [
        pair.post(PROFILES, {"name": "p", name: block}).status_code
        for name, block in blocks.items()
    ]
    template = {"messaging_template_id": UNKNOWN}
    seen.append(pair.post(PROFILES, {"name": "p", "sms": template}).status_code)
    first, second = pair.one.profile(whatsapp={"waba_id": "1"}), pair.one.profile()
    path = f"{PROFILES}/{first}"
    for change in ({"name": "q"}, {"flashcall": {"app_name": "x"}}):
        pair.one.api.patch(path, json=change)
        seen.append(plain(pair.one.api.get(path)))
    pair.one.api.delete(path)
    return [*seen, plain(pair.one.api.get(f"{PROFILES}/{second}"))]


def bodies(pair: Pair) -> Seen:
    """A trigger that brings its own state, one with its own timeout, and a refused one."""
    forged = {"status": "accepted", "type": "call", "custom_code": "00429"}
    seen: Seen = [plain(pair.trigger(**forged)), plain(pair.trigger(timeout_secs=77))]
    verification = pair.opened()
    narrow = pair.one.profile(sms={"whitelisted_destinations": ["NZ"]})
    pair.trigger(verify_profile_id=narrow)
    return [*seen, plain(pair.read(verification))]


_FAULTS: dict[Walk, tuple[str, ...]] = {
    keys: (
        *("key-in-the-address-works", "scheme-in-lower-case-refused", "revoked-keys-say-so"),
        *("first-of-two-keys-is-taken", "last-of-joined-keys-is-taken"),
        *("refusal-repeats-the-key", "profile-shows-the-key"),
    ),
    countries: ("any-word-is-a-country", "premium-numbers-are-sent-to", "satellites-are-sent-to"),
    endings: (
        *("wrong-codes-undo-acceptance", "verdict-revives-what-was-locked"),
        *("verdict-rejected-is-refused", "verdict-beside-a-code-counts"),
        *("acceptance-moves-created-at", "verification-dated-ahead", "wrong-code-reads-accepted"),
        *("codes-live-three-seconds-longer", "accepted-reads-approved"),
        "ended-verification-forgets-its-code",
    ),
    near_misses: (
        *("white-space-around-a-code-ignored", "digits-in-any-order", "last-digit-not-compared"),
        *("digits-of-other-scripts-accepted", "codes-compared-as-numbers"),
    ),
    errors: (
        *("stack-trace-in-errors", "sql-in-errors", "internal-address-in-errors"),
        *("unknown-object-is-a-bad-request", "bad-key-is-too-many-requests"),
        "errors-do-not-name-the-field",
    ),
    addresses: (
        *("any-scheme-is-a-webhook-address", "endless-failover-address"),
        "webhook-address-gets-a-parameter",
    ),
    proxies: ("answers-may-be-kept", "open-to-every-site", "method-header-obeyed"),
    neighbours: (
        *("neighbours-numbers-are-refused-otherwise", "neighbours-templates-are-taken"),
        *("ids-count-up", "profile-list-shows-the-neighbours"),
    ),
    lookups: (
        *("lookup-always-gives-the-carrier", "lookup-gives-no-caller-name"),
        "lookup-gives-one-type-of-several",
    ),
    spellings: ("extension-becomes-part-of-the-number",),
    senders: ("limit-per-sender-address", "limit-per-address"),
    rows: (
        *("filter-takes-any-word", "filter-misses-the-name-itself", "empty-list-is-404"),
        *("profiles-in-another-order-each-time", "numbers-list-in-another-order-each-time"),
        *("list-shows-ended-as-pending", "profile-list-forgets-addresses", "ten-rows-by-default"),
        "total-pages-rounded-down",
    ),
    settings: (
        *("whatsapp-account-forgotten", "patch-answers-and-stores-nothing"),
        *("flash-calls-lost-in-a-patch", "codes-of-three-digits", "calls-of-twelve-digits"),
        *("codes-for-a-day-by-default", "names-lose-their-accents", "names-cut-at-sixty-four"),
        *("names-lose-white-space", "any-template-id-taken", "deletion-takes-all-profiles"),
        "emoji-in-a-name-crashes",
    ),
    bodies: (
        *("status-can-be-given", "type-can-be-given", "refused-trigger-ends-what-is-pending"),
        *("request-timeout-ignored", "number-shown-without-its-plus"),
    ),
}

WALKS: dict[str, Walk] = {name: walk for walk, names in _FAULTS.items() for name in names}
"""The walk that meets each fault."""
