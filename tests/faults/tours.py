"""Walks through one area each that note what a caller sees; a fault of the area shows in its walk.

For faults whose harm needs more than a request or two; the shorter probes are beside the test.
"""

import base64
import json
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import httpx
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tests.faults.pair import NUMBER, UNKNOWN, Pair, plain
from verify_harness import numbers
from verify_harness.contract.webhook_receiver import Delivery, WebhookReceiver

CHANNELS = ("sms", "call", "flashcall", "whatsapp")
COUNTRIES = {
    "US": "+13035550100",
    "CA": "+16135550100",
    "GB": "+447700900123",
    "DE": "+493023125001",
}
TEMPLATES = "/verify_profiles/templates"
DAY_SECS = 86_400

Seen = list[Any]


def _status(pair: Pair, channel: str = "sms", **fields: Any) -> int:
    return pair.trigger(channel, **fields).status_code


def destinations(pair: Pair) -> Seen:
    """Every channel to every country, with different lists."""
    lists = ({"sms": ["GB"], "call": ["US"]}, {"sms": ["*"], "call": ["CA", "US"]})
    seen = []
    for allowed in lists:
        blocks = {name: {"whitelisted_destinations": found} for name, found in allowed.items()}
        profile = pair.post("/verify_profiles", {"name": "p", **blocks}).json()["data"]["id"]
        seen += [
            _status(pair, channel, phone_number=number, verify_profile_id=profile)
            for channel in allowed
            for number in COUNTRIES.values()
        ]
    return seen


def triggers(pair: Pair) -> Seen:
    """Timeouts, extensions, a channel that is not configured, and many messages."""
    extensions: tuple[str | None, ...] = ("1wW2", "1E", "x", None)
    seen: Seen = [_status(pair, timeout_secs=secs) for secs in (0, 1, 600, 601, 3600)]
    seen += [_status(pair, "call", extension=keys) for keys in extensions]
    only = pair.post("/verify_profiles", {"name": "p", "sms": {}}).json()["data"]["id"]
    seen += [_status(pair, channel, verify_profile_id=only) for channel in CHANNELS]
    seen += [_status(pair, phone_number=numbers.nth(index)) for index in range(20)]
    return [*seen, [(each["to"], each.get("extension")) for each in pair.one.outbox()]]


def spending(pair: Pair) -> Seen:
    """Five triggers with every kind of limit, and again on the next day."""
    kinds: Iterable[dict[str, Any]] = (
        {"daily_spend_limit": 0.11, "daily_spend_limit_enabled": True},
        {"daily_spend_limit": 0.11},
        {"daily_spend_limit_enabled": True},
    )
    profiles = [pair.one.profile(**kind) for kind in kinds]
    seen = []
    for _ in range(2):
        seen += [_status(pair, verify_profile_id=each) for each in profiles for _ in range(5)]
        pair.one.advance(DAY_SECS)
    return seen


