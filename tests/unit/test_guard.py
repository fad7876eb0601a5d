"""The guard: loopback is free, everything else has to be meant."""

from collections.abc import Mapping, Sequence

import pytest

from tests.unit.test_addresses import LIVE_SPELLINGS
from verify_harness.errors import (
    CeilingMissing,
    HarnessError,
    HostNotAllowed,
    LiveApiRefused,
    LocalhostElsewhere,
    PlainTextRefused,
    RemoteLoadRefused,
    UsageError,
)
from verify_harness.exchange import Exchange, Request
from verify_harness.exitcodes import ExitCode
from verify_harness.safety.addresses import origin_of
from verify_harness.safety.guard import Guard, Resolver
from verify_harness.safety.permission import Ceiling, Permission

LIVE_ADDRESSES = ("192.0.2.10", "192.0.2.11", "2001:db8::10")
LOOPBACK = ["http://127.0.0.1:8080/v2", "http://localhost", "http://[::1]:9/v2", "http://127.9.9.9"]
LIVE = [
    "https://api.telnyx.com/v2",
    "https://API.Telnyx.com",
    "http://api.telnyx.com",
    "https://telnyx.com",
    "https://rest.api.telnyx.com",
    *(f"https://{host}/v2" for host in LIVE_SPELLINGS),
]
LOOKALIKES = [
    "https://127.0.0.1.evil.example",
    "https://localhost.evil.example",
    "https://api.telnyx.com.evil.example",
    "https://0x7f000001",
    "https://2130706433",
    "https://0177.0.0.1",
    "https://127.1",
    "https://[::ffff:127.0.0.1]",
    "https://10.0.0.1",
]


def resolving(names: Mapping[str, Sequence[str]], *, live: bool = True) -> Resolver:
    """A resolver of these names, and by default of the live service's; no other name is known."""
    known = dict(names)
    if live:
        known["api.telnyx.com"] = LIVE_ADDRESSES

    def resolve(host: str, _port: int) -> Sequence[str]:
        if host not in known:
            raise OSError(f"{host} is unknown")
        return known[host]

    return resolve


STAGING = resolving(
    {"staging.example": ["198.51.100.7", "2001:db8::7"], "localhost": ["::1", "127.0.0.1"]}
)


@pytest.mark.parametrize("url", LOOPBACK)
@pytest.mark.parametrize("guard", [Guard.for_contract((), STAGING), Guard.for_load(STAGING)])
def test_loopback_is_free(guard: Guard, url: str) -> None:
    guard.check(url)


@pytest.mark.parametrize("url", LIVE)
def test_the_live_service_is_refused_even_if_allowed(url: str) -> None:
    allowed = ("api.telnyx.com", "telnyx.com", "rest.api.telnyx.com", *LIVE_SPELLINGS)
    for guard in (Guard.for_contract(allowed, STAGING), Guard.for_load(STAGING)):
        with pytest.raises(LiveApiRefused) as refusal:
            guard.check(url)
        assert refusal.value.exit_code is ExitCode.REFUSED


@pytest.mark.parametrize("url", LOOKALIKES)
def test_what_looks_like_a_known_host_is_not_one(url: str) -> None:
    with pytest.raises(HostNotAllowed):
        Guard.for_contract(("staging.example",), STAGING).check(url)


def test_a_remote_host_has_to_be_named_exactly() -> None:
    guard = Guard.for_contract(("Staging.example.",), STAGING)
    guard.check("https://staging.example/v2")
    guard.check("https://STAGING.example./v2")
    with pytest.raises(HostNotAllowed):
        guard.check("https://other.staging.example/v2")


def test_a_remote_host_needs_tls() -> None:
    with pytest.raises(PlainTextRefused):
        Guard.for_contract(("staging.example",), STAGING).check("http://staging.example/v2")


WHOLE = Ceiling(10, 5.0)


@pytest.mark.parametrize("ceiling", [Ceiling(), Ceiling(max_triggers=1), Ceiling(None, 1.0)])
def test_load_on_another_host_needs_a_whole_ceiling(ceiling: Ceiling) -> None:
    guard = Guard.for_contract(("staging.example",), STAGING)
    guard.check("https://staging.example/v2")
    guard.under_load(WHOLE).check("https://staging.example/v2")
    with pytest.raises(CeilingMissing) as refusal:
        guard.under_load(ceiling).check("https://staging.example/v2")
    assert "--max-triggers" in refusal.value.hint


