"""Generated combinations of all that decides who is called: one `Case` for each number.

A case holds, beside each text that the product gets, what that text truly means. So nobody has to
read a URL again to say what was right: neither this module nor `call_rules.py` parses one, and both
know nothing of the product.
"""

import random
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal, get_args

Address = IPv4Address | IPv6Address
Command = Literal["smoke", "contract run", "check", "load run", "load capacity", "webhook"]
Channel = Literal["flag", "environment", "named file", "lying file"]

LIVE_NAMES = frozenset({"api.telnyx.com", "telnyx.com"})
LIVE_ADDRESSES = frozenset(map(ip_address, ("192.0.2.10", "192.0.2.11", "2001:db8::10")))
STRANGER = "203.0.113.66"
"""What every name resolves to that a case knows nothing of."""


@dataclass(frozen=True)
class Host:
    """A host as it is spelled, and what it is."""

    spelled: str
    name: str | None
    """The name or IP address that a client dials; None for what is no host, or hides another."""

    @property
    def address(self) -> Address | None:
        """The address, where the host is one."""
        try:
            return ip_address(self.name or "")
        except ValueError:
            return None


@dataclass(frozen=True)
class Url:
    """An HTTP URL, and where it leads."""

    text: str
    scheme: str
    host: Host


@dataclass(frozen=True)
class Grant:
    """A word of --allow-remote, and what it may grant."""

    text: str
    name: str | None = None
    network: str | None = None


@dataclass(frozen=True)
class Case:
    """One combination."""

    number: int
    command: Command
    target: Url | None
    """None is the embedded sandbox."""
    target_by: Channel = "flag"
    grants: tuple[Grant, ...] = ()
    """What the user allows by flag, variable or a file that they name."""
    grants_by: Channel = "flag"
    planted: tuple[Grant, ...] = ()
    """What a less important place allows, too; it must grant nothing."""
    plain_text: bool = False
    ceiling: tuple[bool, bool] = (False, False)
    """Whether the triggers and their rate are limited."""
    proxy: Url | None = None
    proxy_by: Channel = "flag"
    stray_proxy: bool = False
    """Whether the environment names a stranger's proxy, as other programs read it."""
    token_url: Url | None = None
    spec: str | None = None
    """The name of an OpenAPI document in `DOCUMENTS`."""
    redirect: tuple[int, str] | None = None
    """Status and Location that the target answers everything with."""
    names: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """What each name resolves to, question by question, over and over; () does not resolve."""

    @property
    def is_load(self) -> bool:
        """Whether the command drives load."""
        return self.command in {"check", "load run", "load capacity"}

    def addresses_of(self, name: str) -> tuple[Address, ...]:
        """All addresses that a name, or an address, ever stands for."""
        try:
            return (ip_address(name),)
        except ValueError:
            answers = self.names.get(name, ((STRANGER,),))
            return tuple(ip_address(address) for answer in answers for address in answer)

    def answer(self, name: str, times_asked: int) -> tuple[str, ...]:
        """What the resolver says when it was asked so often before."""
        answers = self.names.get(name, ((STRANGER,),))
        return answers[times_asked % len(answers)]


def _same(*spellings: str, name: str) -> list[Host]:
    return [Host(spelled, name) for spelled in spellings]