def _together(pair: Pair, times: int, path: str, body: Any) -> None:
    """The same request many times at once."""
    barrier = Barrier(times)

    def send() -> None:
        with httpx.Client(headers=pair.one.api.headers) as client:
            barrier.wait()
            client.post(f"{pair.one.api.base_url}{path}", json=body)

    threads = [Thread(target=send) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def spending_at_once(pair: Pair) -> Seen:
    """Ten triggers at once with a limit for three."""
    limit = {"daily_spend_limit": 0.11, "daily_spend_limit_enabled": True}
    body = {"phone_number": NUMBER, "verify_profile_id": pair.one.profile(**limit)}
    _together(pair, 10, "verifications/sms", body)
    return [len(pair.one.outbox())]


def answers_at_once(pair: Pair) -> Seen:
    """Whether eight triggers at once are each answered about their own number."""
    profile = pair.one.profile()
    numbers = [f"+1303555010{at}" for at in range(8)]
    answered: dict[str, str] = {}

    def trigger(number: str) -> None:
        body = {"phone_number": number, "verify_profile_id": profile}
        with httpx.Client(headers=pair.one.api.headers) as client:
            barrier.wait()
            answer = client.post(f"{pair.one.api.base_url}verifications/sms", json=body)
        answered[number] = answer.json()["data"]["phone_number"]

    barrier = Barrier(len(numbers))
    threads = [Thread(target=trigger, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [all(answered[number] == number for number in numbers)]


def rates(pair: Pair) -> Seen:
    """Up to the limits of a key and of a number, beyond them, and after the wait."""
    seen: Seen = []
    pair.one.levers.put("limits", json={"requests_per_minute": 3}).raise_for_status()
    for _ in range(2):
        for account in (pair.one, pair.one, pair.one, pair.one, pair.other):
            answer = account.api.get("/verify_profiles")
            limits = {key: value for key, value in answer.headers.items() if "rate" in key}
            seen.append((answer.status_code, limits, answer.headers.get("retry-after")))
        pair.one.advance(60)
    pair.one.levers.put("limits", json={"requests_per_minute": None, "triggers_per_number": 1})
    other = {"phone_number": "+13035550199"}
    return [*seen, *(_status(pair, name, **more) for name in CHANNELS for more in ({}, other))]


def codes(pair: Pair) -> Seen:
    """Many codes drawn, many guesses, codes of one's own, and mixed ways of checking."""
    seen: Seen = []
    own = (*("123", "1234", "abcd", "1", "12345678901"), "٠١٢٣٤")
    seen += [_status(pair, custom_code=code) for code in own]
    for channel in CHANNELS:
        for index in range(15):
            number = numbers.nth(1000 + index)
            verification = pair.trigger(channel, phone_number=number).json()["data"]
            code = pair.one.code_of(verification)
            wrong = [f"{code[:-1]}{(int(code[-1]) + step) % 10}" for step in range(1, 8)]
            guesses = [*wrong[: index % 7], code, code]
            for place, guess in enumerate(guesses):
                check = pair.check if place % 2 else _by_number(pair, number)
                seen.append(check(verification, guess).text)
    drawn = [(each["code"], each.get("caller")) for each in pair.one.outbox()]
    return [*seen, drawn]


def _by_number(pair: Pair, number: str) -> Callable[[dict[str, Any], str], httpx.Response]:
    def check(verification: dict[str, Any], code: str) -> httpx.Response:
        body = {"code": code, "verify_profile_id": verification["verify_profile_id"]}
        return pair.post(f"/verifications/by_phone_number/{number}/actions/verify", body)

    return check


def late_codes(pair: Pair) -> Seen:
    """A code of each channel after its time."""
    made = [pair.trigger(channel, timeout_secs=10).json()["data"] for channel in CHANNELS]
    given = [pair.one.code_of(each) for each in made]
    pair.one.advance(11)
    return [pair.check(*each).text for each in zip(made, given, strict=True)]


def one_profile(pair: Pair) -> Seen:
    """Wrong codes for several numbers of one profile."""
    profile, seen = pair.one.profile(), []
    for index in range(4):
        number = numbers.nth(index)
        opened = pair.opened(phone_number=number, verify_profile_id=profile)
        seen += [pair.check(opened, code).text for code in ("11111", "22222", "00429")]
    return seen


def two_profiles(pair: Pair) -> Seen:
    """The code of one profile, checked with another of the same number."""
    made = [pair.trigger(custom_code=code).json()["data"] for code in ("11111", "22222")]
    return [pair.check(made[1], "11111").text]


def calls_answer(pair: Pair) -> Seen:
    """What the trigger of a call answers."""
    return [plain(pair.trigger("call"))]


def life(pair: Pair) -> Seen:
    """Reading often, resending twice, and checking all the codes."""
    watched = pair.opened(timeout_secs=60)
    stamps = []
    for _ in range(6):
        pair.one.advance(9)
        stamps.append(pair.read(watched).json()["data"]["updated_at"] == watched["updated_at"])
    pair.one.advance(9)
    seen: Seen = [stamps, pair.check(watched, "00429").text]
    often = pair.opened()
    seen += [pair.read(often).status_code for _ in range(5)]
    seen += [plain(pair.check(often, code)) for code in ("11111", "00429")]
    profile = pair.one.profile()
    sent = ("11111", "22222", "33333")
    made = [
        pair.trigger(verify_profile_id=profile, custom_code=code).json()["data"] for code in sent
    ]
    seen += [pair.check(each, code).text for code in sent for each in made]
    return [*seen, *(plain(pair.read(each)) for each in made)]


def lists(pair: Pair) -> Seen:
    """Pages within, at and beyond the end, and pages that are none."""
    for index in range(5):
        pair.one.profile(name=f"p{index}")
    pages = [("2", "1"), ("2", "2"), ("2", "3"), ("2", "9"), ("1000", "1"), ("2", "0"), ("x", "1")]
    asked = [f"page[size]={size}&page[number]={number}" for size, number in pages]
    return [plain(pair.one.api.get(f"/verify_profiles?{query}")) for query in asked]


BAD_NAMES: tuple[tuple[str, dict[str, str]], ...] = (
    ("sms", {"alpha_sender": "x" * 12}),
    ("sms", {"app_name": "!"}),
    ("call", {"app_name": "!"}),
)
READ_ONLY = {"id": UNKNOWN, "created_at": "1999-01-01T00:00:00.000000", "record_type": "x"}


def profiles(pair: Pair) -> Seen:
    """Names that break their pattern, fields that are nobody's, a refused PATCH, a deletion."""
    named = [{"name": "p", channel: block} for channel, block in BAD_NAMES]
    seen: Seen = [pair.post("/verify_profiles", body).status_code for body in named]
    body = {"name": "p", "call": {"code_length": 7}, "colour": "red", **READ_ONLY}
    made = pair.post("/verify_profiles", body)
    shown = made.json()["data"]
    is_now = abs(time.time() - _unix(shown["created_at"])) < 600
    seen += [plain(made), shown["id"] == UNKNOWN, is_now]
    for change in ({"name": "q", "sms": 1}, {"call": {"app_name": "Other"}}):
        pair.one.advance(5)
        pair.one.api.patch(f"/verify_profiles/{shown['id']}", json=change)
        seen += _stamps(pair, shown)
    return [*seen, *_deleted(pair, shown["id"])]


def _stamps(pair: Pair, before: dict[str, Any]) -> Seen:
    """How a profile reads now, and which of its times moved."""
    now = pair.one.api.get(f"/verify_profiles/{before['id']}")
    data = now.json().get("data", {})
    names = ("created_at", "updated_at")
    return [plain(now), *(data.get(name) == before[name] for name in names)]


def _deleted(pair: Pair, profile_id: str) -> Seen:
    """Deleting a profile with an open verification, then using both."""
    body = {"phone_number": NUMBER, "verify_profile_id": profile_id, "custom_code": "00429"}
    opened = pair.post("/verifications/call", body).json().get("data", {"id": UNKNOWN})
    deleted = pair.one.api.delete(f"/verify_profiles/{profile_id}")
    answers = (deleted, pair.check(opened, "00429"), pair.post("/verifications/call", body))
    return [plain(each) for each in answers]


def _unix(stamp: str) -> float:
    """Seconds since the epoch of a time in UTC."""
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp()


def messages(pair: Pair) -> Seen:
    """Templates good and bad, and what profiles send with them before and after an edit."""
    texts = ("{{app_name}}: {{code}} {{code}}", "no code", "{{ code }}")
    answers = [pair.post(TEMPLATES, {"text": text}) for text in texts]
    template_id = answers[0].json()["data"]["id"]
    block = {"messaging_template_id": template_id, "app_name": "Shop"}
    for word in ("old", "new"):
        pair.trigger(verify_profile_id=pair.one.profile(sms=block))
        pair.trigger(verify_profile_id=pair.one.profile(sms={}))
        pair.one.api.patch(f"{TEMPLATES}/{template_id}", json={"text": f"{word} {{{{code}}}}"})
        pair.trigger(verify_profile_id=pair.one.profile(sms=block))
    return [*map(plain, answers), [each["text"] for each in pair.one.outbox()]]


def webhooks(pair: Pair) -> Seen:
    """What listeners get that answer 200, 202, 302 and 500, each with one beside it."""
    seen: Seen = []
    for status in (200, 202, 302, 500):
        with ExitStack() as stack:
            first, second = (stack.enter_context(WebhookReceiver(each)) for each in (status, 200))
            urls = {"webhook_url": first.url, "webhook_failover_url": second.url}
            profile = pair.one.profile(sms={"whitelisted_destinations": ["US"]}, **urls)
            for number in (NUMBER, COUNTRIES["DE"]):
                pair.trigger("sms", phone_number=number, verify_profile_id=profile)
            pair.trigger("flashcall", verify_profile_id=profile)
            _settle(pair)
            seen += [
                sorted(_told(pair, each) for each in one.deliveries) for one in (first, second)
            ]
    return seen


def _settle(pair: Pair) -> None:
    patience = time.monotonic() + 5
    while pair.one.levers.get("webhooks").json()["waiting"] and time.monotonic() < patience:
        time.sleep(0.01)


def _told(pair: Pair, delivery: Delivery) -> str:
    data = json.loads(delivery.body)["data"]
    names = ("id", "profile_id", "created_at", "updated_at")
    payload = {key: value for key, value in data["payload"].items() if key not in names}
    return json.dumps([data["event_type"], payload, _is_signed(pair, delivery)], sort_keys=True)


def _is_signed(pair: Pair, delivery: Delivery) -> bool:
    root = str(pair.one.levers.base_url).partition("/_sandbox")[0]
    key = httpx.get(f"{root}/_sandbox/").json()["webhook_public_key"]
    stamp = delivery.headers["telnyx-timestamp"].encode()
    signature = base64.b64decode(delivery.headers["telnyx-signature-ed25519"])
    try:
        VerifyKey(base64.b64decode(key)).verify(stamp + b"|" + delivery.body, signature)
    except BadSignatureError:
        return False
    return True


def requests(pair: Pair) -> Seen:
    """Hostile bodies, HEAD, OPTIONS, and the request's name in the answer."""
    send = pair.one.api.request
    bodies = (
        *(b'{"name":"x","name":"y"}', b'{"name":"x","sms":{},"daily_spend_limit":NaN}'),
        *(b'{"name":"\xff"}', b'{"name":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    )
    headers = {"content-type": "application/json", "x-request-id": "mine"}
    packed = {**headers, "content-encoding": "gzip"}
    answers = [send("POST", "/verify_profiles", content=each, headers=headers) for each in bodies]
    answers.append(send("POST", "/verify_profiles", content=b'{"name":"x"}', headers=packed))
    answers += [send(method, "/verify_profiles", headers=headers) for method in ("HEAD", "OPTIONS")]
    return [
        (each.status_code, each.headers.get("x-request-id"), bool(each.content)) for each in answers
    ]


def many(pair: Pair) -> Seen:
    """The same read, forty times."""
    return [pair.one.api.get(f"/verifications/{UNKNOWN}").status_code for _ in range(40)]


def backwards(pair: Pair) -> Seen:
    """What the first account reads of the second's."""
    return [plain(pair.one.api.get(f"/verify_profiles/{pair.other.profile()}"))]


TOURS: dict[str, Callable[[Pair], Seen]] = {
    "code": codes,
    "dest": destinations,
    "hook": webhooks,
    "http": requests,
    "iso": backwards,
    "life": life,
    "list": lists,
    "prof": profiles,
    "rate": rates,
    "spec": many,
    "spnd": spending,
    "tmpl": messages,
    "trig": triggers,
}
"""By area; a fault that shows elsewhere names its walk in the table of probes."""