@pytest.mark.parametrize("url", ["https://other.example", "https://staging.example.evil.example"])
def test_load_on_a_host_that_was_not_named_is_refused(url: str) -> None:
    with pytest.raises(RemoteLoadRefused):
        Guard.for_load(STAGING, Permission(("staging.example",)), WHOLE).check(url)


@pytest.mark.parametrize("allowed", ["api.telnyx.com", "staging.example", "192.0.2.10"])
def test_load_on_the_live_service_is_refused_under_any_permission(allowed: str) -> None:
    resolver = resolving({"staging.example": [LIVE_ADDRESSES[0]]})
    with pytest.raises(LiveApiRefused):
        Guard.for_load(resolver, Permission((allowed,), True), WHOLE).check(f"http://{allowed}/v2")


def test_plain_text_to_an_allowed_host_has_to_be_meant() -> None:
    name = "verify.staging.svc.cluster.local"
    resolver = resolving({name: ["10.20.0.9"]})
    Guard.for_contract((name,), resolver, allow_plain_text=True).check(f"http://{name}./v2")
    with pytest.raises(PlainTextRefused) as refusal:
        Guard.for_contract((name,), resolver).check(f"http://{name}/v2")
    assert "--allow-plain-text" in refusal.value.hint


def test_a_private_network_opens_its_addresses_and_no_others() -> None:
    guard = Guard.for_contract(("10.20.0.0/16",), STAGING)
    guard.check("https://10.20.255.1/v2")
    for host in ("10.21.0.1", "10.20.0.1.evil.example", "staging.example"):
        with pytest.raises(HostNotAllowed):
            guard.check(f"https://{host}/v2")


@pytest.mark.parametrize(
    "text", ["8.8.8.0/24", "0.0.0.0/0", "10.0.0.0/7", "169.254.0.0/16", "10.20.0.1/16", "x/8"]
)
def test_a_network_that_is_not_private_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="--allow-remote"):
        Guard.for_contract((text,), STAGING)


def test_shares_of_a_ceiling_add_up_to_it_and_the_smaller_ceiling_counts() -> None:
    shares = [WHOLE.share(index, 3) for index in range(3)]
    assert [share.max_triggers for share in shares] == [4, 3, 3]
    assert sum(share.max_rate_per_s or 0 for share in shares) == pytest.approx(5.0)
    assert WHOLE.tightened(Ceiling(20, 1.0)) == Ceiling(10, 1.0)


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8080", "ftp://127.0.0.1", "http://", "http://h:99999", "http://u:p@127.0.0.1"],
)
def test_what_is_no_http_address_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError) as error:
        Guard.for_contract().check(url)
    assert isinstance(error.value, HarnessError)
    assert error.value.hint


@pytest.mark.parametrize(
    "addresses", [["10.0.0.5"], ["127.0.0.1", "10.0.0.5"], ["::1", "2001:db8::1"]]
)
@pytest.mark.parametrize("url", ["http://localhost:8080/v2", "http://LOCALHOST.:8080"])
def test_localhost_is_loopback_only_if_all_its_addresses_are(
    addresses: list[str], url: str
) -> None:
    resolver = resolving({"localhost": addresses})
    for guard in (Guard.for_contract(("localhost",), resolver), Guard.for_load(resolver)):
        with pytest.raises(LocalhostElsewhere) as refusal:
            guard.check(url)
        assert refusal.value.exit_code is ExitCode.REFUSED


TRANSLATED = ["64:ff9b::192.0.2.10", "2002:c000:20a::1", "::192.0.2.10"]


@pytest.mark.parametrize("address", [*LIVE_ADDRESSES, "::ffff:192.0.2.10", *TRANSLATED])
def test_a_name_that_leads_to_the_live_service_is_the_live_service(address: str) -> None:
    resolver = resolving({"staging.example": ["198.51.100.7", address]})
    with pytest.raises(LiveApiRefused) as refusal:
        Guard.for_contract(("staging.example",), resolver).check("https://staging.example")
    assert "an address of the live service" in str(refusal.value)


@pytest.mark.parametrize("host", ["192.0.2.10", "[::ffff:192.0.2.10]", "[2001:db8::10]"])
def test_an_address_of_the_live_service_is_the_live_service(host: str) -> None:
    guard = Guard.for_contract((host.strip("[]"),), STAGING)
    with pytest.raises(LiveApiRefused):
        guard.check(f"https://{host}/v2")