_LOOPBACK = [
    *_same("127.0.0.1", "127.0.0.1.", "１２７.0.0.1", name="127.0.0.1"),  # noqa: RUF001 - wide
    *_same("[::1]", "[0:0:0:0:0:0:0:1]", name="::1"),
    *_same("127.9.9.9", name="127.9.9.9"),
    *_same("localhost", "LOCALHOST.", "ｌｏｃａｌｈｏｓｔ", name="localhost"),  # noqa: RUF001 - wide
]
_LIVE = [
    *_same("api.telnyx.com", "API.Telnyx.Com", "api.telnyx.com.", name="api.telnyx.com"),
    *_same("api.telnyx。com", "api｡telnyx｡com", name="api.telnyx.com"),
    *_same("api．telnyx．com", "ａｐｉ.telnyx.com", name="api.telnyx.com"),  # noqa: RUF001 - wide
    *_same("api.tel\u00adnyx.com", "api.telnyx.com。", name="api.telnyx.com"),
    *_same("telnyx.com", name="telnyx.com"),
    *_same("rest.api.telnyx.com", name="rest.api.telnyx.com"),
    *_same("portal.telnyx.com", "Portal.TELNYX.com.", name="portal.telnyx.com"),
    *_same("192.0.2.10", name="192.0.2.10"),
    *_same("192.0.2.11.", name="192.0.2.11"),
    *_same("[2001:db8::10]", "[2001:DB8:0::10]", name="2001:db8::10"),
    *_same("[::ffff:192.0.2.10]", "[::ffff:c000:20a]", name="::ffff:c000:20a"),
    *_same("[64:ff9b::192.0.2.10]", name="64:ff9b::c000:20a"),
    *_same("[2002:c000:20a::1]", name="2002:c000:20a::1"),
    *_same("[::192.0.2.10]", name="::c000:20a"),
    *_same("3221225994", name="3221225994"),
    *_same("0xc000020a", name="0xc000020a"),
    *_same("0300.0.2.012", name="0300.0.2.012"),
    *_same("192.0.522", name="192.0.522"),
]
_STAGING = [
    *_same("staging.example", "STAGING.example.", "staging。example", name="staging.example"),
    *_same("bücher.example", "xn--bcher-kva.example", name="xn--bcher-kva.example"),
    *_same("verify.staging.svc.cluster.local", name="verify.staging.svc.cluster.local"),
    *_same("198.51.100.7", name="198.51.100.7"),
    *_same("10.20.0.9", name="10.20.0.9"),
    *_same("[fc00::9]", name="fc00::9"),
]
_LEADING_ELSEWHERE = [
    *_same("To-Second-Live.example.", name="to-second-live.example"),
    *(
        Host(name, name)
        for name in (
            *("to-live.example", "to-mapped-live.example", "to-nat64-live.example", "both.example"),
            *(
                "to-6to4-live.example",
                "rebinds.example",
                "to-loopback.example",
                "to-private.example",
            ),
            *("gone.example", "rebinds-away.example", "to-second-live.example"),
        )
    ),
]
_TRICKS = [
    *_same("Staging.Example.evil.example.", name="staging.example.evil.example"),
    *(
        Host(name, name)
        for name in (
            *("staging.example.evil.example", "evilstaging.example", "x.staging.example"),
            *("127.0.0.1.evil.example", "localhost.evil.example", "eviltelnyx.com"),
            *("api.telnyx.com.evil.example", "staging.exampl"),
        )
    ),
]
_STRANGE = [
    *(Host(name, name) for name in ("2130706433", "0x7f000001", "0177.0.0.1", "127.1")),
    *(Host(name, name) for name in ("10.21.0.9", "169.254.169.254", "0.0.0.0")),
    Host("[::ffff:127.0.0.1]", "::ffff:7f00:1"),
    Host("[fe80::1]", "fe80::1"),
    Host("stаging.example", "xn--stging-4nf.example"),  # noqa: RUF001 - a Cyrillic letter
    *_same("127.0.0.1#@evil.example", "127.0.0.1?@evil.example", name="127.0.0.1"),
]
_NO_HOST = [
    Host(spelled, None)
    for spelled in (
        *("api%2etelnyx.com", "[fe80::1%25eth0]", "a..b", "127.0.0.1:80@evil.example"),
        *("user:secret@127.0.0.1", "127.0.0.1\\@evil.example"),
        *("127.0.0.1\t.evil.example", "%6cocalhost", "staging_.-.."),
    )
]
_KINDS = (
    (15, _LOOPBACK),
    (24, _LIVE),
    (20, _STAGING),
    (22, _LEADING_ELSEWHERE),
    (9, _TRICKS),
    (6, _STRANGE),
    (5, _NO_HOST),
)

_NETWORKS = [
    Grant("10.20.0.0/16", network="10.20.0.0/16"),
    Grant("10.0.0.0/8", network="10.0.0.0/8"),
    Grant("fc00::/7", network="fc00::/7"),
    *(Grant(text) for text in ("192.0.2.0/24", "0.0.0.0/0", "::/0", "169.254.0.0/16", "x/8")),
    *(Grant(text) for text in (".example", "*.example", "*", "https://staging.example")),
]
_LOCATIONS = (
    "https://api.telnyx.com/v2",
    "http://192.0.2.10/v2",
    f"http://{STRANGER}/v2",
    "//evil.example/v2",
    "http://10.21.0.9:8080/v2",
)
DOCUMENTS: dict[str, dict[str, object]] = {
    "live servers": {"servers": [{"url": "https://api.telnyx.com/v2"}]},
    "strange servers": {"servers": [{"url": "http://{h}/v2", "variables": {"h": {}}}]},
    "reference to the network": {"$ref": "http://evil.example/schema.json"},
    "reference to a file": {"$ref": "file:///etc/hostname"},
}
"""What is added to a document that is in order otherwise; references go into a schema."""


_COMMANDS: tuple[Command, ...] = get_args(Command)


def case(number: int) -> Case:
    """The combination of this number; the same in every process."""
    random_ = random.Random(number)
    target = None if random_.random() < 0.04 else _url(random_, _host(random_))
    grants = _grants(random_, target)
    files: tuple[Channel, ...] = ("named file", "lying file")
    file = random_.choices(files, (70, 30))[0]  # the one wins over the other
    proxy = _proxy(random_) if random_.random() < 0.18 else None
    command = random_.choices(_COMMANDS, (36, 16, 8, 24, 6, 10))[0]
    return Case(
        number=number,
        command=command,
        target=target,
        target_by=_channel(random_, file),
        grants=grants,
        grants_by=_channel(random_, file),
        planted=_grants(random_, target) if grants and random_.random() < 0.15 else (),
        plain_text=random_.random() < 0.45,
        ceiling=(random_.random() < 0.75, random_.random() < 0.75),
        proxy=proxy,
        proxy_by=_channel(random_, file),
        stray_proxy=random_.random() < 0.1,
        token_url=_token_url(random_) if random_.random() < 0.12 else None,
        spec=random_.choice(sorted(DOCUMENTS)) if random_.random() < 0.08 else None,
        redirect=(random_.choice((301, 302, 303, 307, 308)), random_.choice(_LOCATIONS))
        if random_.random() < 0.25
        else None,
        names=_names(random_),
    )


