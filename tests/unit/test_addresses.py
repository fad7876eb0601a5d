"""Addresses have one spelling: the one that is dialled."""

import pytest

from verify_harness.errors import UsageError
from verify_harness.safety.addresses import base_url, canonical_host, origin_of, proxy_of

LIVE_SPELLINGS = [
    "api.telnyx。com",  # U+3002
    "api．telnyx．com",  # noqa: RUF001 - U+FF0E
    "api｡telnyx｡com",  # U+FF61
    "ＡＰＩ．ｔｅｌｎｙｘ．ｃｏｍ",  # noqa: RUF001 - wide letters
    "API.TELNYX.COM",
    "api.telnyx.com.",
    "api.telnyx.com。",
    "api.tel\u00adnyx.com",  # a soft hyphen, which UTS 46 drops
]


@pytest.mark.parametrize("host", LIVE_SPELLINGS)
def test_a_host_has_one_spelling(host: str) -> None:
    assert canonical_host(host) == "api.telnyx.com"


@pytest.mark.parametrize(
    "host, spelling",
    [
        ("127.0.0.1.", "127.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),  # noqa: RUF001
        ("LOCALHOST.", "localhost"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("straße.example", "xn--strae-oqa.example"),
        ("under_score.example", "under_score.example"),
    ],
)
def test_addresses_and_names_are_brought_to_theirs(host: str, spelling: str) -> None:
    assert canonical_host(host) == spelling


@pytest.mark.parametrize(
    "host",
    ["api%2etelnyx.com", "%6cocalhost", "fe80::1%eth0", "a..b", "..", "", "a b", "h:80", "x" * 64],
)
def test_what_is_no_host_is_a_usage_error(host: str) -> None:
    with pytest.raises(UsageError):
        canonical_host(host)


@pytest.mark.parametrize(
    "text, sentence",
    [
        (" http://127.0.0.1/v2", "holds a blank"),
        ("http://127.0.0.1/v2 ", "holds a blank"),
        ("http://127.0.0.1/v2\n", "a line break"),
        ("http://127.0.0.1/v 2", "holds a blank"),
        ("http://127.0.0.1/v2\x00", "a control character"),
        ("http://127.0.0.1/v2?x=1", "holds '?'"),
        ("http://127.0.0.1/v2#frag", "holds '#'"),
        ("http://127.0.0.1\\@evil.example/", "holds '\\\\'"),
        ("http://user:secret@127.0.0.1/", "holds a user name or password"),
        ("http://[::1/v2", "is not a URL"),
        ("http://127.0.0.1:0", "there is no port 0"),
        ("http://xn--\u00fc.example", "neither a host name nor an IP address"),
    ],
)
def test_a_base_url_ends_with_its_path(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        base_url(text)
    assert sentence in str(error.value)
    assert error.value.hint


@pytest.mark.parametrize(
    "text, spelling",
    [
        ("HTTP://LocalHost:80/V2/", "http://localhost:80/V2"),
        ("https://api.telnyx。com/v2", "https://api.telnyx.com/v2"),
        ("http://[0::1]:9", "http://[::1]:9"),
    ],
)
def test_a_base_url_keeps_its_path_and_port(text: str, spelling: str) -> None:
    assert base_url(text) == spelling


def test_the_host_header_leaves_the_usual_port_out() -> None:
    origin = origin_of("https://Staging.example./x?y")
    assert (origin.host_header, origin.authority) == ("staging.example", "staging.example:443")
    assert origin_of("http://[::1]:443/").host_header == "[::1]:443"


def test_a_proxy_may_have_a_user_and_shows_it_to_nobody() -> None:
    proxy = proxy_of("http://us%40er:pass@127.0.0.1:3128")
    assert proxy.origin.authority == "127.0.0.1:3128"
    assert proxy.headers == (("Proxy-Authorization", "Basic dXNAZXI6cGFzcw=="),)
    assert "dXNA" not in repr(proxy)
    with pytest.raises(UsageError):
        proxy_of("socks5://127.0.0.1:1080")


def test_a_proxy_speaks_http_in_clear_and_needs_no_user() -> None:
    assert proxy_of("http://127.0.0.1:3128").headers == ()
    with pytest.raises(UsageError, match="http://HOST:PORT"):
        proxy_of("https://127.0.0.1:3128")


@pytest.mark.parametrize("host", ["\u2488com", "a" * 64 + "\u00e9"])
def test_a_name_that_idna_does_not_know_is_a_usage_error(host: str) -> None:
    with pytest.raises(UsageError, match="neither a host name nor an IP address"):
        origin_of(f"https://{host}/v2")


def test_an_origin_has_the_port_of_its_scheme() -> None:
    assert [origin_of(f"{scheme}://127.0.0.1").port for scheme in ("http", "https")] == [80, 443]