@pytest.mark.parametrize("address", ["64:ff9b::192.0.2.12", "64:ff9c::192.0.2.10", "1::c000:20a"])
def test_a_translated_address_of_somebody_else_is_theirs(address: str) -> None:
    resolver = resolving({"staging.example": [address]})
    guard = Guard.for_contract(("staging.example",), resolver)
    assert len(guard.route("https://staging.example").addresses) == 1


def test_a_network_that_translates_the_live_service_hides_none_of_its_addresses() -> None:
    resolver = resolving(
        {"api.telnyx.com": ["64:ff9b::192.0.2.99"], "staging.example": ["192.0.2.99"]}, live=False
    )
    with pytest.raises(LiveApiRefused):
        Guard.for_contract(("staging.example",), resolver).check("https://staging.example")


def test_where_the_live_name_does_not_resolve_the_name_decides() -> None:
    resolver = resolving({"staging.example": ["198.51.100.7"]}, live=False)
    guard = Guard.for_contract(("staging.example", "api.telnyx.com"), resolver)
    guard.check("https://staging.example")
    with pytest.raises(LiveApiRefused):
        guard.check("https://api.telnyx.com")


def test_a_name_that_does_not_resolve_has_no_route_but_is_no_refusal() -> None:
    guard = Guard.for_contract(("gone.example",), STAGING)
    guard.check("https://gone.example")
    with pytest.raises(OSError, match="unknown"):
        guard.route("https://gone.example")


def test_a_name_is_resolved_once_and_all_its_addresses_are_kept() -> None:
    answers = iter([["::1", "127.0.0.1", "127.0.0.1"], ["10.0.0.5"]])
    guard = Guard.for_load(lambda _host, _port: next(answers))
    for _ in range(2):
        assert guard.route("http://localhost:81/x").addresses == ("::1", "127.0.0.1")


def test_a_name_that_is_not_allowed_is_never_resolved() -> None:
    asked: list[str] = []

    def resolver(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with pytest.raises(HostNotAllowed):
        Guard.for_contract(("staging.example",), resolver).check("https://other.example")
    assert asked == []


HTTP, HTTPS = origin_of("http://127.0.0.1:8080"), origin_of("https://staging.example")


def test_a_proxy_passes_the_same_gate() -> None:
    resolver = resolving({"proxy.example": ["203.0.113.4"], "localhost": ["10.0.0.5"]})
    guard = Guard.for_contract(("proxy.example",), resolver)
    proxy = origin_of("http://proxy.example:3128")
    assert guard.proxy_route(proxy, HTTPS).addresses == ("203.0.113.4",)
    guard.check_proxy(origin_of("http://127.0.0.1:3128"), HTTP)
    with pytest.raises(PlainTextRefused):
        guard.check_proxy(proxy, HTTP)
    with pytest.raises(HostNotAllowed):
        guard.check_proxy(origin_of("http://other.example:3128"), HTTPS)
    with pytest.raises(LocalhostElsewhere):
        guard.check_proxy(origin_of("http://localhost:3128"), HTTPS)
    with pytest.raises(LiveApiRefused):
        guard.check_proxy(origin_of("http://api.telnyx.com:3128"), HTTPS)


def test_a_proxy_that_does_not_resolve_is_no_refusal() -> None:
    Guard.for_contract(("gone.example",), STAGING).check_proxy(
        origin_of("http://gone.example:3128"), HTTPS
    )


def test_a_resolver_that_finds_nothing_and_says_so_by_silence_gives_no_route() -> None:
    guard = Guard.for_contract(("staging.example",), resolving({"staging.example": []}))
    with pytest.raises(OSError, match=r"staging\.example has no address"):
        guard.route("https://staging.example")


def test_off_the_live_service_a_request_is_admitted_free_and_settled_by_nobody() -> None:
    guard, request = Guard.for_contract(), Request("POST", "http://127.0.0.1:8080/v2")
    charge_id = guard.admit(request)
    assert charge_id is None
    guard.settle(charge_id, Exchange(request, None, 0.0))


def test_nothing_is_permitted_that_was_not_said() -> None:
    assert Permission() == Permission(allow_remote=(), allow_plain_text=False)


def test_a_whole_private_range_may_be_named() -> None:
    Permission(("10.0.0.0/8", "fc00::/7")).check()