def _host(random_: random.Random) -> Host:
    kinds = random_.choices(_KINDS, [weight for weight, _ in _KINDS])
    return random_.choice(kinds[0][1])


def _channel(random_: random.Random, file: Channel) -> Channel:
    channels: tuple[Channel, ...] = ("flag", "environment", file)
    return random_.choices(channels, (60, 20, 20))[0]


def _url(random_: random.Random, host: Host) -> Url:
    scheme = random_.choices(("http", "https", "HTTPS", "ftp"), (46, 46, 6, 2))[0]
    port = random_.choice(("", "", ":8080", ":443", ":80"))
    path = random_.choice(("", "/v2", "/v2/", "/v2", "//evil.example/v2", "/@evil.example"))
    return Url(f"{scheme}://{host.spelled}{port}{path}", scheme.lower(), host)


def _grants(random_: random.Random, target: Url | None) -> tuple[Grant, ...]:
    """Mostly the target itself, so that what is behind the name has to be judged."""
    grants = []
    is_trick = target is not None and target.host in _TRICKS
    if target is not None and random_.random() < (0.2 if is_trick else 0.75):
        grants.append(_named(target.host))
    if is_trick and random_.random() < 0.8:
        grants.append(Grant("staging.example", "staging.example"))
    if random_.random() < 0.3:
        grants.append(_named(random_.choice(_STAGING)))
    if random_.random() < 0.1:
        grants.append(random_.choice(_NETWORKS))
    if random_.random() < 0.2:
        grants.append(Grant("proxy.example", "proxy.example"))
    return tuple(grants)


def _named(host: Host) -> Grant:
    return Grant(host.spelled.strip("[]"), host.name)


def _proxy(random_: random.Random) -> Url:
    hosts = [
        *_same("127.0.0.1", name="127.0.0.1"),
        *_same("localhost", name="localhost"),
        *_same("proxy.example", "user:secret@proxy.example", name="proxy.example"),
        *_same("api.telnyx.com", name="api.telnyx.com"),
        *_same("to-live.example", name="to-live.example"),
        *_same("evil.example", name="evil.example"),
    ]
    host = random_.choice(hosts)
    return Url(f"http://{host.spelled}:3128", "http", host)


def _token_url(random_: random.Random) -> Url:
    return _url(random_, _host(random_))


def _names(random_: random.Random) -> dict[str, tuple[tuple[str, ...], ...]]:
    """What a resolver of this world says; some worlds are closed and know no live service."""
    good, live = ("198.51.100.7",), ("192.0.2.10", "2001:db8::10")
    localhost = random_.choices(
        (
            (("127.0.0.1",),),
            (("::1", "127.0.0.1"),),
            (("10.21.0.9",),),
            (("127.0.0.1", "10.21.0.9"),),
            (live,),
            (("127.0.0.1",), ("10.21.0.9",)),
        ),
        (50, 20, 10, 10, 5, 5),
    )[0]
    is_closed = random_.random() < 0.1
    return {
        "localhost": localhost,
        "api.telnyx.com": ((),) if is_closed else (live,),
        "telnyx.com": ((),) if is_closed else (("192.0.2.11",),),
        "rest.api.telnyx.com": (live,),
        "staging.example": (random_.choice((good, (*good, "2001:db8::7"))),),
        "xn--bcher-kva.example": (good,),
        "verify.staging.svc.cluster.local": (("10.20.0.9",),),
        "proxy.example": (("203.0.113.4",),),
        "to-live.example": (live,),
        "to-mapped-live.example": (("::ffff:192.0.2.10",),),
        "to-nat64-live.example": (("64:ff9b::c000:20a",),),
        "to-6to4-live.example": (("2002:c000:20a::1",),),
        "both.example": ((*good, "192.0.2.10"),),
        "to-second-live.example": (("192.0.2.11",),),
        "portal.telnyx.com": (good,),
        "rebinds.example": (good, live),
        "rebinds-away.example": (("127.0.0.1",), (STRANGER,)),
        "to-loopback.example": (("127.0.0.1",),),
        "to-private.example": (("10.20.0.9",),),
        "gone.example": ((),),
        # as the system's own resolver reads them
        **dict.fromkeys(("3221225994", "0xc000020a", "0300.0.2.012"), (("192.0.2.10",),)),
        "192.0.522": (("192.0.2.10",),),
        **dict.fromkeys(("2130706433", "0x7f000001", "127.1"), (("127.0.0.1",),)),
        "0177.0.0.1": (("127.0.0.1",),),
    }
