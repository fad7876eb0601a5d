"""`contract run` against a sandbox started apart: silent when clean, loud when broken."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import sandbox_with
from tests.program import Harness
from verify_harness.contract.session import Session

FAULTS = {
    "any-key-works": "VFY-AUTH-002",
    "code-works-twice": "VFY-CODE-004",
    "patch-erases-the-rest": "VFY-PROF-002",
}
"""A few; `prove` has them all (tests/faults)."""


def test_a_clean_sandbox_is_silent(harness: Harness, sandbox: str) -> None:
    ended = harness("contract", "run", "CODE", "LIST", "ERR", "--target", sandbox)
    assert ended.code == 0, ended.out
    assert {entry["status"] for entry in ended.run_json["requirements"]} == {"pass"}
    assert ended.run_json["target"]["kind"] == "sandbox"


def test_requests_can_be_found_by_trace_and_id_and_name_their_requirement(
    harness: Harness, sandbox: str
) -> None:
    ended = harness("contract", "run", "VFY-CODE-004", "--target", sandbox)
    assert ended.code == 0, ended.out
    told = [
        {name.lower(): value for name, value in line["request"]["headers"].items()}
        for line in ended.journal
        if line["kind"] == "exchange" and line["check"]
    ]
    assert all(re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", it["traceparent"]) for it in told)
    for name in ("traceparent", "x-request-id"):
        assert len({headers[name] for headers in told}) == len(told) > 2
    assert {headers["baggage"] for headers in told} == {"verify-harness.requirement=VFY-CODE-004"}


@pytest.mark.parametrize("fault,requirement", FAULTS.items())
def test_a_fault_is_caught_by_the_requirement_it_breaks(
    harness: Harness, fault: str, requirement: str
) -> None:
    with sandbox_with(fault) as url:
        ended = harness("contract", "run", requirement, "--target", url, "--jobs", "1")
    assert ended.code == 1, ended.out + ended.err
    assert ended.status(requirement) == "fail"
    assert requirement in ended.out


def test_the_same_seed_sends_the_same_requests_however_many_workers_there_are(
    harness: Harness,
) -> None:
    selected = ["LookupNumber", "VFY-CODE-002", "--seed", "9"]
    digests = set()
    for jobs, hash_seed in (("1", "0"), ("2", "1"), ("4", "random")):
        ended = harness("contract", "run", *selected, "--jobs", jobs, PYTHONHASHSEED=hash_seed)
        assert ended.code == 0, ended.out
        digests.add(ended.run_json["requests_sha256"])
        ended.directory.rename(ended.directory.with_name(f"jobs-{jobs}"))
    other = harness("contract", "run", *selected[:-1], "10").run_json["requests_sha256"]
    assert len(digests) == 1
    assert other not in digests


def test_the_observed_dialect_is_a_contract_too(harness: Harness) -> None:
    ended = harness("contract", "run", "--dialect", "observed")
    assert ended.code == 0, ended.out
    assert ended.run_json["dialect"] == "observed"
    assert ended.unexplained == {}


def test_smoke_triggers_at_most_twelve_times(harness: Harness) -> None:
    ended = harness("smoke")
    assert ended.code == 0, ended.out
    assert 4 <= ended.run_json["spend"]["triggers"] <= 12


FAILS_AT_FIRST = """
from pathlib import Path

FIRST = {first}


def test_mine(api):
    seen = Path(__file__).with_name("seen")
    times = len(seen.read_text()) if seen.exists() else 0
    seen.write_text("x" * (times + 1))
    assert api.call("ListProfiles").status == 200
    assert times >= FIRST
"""


@pytest.mark.parametrize(
    "level, first, code, status, times",
    [
        ("deep", 1, 3, "flaky", 3),
        ("deep", 99, 1, "fail", 2),
        ("standard", 1, 1, "fail", 1),
        ("deep", 0, 0, "pass", 1),
    ],
)
def test_what_fails_at_level_deep_is_repeated_and_chance_is_no_verdict(
    harness: Harness, tmp_path: Path, level: str, first: int, code: int, status: str, times: int
) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    (own / "test_mine.py").write_text(FAILS_AT_FIRST.format(first=first))
    options = ("--checks", str(own), "--jobs", "1", "--level", level)
    ended = harness("contract", "run", "VFY-TMPL-003", *options)
    assert ended.code == code, ended.out + ended.err
    assert ended.status("own: test_mine.py::test_mine") == status
    assert len((own / "seen").read_text()) == times
    assert ("not in 2 repetitions" in ended.out) == (status == "flaky")
    sent = [line["operation_id"] for line in ended.journal if line["kind"] == "exchange"]
    assert sent.count("ListProfiles") == 1, "repetitions are counted, not kept"
    called = {item["operation_id"]: item for item in ended.run_json["operations"]}
    assert called["ListProfiles"]["exchanges"] == times


@pytest.mark.parametrize(
    "level, url, repeats",
    [
        ("deep", "http://127.0.0.1:8080/v2", True),
        ("deep", "https://staging.example/v2", False),
        ("standard", "http://127.0.0.1:8080/v2", False),
    ],
)
def test_no_check_is_repeated_where_that_could_cost_something(
    level: str, url: str, repeats: bool
) -> None:
    session = SimpleNamespace(level=level, target=SimpleNamespace(url=url))
    assert Session.__dict__["_may_repeat"].fget(session) is repeats
