"""The guard: loopback is free, everything else has to be meant."""

import pytest

from verify_harness.errors import (
    HarnessError,
    HostNotAllowed,
    LiveApiRefused,
    PlainTextRefused,
    RemoteLoadRefused,
    UsageError,
)
from verify_harness.exitcodes import ExitCode
from verify_harness.guard import Guard

LOOPBACK = ["http://127.0.0.1:8080/v2", "http://localhost", "http://[::1]:9/v2", "http://127.9.9.9"]
LIVE = [
    "https://api.telnyx.com/v2",
    "https://API.Telnyx.com",
    "https://api.telnyx.com./v2",
    "http://api.telnyx.com",
    "https://telnyx.com",
]
LOOKALIKES = [
    "https://127.0.0.1.evil.example",
    "https://localhost.evil.example",
    "https://api.telnyx.com.evil.example",
    "https://0x7f000001",
    "https://10.0.0.1",
]


@pytest.mark.parametrize("url", LOOPBACK)
@pytest.mark.parametrize("guard", [Guard.for_contract(), Guard.for_load()])
def test_loopback_is_free(guard: Guard, url: str) -> None:
    guard.check(url)


@pytest.mark.parametrize("url", LIVE)
def test_the_live_service_is_refused_even_if_allowed(url: str) -> None:
    for guard in (Guard.for_contract(("api.telnyx.com", "telnyx.com")), Guard.for_load()):
        with pytest.raises(LiveApiRefused) as refusal:
            guard.check(url)
        assert refusal.value.exit_code is ExitCode.REFUSED


@pytest.mark.parametrize("url", LOOKALIKES)
def test_what_looks_like_a_known_host_is_not_one(url: str) -> None:
    with pytest.raises(HostNotAllowed):
        Guard.for_contract(("staging.example",)).check(url)


def test_a_remote_host_has_to_be_named_exactly() -> None:
    guard = Guard.for_contract(("staging.example",))
    guard.check("https://staging.example/v2")
    guard.check("https://STAGING.example./v2")
    with pytest.raises(HostNotAllowed):
        guard.check("https://other.staging.example/v2")


def test_a_remote_host_needs_tls() -> None:
    with pytest.raises(PlainTextRefused):
        Guard.for_contract(("staging.example",)).check("http://staging.example/v2")


def test_load_stays_on_this_machine() -> None:
    with pytest.raises(RemoteLoadRefused):
        Guard.for_contract(("staging.example",)).under_load().check("https://staging.example/v2")


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8080", "ftp://127.0.0.1", "http://", "http://h:99999", "http://u:p@127.0.0.1"],
)
def test_what_is_no_http_address_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError) as error:
        Guard.for_contract().check(url)
    assert isinstance(error.value, HarnessError)
    assert error.value.hint
