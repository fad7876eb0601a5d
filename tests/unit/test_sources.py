"""Every citation in the repository leads to something that a reader of it can open."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from verify_harness import bundled, catalogue, sources
from verify_harness.cli import explain
from verify_harness.errors import ContentError

ROOT = Path(__file__).parents[2]
FOLDERS = ("specs", "src", "contracts", "loadtests", "tests", "bench", "reports/sample", ".ci")
SUFFIXES = {".py", ".md", ".toml", ".yaml", ".json", ".ndjson", ".html", ".css", ".txt", ".xml", ""}
FACTS = bundled.specs() / "facts.md"
SPELL_PATTERNS = {Path(__file__), Path(sources.__file__)}

FACT = r"facts\.md#[A-Za-z0-9-]+"
CLAUSE = (
    r"RFC \d+(?: §\d+(?:\.\d+)*)?"
    r"|NIST SP [\w-]+(?: §\d+(?:\.\d+)*)?"
    r"|OWASP (?:ASVS(?: [\d.]+)?(?: §[\d.]*\d)?|API\d+(?::\d{4})?)"
    r"|WHATWG Fetch(?: §[a-z-]+)?"
)
CONFLICT = re.compile(r"""(?:\bconflict |\bobserve\("|\(|\bas )(C\d{1,2})\b""")
CLOSED = re.compile(
    r"""\bshared/ | \banchors?[ ]\d | \banchors?[ /](?:contract|load|reliability|style)
      | \bfacts?[ ](?:sheet|§|\d+\.\d) | \bseeds?[ ]0\d\d\b | \bseed[01]\b | \bdesign[ ]§
      | \b(?:design|structure|examples)\.md\b | \bRFC[ ]\d+[ ]\d""",
    re.VERBOSE,
)
"""How documents that are not in this repository, and clauses without a sign, used to be cited."""


def files() -> Iterator[Path]:
    """The text files of the repository, those excepted that spell the patterns."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in ROOT.glob("*") if path.suffix in {".md", ".toml"}]
    for path in sorted(found):
        hidden = {"__pycache__", "node_modules", ".mypy_cache"} & set(path.parts)
        if path.suffix in SUFFIXES and not hidden and path not in SPELL_PATTERNS:
            yield path


def found(pattern: str | re.Pattern[str]) -> list[tuple[str, str]]:
    """Each match in each file, as (file, match)."""
    return [
        (path.relative_to(ROOT).as_posix(), match[match.lastindex or 0])
        for path in files()
        for match in re.finditer(pattern, path.read_text(encoding="utf-8").replace(r"\u00a7", "§"))
    ]


def dead(citations: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that lead nowhere."""
    return [(file, cited) for file, cited in citations if not _opens(cited)]


def _opens(citation: str) -> bool:
    try:
        return sources.resolve(citation).url is not None or citation.startswith("facts.md#")
    except ContentError:
        return False


def test_every_fact_that_is_cited_exists() -> None:
    citations = found(FACT)
    assert dead(citations) == []
    assert {file.split("/")[0] for file, _ in citations} >= {"specs", "src", "contracts", "tests"}


def test_every_clause_that_is_cited_has_an_address() -> None:
    citations = found(CLAUSE)
    assert dead(citations) == []
    assert len(citations) > 100


def test_every_section_of_the_architecture_that_is_cited_exists() -> None:
    headings = re.findall(r"^#+ (.+)$", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)
    slugs = {heading.lower().replace(" ", "-") for heading in headings}
    cited = {anchor for _, anchor in found(r"ARCHITECTURE\.md#([a-z0-9-]+)")}
    assert cited
    assert cited <= slugs


def test_every_conflict_that_is_named_is_in_the_register() -> None:
    register = {name.upper() for name in sources.facts() if re.fullmatch(r"c\d+", name)}
    named = {conflict for _, conflict in found(CONFLICT)}
    assert named
    assert named <= register


def test_no_citation_of_a_document_that_is_not_here() -> None:
    assert found(CLOSED) == []


def test_every_requirement_has_sources_and_each_says_something() -> None:
    for requirement in catalogue.load().values():
        assert requirement.sources, requirement.id
        for citation in requirement.sources:
            text = sources.resolve(citation).text
            assert text != citation, f"{requirement.id}: facts.md has no sentence for {citation}"


def test_every_part_of_the_contract_has_sources_or_is_our_conclusion() -> None:
    tables = tomllib.loads((bundled.specs() / "SOURCE.toml").read_text(encoding="utf-8"))
    for name, part in (tables["parts"] | tables["legacy"]).items():
        assert part.get("sources") or part["note"].startswith("Our conclusion"), name
        assert all(map(_opens, part.get("sources", ()))), name


def test_every_anchor_of_the_page_is_one_fact() -> None:
    anchors = re.findall(r"<a [^>]*>", FACTS.read_text(encoding="utf-8"))
    assert anchors == [f'<a id="{name}">' for name in sources.facts()]


def test_no_heading_takes_the_anchor_of_a_fact() -> None:
    headings = re.findall(r"^#+ (.+)$", FACTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert not {heading.lower().replace(" ", "-") for heading in headings} & set(sources.facts())


@pytest.mark.parametrize("fact", sources.facts().values(), ids=lambda fact: fact.id)
def test_a_fact_says_something_and_names_its_sources_and_their_date(fact: sources.Fact) -> None:
    assert fact.sentence.endswith((".", '"'))
    assert fact.sources
    for label, url in fact.sources:
        assert (url or "").startswith(("https://", "http://")) or label in sources.NOT_PUBLISHED
    assert date(2026, 11, 21) <= date.fromisoformat(fact.date)


def test_every_link_of_the_page_is_used() -> None:
    links = re.findall(r"^\[([^\]]+)\]: ", FACTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(set(links)) == len(links)
    assert set(links) == {
        label for fact in sources.facts().values() for label, url in fact.sources if url
    }


def test_every_gloss_is_of_a_clause_that_the_catalogue_cites() -> None:
    cited = {citation for each in catalogue.load().values() for citation in each.sources}
    assert set(sources.glosses()) <= cited


def test_the_vendors_commands_name_pages_of_the_facts() -> None:
    pages = {label for fact in sources.facts().values() for label, url in fact.sources if url}
    commands = tomllib.loads((ROOT / "tests/clients/seed_commands.toml").read_text())["commands"]
    assert {command["origin"] for command in commands} <= pages


@pytest.mark.parametrize(
    "citation",
    ["facts.md#none", "facts.md", "design §5", "RFC 9110 15.6", "OWASP ASVS 5.0 §99.1.1", ""],
)
def test_a_citation_that_leads_nowhere_is_refused_by_name(citation: str) -> None:
    with pytest.raises(ContentError, match=re.escape(repr(citation))):
        sources.resolve(citation)
    assert sources.cited(citation) == sources.Source(citation)


@pytest.mark.parametrize(
    "citation, url",
    [
        ("RFC 9110 §9.2.1", "https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1"),
        ("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
        ("facts.md#request-id", None),
    ],
)
def test_a_citation_has_its_link(citation: str, url: str | None) -> None:
    assert sources.resolve(citation).url == url


def test_a_page_that_is_not_there_is_a_content_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        sources.facts(tmp_path / "facts.md")


def test_explain_prints_the_sentence_and_the_link_of_each_source() -> None:
    [entry] = explain.entries(("VFY-LIFE-008",))
    told = explain.explained(entry)
    for citation in entry.requirement.sources:
        source = sources.resolve(citation)
        assert source.text in " ".join(told.split())
        assert source.url
        assert source.url in told
