"""Citations: a fact of `specs/facts.md` or a clause of a published standard, with its link.

A citation is `facts.md#rejected-is-200`, `RFC 9110 §9.2.1`, `NIST SP 800-63B-3 §5.2.2`,
`OWASP ASVS 5.0 §6.5.1`, `OWASP API4:2023`, `ITU-T E.164` or `WHATWG Fetch §http-responses`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verify_harness import bundled
from verify_harness.errors import ContentError

NOT_PUBLISHED = ("measured", "our conclusion", "our choice")
"""What a fact may name as its source beside documents, in these words."""

_FACT = re.compile(
    r"""^<a\ id="(?P<id>[a-z0-9-]+)"></a>\n
        \*\*(?P<sentence>.+)\*\*\n
        (?P<more>(?:(?!<a\ id=|\*\[|\*our\ |\*measured).*\n)*)
        \*(?P<sources>[^*\n]+)\ ·\ (?P<date>\d{4}-\d\d-\d\d)\*$""",
    re.MULTILINE | re.VERBOSE,
)
_GLOSS = re.compile(r"^- \*\*(.+?)\*\*: (.+)$", re.MULTILINE)
_LINK = re.compile(r"^\[([^\]]+)\]: (\S+)$", re.MULTILINE)
_LABEL = re.compile(r"\[([^\]]+)\]")

_RFC = re.compile(r"RFC (\d+)(?: §(\d+(?:\.\d+)*))?")
_ASVS = re.compile(r"OWASP ASVS 5\.0 §(\d+)\.\d+\.\d+")
_ASVS_FOLDER = "https://github.com/OWASP/ASVS/blob/fe04986/5.0/en/"
_ASVS_CHAPTERS = {
    "2": "0x11-V2-Validation-and-Business-Logic.md",
    "4": "0x13-V4-API-and-Web-Service.md",
    "6": "0x15-V6-Authentication.md",
    "8": "0x17-V8-Authorization.md",
    "13": "0x22-V13-Configuration.md",
    "14": "0x23-V14-Data-Protection.md",
    "16": "0x25-V16-Security-Logging-and-Error-Handling.md",
}
_NIST_63B = "https://pages.nist.gov/800-63-3/sp800-63b.html"
_API_2023 = "https://owasp.org/API-Security/editions/2023/en/"
_CLAUSES = {
    "NIST SP 800-63B-3 §5.1.3.2": f"{_NIST_63B}#out-of-band",
    "NIST SP 800-63B-3 §5.2.2": f"{_NIST_63B}#throttle",
    "OWASP API1:2023": f"{_API_2023}0xa1-broken-object-level-authorization/",
    "OWASP API2:2023": f"{_API_2023}0xa2-broken-authentication/",
    "OWASP API3:2023": f"{_API_2023}0xa3-broken-object-property-level-authorization/",
    "OWASP API4:2023": f"{_API_2023}0xa4-unrestricted-resource-consumption/",
    "OWASP API5:2023": f"{_API_2023}0xa5-broken-function-level-authorization/",
    "OWASP API6:2023": f"{_API_2023}0xa6-unrestricted-access-to-sensitive-business-flows/",
    "OWASP API7:2023": f"{_API_2023}0xa7-server-side-request-forgery/",
    "OWASP API8:2023": f"{_API_2023}0xa8-security-misconfiguration/",
    "OWASP API9:2023": f"{_API_2023}0xa9-improper-inventory-management/",
    "OWASP API10:2023": f"{_API_2023}0xaa-unsafe-consumption-of-apis/",
    "ITU-T E.164": "https://www.itu.int/rec/T-REC-E.164",
    "WHATWG Fetch §http-responses": "https://fetch.spec.whatwg.org/#http-responses",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its sentence, its sources as (label, URL or None), and the day they were read."""

    id: str
    sentence: str
    sources: tuple[tuple[str, str | None], ...]
    date: str

    @property
    def url(self) -> str | None:
        """The first source that is a public document; None for what we measured or chose."""
        return next((url for _, url in self.sources if url), None)


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation says, and where to read it; `url` is None where no document says it."""

    text: str
    url: str | None = None


def facts(path: Path | None = None) -> Mapping[str, Fact]:
    """The facts by anchor, in the page's order; raises ContentError if the page cannot be read."""
    return _facts(path or _page())


def glosses() -> Mapping[str, str]:
    """What the page says of clauses of standards, one sentence each, by citation."""
    return _glosses(_page())


def _page() -> Path:
    return bundled.specs() / "facts.md"


@cache
def _facts(path: Path) -> Mapping[str, Fact]:
    text = _read(path)
    links = dict(_LINK.findall(text))
    return {match["id"]: _fact(match, links) for match in _FACT.finditer(text)}


@cache
def _glosses(path: Path) -> Mapping[str, str]:
    return dict(_GLOSS.findall(_read(path)))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(f"the facts {path} cannot be read: {error}.") from None


def _fact(match: re.Match[str], links: Mapping[str, str]) -> Fact:
    named = (_LABEL.sub(r"\1", part) for part in match["sources"].split(", "))
    return Fact(
        id=match["id"],
        sentence=match["sentence"].replace("`", ""),
        sources=tuple((label, links.get(label)) for label in named),
        date=match["date"],
    )


def resolve(citation: str) -> Source:
    """The sentence and link of a citation; raises ContentError if it leads nowhere."""
    page, _, anchor = citation.partition("#")
    if page == "facts.md" and (fact := facts().get(anchor)):
        return Source(_with_reservation(fact), fact.url)
    if url := _clause(citation):
        gloss = glosses().get(citation)
        return Source(f"{citation}: {gloss}" if gloss else citation, url)
    raise ContentError(
        f"the source {citation!r} leads nowhere.",
        hint="a source is an anchor of specs/facts.md (facts.md#ids) or a clause (RFC 9110 §9.2.1)",
    )


def cited(citation: str) -> Source:
    """The same for a citation in a journal; one that we do not know stands as it is."""
    try:
        return resolve(citation)
    except ContentError:
        return Source(citation)


def _with_reservation(fact: Fact) -> str:
    """The sentence, and in brackets what of it no document says."""
    ours = [label for label, _ in fact.sources if label in NOT_PUBLISHED]
    return f"{fact.sentence} ({', '.join(ours)})" if ours else fact.sentence


def _clause(citation: str) -> str | None:
    """The address of a clause of a standard, or None if we know no such standard."""
    if match := _RFC.fullmatch(citation):
        section = f"#section-{match[2]}" if match[2] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{match[1]}{section}"
    if (match := _ASVS.fullmatch(citation)) and (chapter := _ASVS_CHAPTERS.get(match[1])):
        return _ASVS_FOLDER + chapter
    return _CLAUSES.get(citation)
